"""Matched random groups: what they may share, how alike they are, and that they can be repeated."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from counterpoise import states
from counterpoise.assessment import groups, hard_strand, statistics, sweep
from counterpoise.assessment.groups import Likeness, coalitions
from counterpoise.assessment.placebo import placebo
from counterpoise.assessment.question import ask
from counterpoise.assessment.race import BATCH
from counterpoise.measures import arming, hard, power
from counterpoise.measures.survival import survival_share

PRINTED = {
    "bound_share", "bound_dyads", "core_bound", "core_consults", "hardest_core_bound_share",
    "allied_with_target_share", "directedness", "directedness_without_strongest", "directed",
    "power_ratio", "strong_enough", "penetration_share", "exercises_without_target",
    "exercises_with_target", "milex_growth_5y", "milex_growth_10y", "hard", "incipient",
    "internal_tension", "survival_share",
}  # fmt: skip


def test_groups_are_of_the_size_and_of_states_that_stood_without_the_target() -> None:
    found = placebo(ask("Warsaw Pact", "USA", 1970))
    stood = states.standing(dt.date(1970, 12, 31))
    assert found.codes.shape == (1000, 7)
    assert set(found.codes.ravel().tolist()) <= stood - {2}
    assert all(len(set(group)) == 7 for group in found.codes.tolist())


@pytest.mark.parametrize(
    ("bloc", "target", "year"),
    [("Warsaw Pact", "USA", 1970), ("NATO", "Russia", 1960), ("SCO", "USA", 2006),
     ("255,300", "Russia", 1885), ("200,220", "Germany", 1939)],
)  # fmt: skip
def test_groups_share_at_most_half_with_the_bloc_and_with_coded_coalitions(
    bloc: str, target: str, year: int
) -> None:
    question = ask(bloc, target, year)
    found = placebo(question)
    half = len(question.members) // 2
    share = power.shares("cinc", year)
    total = sum(share[m] for m in question.members)
    for group in found.codes.tolist():
        own = set(group) & set(question.members)
        assert len(own) <= half
        assert sum(share[c] for c in own) <= total / 2 + 1e-9
        for case, members in coalitions(question.target.ccode):
            assert len(set(group) & members) <= half, case


def test_without_the_rule_on_power_a_group_may_hold_the_strongest() -> None:
    question = ask("Warsaw Pact", "USA", 1970)
    loose = placebo(question, likeness=Likeness(most_power=1.0))
    assert (loose.codes == 365).any()
    assert not (placebo(question).codes == 365).any()


def test_stand_ins_are_more_alike_than_states_at_random() -> None:
    question = ask("Warsaw Pact", "USA", 1970)
    matched = placebo(question).match
    blind = placebo(question, likeness=Likeness(1.0, 1.0, 1e9, 1e9)).match
    assert matched is not None
    assert blind is not None
    assert matched.same_region > 0.7 > 0.5 > blind.same_region
    assert matched.power_gap < blind.power_gap / 2
    assert matched.ideal_point_gap < blind.ideal_point_gap
    assert matched.distinct > 500


def test_groups_are_matched_on_caucus_where_one_is_given() -> None:
    question = ask("ASEAN", "CHN", 2000)
    caucus = {code: "east" if code % 2 else "west" for code in states.system(2000)}
    found = placebo(question, caucus=caucus)
    without = placebo(question)
    assert without.match.same_caucus is None
    same = np.mean([[caucus[c] == caucus[m] for c, m in zip(g, question.members, strict=True)]
                    for g in without.codes.tolist()])  # fmt: skip
    assert found.match.same_caucus > same + 0.2


def test_ideal_points_before_the_votes_are_said_not_to_be_matched() -> None:
    found = placebo(ask("255,300", "Russia", 1885))
    assert found.match.ideal_point_gap is None
    assert any("1885" in note for note in found.match.notes)


def test_the_same_seed_gives_the_same_groups_and_another_does_not() -> None:
    question = ask("SCO", "USA", 2006)
    one, two, other = placebo(question), placebo(question), placebo(question, seed=1)
    assert (one.codes == two.codes).all()
    assert one.to_dict() == two.to_dict()
    assert (one.codes != other.codes).any()


def test_more_draws_begin_with_the_same_groups() -> None:
    question = ask("SCO", "USA", 2006)
    few, many = placebo(question, 400), placebo(question, BATCH + 700)
    assert len(many.codes) == BATCH + 700
    assert (many.codes[:400] == few.codes).all()
    assert (many.values["bound_share"][:400] == few.values["bound_share"]).all()
    assert (many.codes[BATCH:] != many.codes[:700]).any()


def test_a_group_too_large_for_the_system_says_why() -> None:
    system = [c for c in states.system(1816) if c not in (200, 337)]
    share = power.shares("cinc", 1816)
    bloc = [c for c in system if c in share][:16]
    found = placebo(ask(bloc, 200, 1816))
    assert found.draws == 0
    assert "needs 8 other states" in found.reason
    assert found.percentile("bound_share") is None
    assert found.interval("bound_share") is None
    assert found.match is None


def test_every_printed_statistic_has_a_place_among_the_groups() -> None:
    found = placebo(ask("Warsaw Pact", "USA", 1985))
    assert set(found.actual) >= PRINTED
    answer = found.to_dict()["statistics"]
    assert answer["bound_share"]["percentile"] > 99
    assert answer["bound_share"]["high"] < 1.0
    assert answer["core_bound"]["value"] == 1.0


def test_own_figures_are_those_of_the_verdict() -> None:
    question = ask("NATO", "Russia", 1985)
    strand = hard_strand.measure(question)
    actual = placebo(question).actual
    joint = strand.activity.exercises
    pairs = [
        ("bound_share", strand.binding.bound_share),
        ("bound_dyads", strand.binding.bound_dyads),
        ("hardest_core_bound_share", strand.binding.hardest_core_bound_share),
        ("directedness", strand.directedness.share),
        ("directedness_without_strongest", strand.directedness.rest),
        ("power_ratio", strand.strength.ratio),
        ("power_ratio_gdp", strand.strength.ratios["gdp"]),
        ("power_ratio_with_targets_allies", strand.strength.ratios_with_allies["cinc"]),
        ("internal_tension", strand.tension.share),
        ("exercises_without_target", joint.without_target),
        ("exercises_with_target", joint.with_target),
        ("milex_growth_5y", strand.activity.arming[0].bloc),
        ("milex_growth_10y", strand.activity.arming[1].bloc),
    ]
    for name, expected in pairs:
        assert actual[name] == pytest.approx(expected, abs=1e-9), name


def test_activity_of_random_groups_equals_the_measures_of_one() -> None:
    rng = np.random.default_rng(5)
    compared = 0
    for year in (1890, 1975, 1983, 1999, 2005, 2009):
        target = int(rng.choice([2, 365] if year > 1900 else [200, 255]))
        system = [c for c in states.system(year) if c != target]
        question = ask(sorted(rng.choice(system, 3, replace=False).tolist()), target, year)
        seen = sweep.view_of(question)
        listed = [sorted(rng.choice(system, n, replace=False).tolist()) for n in (2, 3, 4, 6) * 4]
        for group in listed:
            asked = ask(group, target, year)
            ours = statistics.every(question, seen, seen.places([group]))
            with np.errstate(all="ignore"):
                strand = hard_strand.measure(asked)
            activity = strand.activity
            joint = activity.exercises
            pairs = {
                "penetration_share": activity.penetration_share,
                "exercises_without_target": joint.without_target if joint else None,
                "exercises_with_target": joint.with_target if joint else None,
                "internal_tension": strand.tension.share,
                "milex_growth_5y": activity.arming[0].bloc,
                "milex_growth_10y": activity.arming[1].bloc,
                "power_ratio_with_targets_allies": strand.strength.ratios_with_allies["cinc"],
                "hardest_core_bound_share": strand.binding.hardest_core_bound_share,
                "survival_share": survival_share(group, target, year).share,
            }
            for name, expected in pairs.items():
                value = float(ours[name][0])
                if expected is None:
                    assert np.isnan(value), (name, year, group)
                else:
                    compared += 1
                    assert value == pytest.approx(expected, abs=1e-9), (name, year, group)
    assert compared > 250
    assert arming.WINDOWS == (5, 10)


def test_hardest_core_of_large_groups_is_peeled_as_for_one() -> None:
    question = ask("NATO", "Russia", 1985)
    seen = sweep.view_of(question)
    rng = np.random.default_rng(6)
    for _ in range(6):
        places = np.sort(rng.choice(len(seen.codes), 18, replace=False))[None, :]
        share = seen.power[places[0]]
        tied = seen.pacts.tied[np.ix_(places[0], places[0])]
        expected = hard.hardest_core(share, tied).bound_share
        found = statistics.every(question, seen, places)["hardest_core_bound_share"][0]
        assert found == pytest.approx(expected, abs=1e-9)


def test_further_statistics_are_drawn_with_the_rest() -> None:
    question = ask("SCO", "USA", 2006)
    found = placebo(question, extra={"lowest": lambda codes: codes.min(axis=1).astype(float)})
    assert found.actual["lowest"] == 365
    assert found.values["lowest"].shape == (1000,)
    assert 0 < found.percentile("lowest") < 100


def test_percentile_counts_equal_groups_half_and_p_counts_the_bloc_itself() -> None:
    found = placebo(ask("255,300", "Russia", 1885))
    values = found.values["bound_share"]
    below, equal = (values < 1).mean(), (values == 1).mean()
    assert found.percentile("bound_share") == pytest.approx(100 * (below + equal / 2))
    assert found.p_value("bound_share") == (1 + (values >= 1).sum()) / 1001
    assert found.p_value("score") == 1 / 1001


def test_regions_follow_the_blocks_of_cow_numbers() -> None:
    named = {2: "Americas", 365: "Europe", 530: "Sub-Saharan Africa", 900: "Oceania",
             640: "Middle East and North Africa", 710: "Asia"}  # fmt: skip
    assert {code: groups.region(code) for code in named} == named
