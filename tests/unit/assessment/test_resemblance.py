"""Distance between blocs: a metric-like figure in [0, 1] that leaves out what is unknown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import counterpoise as cp
from counterpoise.assessment import resemblance
from counterpoise.assessment.resemblance import Profile, compare

unit = st.none() | st.floats(0, 1)
profiles = st.fixed_dictionaries(
    {
        "binding": st.fixed_dictionaries({"a": unit, "b": unit}),
        "threat": st.fixed_dictionaries({"c": unit}),
    }
)


@given(profiles, profiles)
def test_symmetric_and_bounded(one: Profile, two: Profile) -> None:
    there, back = compare("x", one, two), compare("x", two, one)
    assert there.distance == back.distance
    assert there.distance is None or 0 <= there.distance <= 1
    assert (there.distance is None) == (there.strands == 0)


@given(profiles)
def test_nothing_separates_a_bloc_from_itself(one: Profile) -> None:
    assert compare("x", one, one).distance in (0, None)


def test_by_hand() -> None:
    one: Profile = {"p": {"a": 0.0, "b": 1.0}, "q": {"c": 0.5}, "r": {"d": None}}
    two: Profile = {"p": {"a": 1.0, "b": 1.0}, "q": {"c": 0.25}, "r": {"d": 0.1}}
    found = compare("two", one, two)
    assert found.apart == {"p": 0.5, "q": 0.25}
    assert found.distance == pytest.approx(0.375)


def test_a_strand_of_many_measures_counts_once() -> None:
    one: Profile = {"many": dict.fromkeys("abcdef", 0.0), "few": {"z": 0.0}}
    two: Profile = {"many": dict.fromkeys("abcdef", 1.0), "few": {"z": 0.0}}
    assert compare("two", one, two).distance == pytest.approx(0.5)


def test_every_measure_of_real_blocs_is_in_range() -> None:
    for _, verdict in resemblance.references("cinc"):
        for strand in resemblance.profile(verdict).values():
            assert all(v is None or 0 <= v <= 1 for v in strand.values())


def test_the_references_are_apart_from_each_other_and_at_home() -> None:
    held = dict(resemblance.references("cinc"))
    assert {name for name in held} == {f"{b} {y}" for b, _, y in resemblance.REFERENCES}
    found = resemblance.resemblances(held["Warsaw Pact 1985"])
    assert found[0].name == "Warsaw Pact 1985"
    assert found[0].distance == 0
    assert all(r.distance and r.distance > 0 for r in found[1:])


def test_the_sco_lacks_what_made_the_warsaw_pact_one() -> None:
    """Alike in most strands and far apart in binding: the row says more than the mean."""
    verdict = cp.assess("SCO", against="USA", year=2006)
    pact = next(r for r in resemblance.resemblances(verdict) if r.name == "Warsaw Pact 1985")
    assert max(pact.apart, key=lambda s: pact.apart[s]) == "binding"
    assert pact.apart["binding"] > 0.5
