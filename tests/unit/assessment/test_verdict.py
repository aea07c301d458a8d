"""The verdict: known blocs, traps of the field, and what it says when it does not know."""

from __future__ import annotations

import json

import pytest

import counterpoise as cp
from counterpoise.assessment.hard_strand import enough
from counterpoise.assessment.verdict import observed, ripe
from counterpoise.cli.output import plain
from counterpoise.errors import (
    CounterpoiseError,
    CoverageError,
    QuestionError,
    UnknownNameError,
)

HARD = [
    ("200,365,300,255", "France", 1816),
    ("255,300", "Russia", 1885),
    ("220,365", "Germany", 1900),
    ("220,365,200", "Germany", 1916),
    ("315,345,360", "Hungary", 1930),
    ("200,365,2", "Germany", 1943),
    ("NATO", "Russia", 1960),
    ("Warsaw Pact", "USA", 1970),
]
"""Coalitions that historians call hard, at a year of theirs."""


@pytest.mark.parametrize(("bloc", "target", "year"), HARD)
def test_hard_cases_are_not_hard_against_a_bystander(bloc: str, target: str, year: int) -> None:
    bystander = "Brazil" if year >= 1826 else "Turkey"
    assert cp.assess(bloc, bystander, year).observed != "hard", (bloc, bystander, target)


@pytest.mark.parametrize(
    ("bloc", "target", "year"), [("OAS", "China", 2010), ("EU", "USA", 2005), ("CSTO", "USA", 2010)]
)
def test_bound_but_not_directed(bloc: str, target: str, year: int) -> None:
    assert cp.assess(bloc, target, year).observed not in {"hard", "unknown"}


def test_dyads_alone_mislead_about_the_sco() -> None:
    found = cp.assess("SCO", "USA", 2010)
    assert (found.hard.binding.bound_dyads, found.hard.binding.dyads) == (10, 15)
    assert found.hard.binding.bound_share < 0.06
    assert found.ladder == "none"


def test_aligned_without_a_pact_is_not_hard() -> None:
    found = cp.assess("USA,CHN", "USSR", 1980)
    assert found.hard.binding.bound_dyads == 0
    assert found.observed != "hard"


def test_allies_of_the_target_cannot_balance_it() -> None:
    found = cp.assess("FRA,DEU,RUS", "USA", 2003)
    assert set(found.hard.binding.allied_with_target) == {220, 255}
    assert found.observed != "hard"


def test_after_the_pacts_end_the_answer_is_unknown_not_none() -> None:
    found = cp.assess("NATO", "Russia", 2021)
    assert found.observed == "unknown"
    assert found.hard.binding is None
    assert "2018" in found.coverage["hard"]


def test_sco_2006_has_a_negative_consensus_and_is_not_hard() -> None:
    found = cp.assess("SCO", "USA", 2006)
    assert found.ladder == "none"
    assert found.observed == "diplomacy"
    assert found.consensus.power.kind == "negative"


@pytest.mark.parametrize(
    ("bloc", "target", "year", "kind"),
    [
        ("Shanghai Pakt", "USA", 2006, UnknownNameError),
        ("SCO", "Atlantis", 2006, UnknownNameError),
        ("SCO", "USA", 1990, CoverageError),
        ("SCO", "USA", 1700, CoverageError),
        ("NATO", "USA", 1985, QuestionError),
        ("RUS", "USA", 2006, QuestionError),
        ("RUS,RUS,CHN", "USA", 2006, QuestionError),
        ("", "USA", 2006, CounterpoiseError),
    ],
)
def test_wrong_questions_are_refused(
    bloc: str, target: str, year: int, kind: type[CounterpoiseError]
) -> None:
    with pytest.raises(kind):
        cp.assess(bloc, target, year)


def test_unknown_power_metric_lists_the_metrics() -> None:
    with pytest.raises(UnknownNameError, match="cinc, milex, gdp, net"):
        cp.assess("SCO", "USA", 2006, power="tanks")


def test_the_dictionary_has_the_documented_keys() -> None:
    answer = plain(cp.assess("SCO", "USA", 2006).to_dict())
    json.dumps(answer, allow_nan=False)
    assert {
        "bloc", "target", "year", "power", "observed", "ripe", "hard", "soft", "consensus",
        "threat", "tests", "multiverse", "would_change", "coverage", "provenance", "citations",
    } <= set(answer)  # fmt: skip
    assert {
        "bound_share", "bound_dyads", "dyads", "core_bound", "allied_with_target_share",
        "directedness", "directedness_without_strongest", "directed", "power_ratio",
        "strong_enough", "onset",
    } <= set(answer["hard"])  # fmt: skip
    assert set(answer["tests"][0]) >= {"name", "value", "threshold", "passed", "source"}
    assert answer["citations"]
    assert answer["provenance"]["sources"]


def test_order_of_members_does_not_matter() -> None:
    one = cp.assess("RUS,CHN,KAZ", "USA", 2006).to_dict()["hard"]
    two = cp.assess("KAZ,CHN,RUS", "USA", 2006).to_dict()["hard"]
    assert one == two


@pytest.mark.parametrize(
    ("ratios", "expected"),
    [
        ([0.6, 0.6, 0.1, 0.1], True),
        ([0.6, 0.1, 0.1, 0.1], False),
        ([0.6, None, 0.1, 0.1], None),
        ([0.6, 0.6, None, None], True),
        ([None, 0.1, 0.1, 0.1], False),
    ],
)
def test_strong_enough_counts_metrics(ratios: list[float | None], expected: bool | None) -> None:
    assert enough(ratios, 0.5) is expected


def test_rejection_failing_settles_ripeness_while_survival_is_unknown() -> None:
    found = cp.assess("SCO", "USA", 2006)
    checks = {check.name: check for check in found.checks}

    def with_(**passed: bool | None) -> list[object]:
        from dataclasses import replace

        return [replace(c, passed=passed.get(c.name, c.passed)) for c in checks.values()]

    assert ripe(with_(rejection=False, vision=False, survival_share=None)) is False
    assert ripe(with_(rejection=True, vision=True, survival_share=None)) is True
    assert ripe(with_(rejection=True, vision=False, survival_share=None)) is None
    assert (
        observed(with_(directed=None, bound_share=True, core_bound=True, strong_enough=True))
        == "unknown"
    )
