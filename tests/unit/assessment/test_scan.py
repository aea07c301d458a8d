"""The scan: what it finds, what it says it looked at, and that it can be repeated and resumed."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from counterpoise import states
from counterpoise.assessment import groups, scan, survey, sweep, trial
from counterpoise.assessment.candidates import Candidate
from counterpoise.assessment.coded_comparison import compare
from counterpoise.assessment.episodes import episodes
from counterpoise.assessment.race import BATCH
from counterpoise.assessment.scan import Scan
from counterpoise.assessment.scan_answer import ScanAnswer, answered
from counterpoise.assessment.survey import Plan, targets
from counterpoise.assessment.verdict import assess
from counterpoise.cli.output import plain
from counterpoise.errors import CoverageError, QuestionError, UnknownNameError

FEW = {"draws": 200, "most": 400}


@pytest.fixture(scope="module")
def german() -> Scan:
    return scan.scan("Germany", 1900, 1902, **FEW)


@pytest.fixture(scope="module")
def answer(german: Scan) -> ScanAnswer:
    return answered(german)


def test_the_franco_russian_alliance_is_found_against_germany(answer: ScanAnswer) -> None:
    found = answer.episodes[0]
    assert set(found.members) == {220, 365}
    assert found.years == (1900, 1901, 1902)
    assert found.is_discovery(0.05)
    assert "FRRU1893" in answer.comparison.matched[255, found.pact]
    assert [case.case_id for case in answer.comparison.found] == ["FRRU1893"]
    assert not answer.comparison.extra


def test_the_rows_behind_a_hit_are_named(answer: ScanAnswer) -> None:
    behind = answer.evidence(answer.episodes[0])
    assert behind is not None
    assert behind.anchor in behind.pacts
    assert behind.signed == 1893
    assert {row["ccode"] for row in behind.rivalries} == {220, 365}
    assert all(behind.measured - 10 < row["year"] <= behind.measured for row in behind.disputes)
    assert all(row["hostility"] >= 3 for row in behind.disputes)


def test_every_row_says_what_assess_says(german: Scan) -> None:
    rows = german.years.to_dicts()
    assert {row["observed"] for row in rows} >= {"hard", "none"}
    for row in rows:
        bloc = row["members"] if row["kind"] == "cluster" else row["key"]
        verdict = assess(bloc, 255, row["year"])
        assert verdict.question.members == tuple(row["members"])
        assert verdict.ladder == row["observed"], row["key"]
        assert row["bound_share"] == pytest.approx(verdict.hard.binding.bound_share, abs=1e-9)


def test_what_was_looked_at_adds_up(german: Scan) -> None:
    counts = dict(german.searched)
    listed = sum(n for name, n in counts.items() if name.startswith("listed as"))
    left_out = ("contain the target", "of one member", "of more than half of all states",
                "same members as another")  # fmt: skip
    kept = listed - sum(counts.get(name, 0) for name in left_out)
    assert kept == counts["blocs and years"] == german.years.height
    assert german.tests == german.blocs["p_value"].drop_nulls().len()
    assert german.blocs.height == german.years.select("target", "key").unique().height


def test_no_bloc_contains_its_target_or_is_too_large_or_there_twice(german: Scan) -> None:
    for row in german.years.iter_rows(named=True):
        assert 255 not in row["members"]
        assert 2 <= len(row["members"]) <= (len(states.system(row["year"])) - 1) / 2
    same = german.years.group_by("year", "members").len()["len"]
    assert same.max() == 1
    assert german.years.group_by("key", "year").len()["len"].max() == 1


def test_only_hard_blocs_are_drawn_for_and_the_rest_count_as_one(german: Scan) -> None:
    hard = german.blocs.filter(pl.col("score") >= 1)
    rest = german.blocs.filter(pl.col("score") < 1)
    assert (hard["draws"] >= 200).all()
    assert (rest["draws"] == 0).all()
    assert (rest["p_value"] == 1.0).all()
    assert german.placebo_hard_share is None
    assert german.smallest_p == 1 / 401


def test_drawing_for_all_changes_no_p_value_of_a_hard_bloc(german: Scan) -> None:
    every = scan.scan("Germany", 1900, 1902, draw_all=True, **FEW)
    one = german.blocs.filter(pl.col("score") >= 1).select("key", "p_value", "draws")
    two = every.blocs.filter(pl.col("score") >= 1).select("key", "p_value", "draws")
    assert one.equals(two)
    assert (every.years["draws"].drop_nulls() == 200).all()
    counted = every.years.select(pl.col("placebo_hard").sum() / pl.col("placebo_known").sum())
    assert every.placebo_hard_share == counted.item() < 0.05
    joined = german.blocs.join(every.blocs, on="key").filter(pl.col("score") >= 1)
    assert (joined["q_value_right"] <= joined["q_value"]).all()


def test_any_number_of_workers_gives_the_same_to_the_last_digit(
    german: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "PART_COST", 5)
    two = scan.scan("Germany", 1900, 1902, workers=2, **FEW)
    assert two.blocs.equals(german.blocs)
    assert two.years.equals(german.years)


def test_an_interrupted_scan_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "PART_COST", 5)

    whole = scan.scan("Germany", 1900, 1902, draw_all=True, **FEW)

    def stop(target: str, finished: int, total: int) -> None:
        if finished == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan.scan("Germany", 1900, 1902, folder=tmp_path, tell=stop, draw_all=True, **FEW)
    held: list[str] = []
    original = trial.held

    def counting(unit: trial.Unit, plan: Plan) -> trial.Trial:
        held.append(unit.key)
        return original(unit, plan)

    monkeypatch.setattr(trial, "held", counting)
    again = scan.scan("Germany", 1900, 1902, folder=tmp_path, draw_all=True, **FEW)
    assert 0 < len(held) < whole.blocs.height
    assert again.blocs.equals(whole.blocs)
    assert again.years.equals(whole.years)


def test_a_longer_history_is_not_the_likelier_to_be_found() -> None:
    """Random groups followed as if they were blocs have p-values that are spread evenly."""
    years = (1960, 1964, 1968, 1972, 1976)
    plan = Plan(((365, years),), draws=100, most=100, seed=5, draw_all=True)
    seen = {y: survey.views(plan).of(365, _eve(y)) for y in years}
    rng = np.random.default_rng(6)
    p_values = []
    for k in range(30):
        key = f"fake {k}"
        codes = _random_history(seen, plan, key, rng)
        found = [
            survey.Found(365, _candidate(key, y, members), _figures(seen[y], members))
            for y, members in codes.items()
        ]
        result = trial.held(trial.Unit(365, f"tried {k}", tuple(found)), plan)
        p_values.append(result.p_value)
    assert np.mean(np.array(p_values) <= 0.1) <= 0.3


def _eve(year: int) -> dt.date:
    return dt.date(year, 12, 31)


def _candidate(key: str, year: int, members: tuple[int, ...]) -> survey.Candidate:
    return Candidate(key, key, "alliance", year, _eve(year), members)


def _figures(seen: sweep.View, members: tuple[int, ...]) -> dict[str, object]:
    return survey.figures_of(sweep.measure(seen, seen.places([members])), 0)


def _random_history(
    seen: dict[int, sweep.View], plan: Plan, key: str, rng: np.random.Generator
) -> dict[int, tuple[int, ...]]:
    """One drawn group in the place of NATO's lesser members, followed through the years."""
    base = (20, 211, 325, 640)
    running = groups.runners(plan.seed, key, 0, [(v, base) for v in seen.values()])
    row = int(rng.integers(BATCH))
    found = {}
    for year, view in seen.items():
        drawn = groups.draw(view, base, running)
        found[year] = tuple(sorted(int(c) for c in drawn.codes[row]))
    return found


def test_targets_by_name_leader_and_majors() -> None:
    assert targets("USA", 2000, 2002, "cinc") == ((2, (2000, 2001, 2002)),)
    assert targets("leader", 1994, 1996, "cinc") == ((2, (1994,)), (710, (1995, 1996)))
    assert targets("leader", 2000, 2000, "net") == ((2, (2000,)),)
    assert {code for code, _ in targets("majors", 1900, 1900, "cinc")} >= {2, 200, 220, 255, 365}
    assert targets("Russia", 1815, 1817, "cinc") == ((365, (1816, 1817)),)


@pytest.mark.parametrize(
    ("against", "first", "last", "kind"),
    [
        ("Atlantis", 2000, 2000, UnknownNameError),
        ("USA", 2019, 2021, CoverageError),
        ("Poland", 1850, 1860, CoverageError),
        ("USA", 2002, 2000, QuestionError),
        ("USA", 1700, 1710, CoverageError),
    ],
)
def test_wrong_questions_are_refused(
    against: str, first: int, last: int, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        targets(against, first, last, "cinc")


def test_unknown_metric_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="cinc"):
        targets("USA", 2000, 2000, "tanks")


def test_draws_rise_until_a_discovery_is_attainable() -> None:
    found = scan.scan("USA", 2006)
    hard = found.blocs.filter(pl.col("score") >= 1)
    assert hard.height > 0
    assert found.smallest_p * found.tests / hard.height < 0.05
    episode = episodes(found)[0]
    assert set(episode.members) == {710, 731}
    assert not [row for row in found.hits().to_dicts() if row["key"] == "SCO"]


def test_hits_by_one_pact_are_one_episode() -> None:
    found = scan.scan("Russia", 1985, **FEW)
    listed = episodes(found)
    hits = found.hits()
    assert hits["key"].n_unique() > 30
    assert len(listed) < 12
    nato = next(e for e in listed if e.key == "NATO")
    assert nato.pact == "atop:3180"
    assert len(nato.shadows) > 15
    keys = [key for e in listed for key in (e.key, *e.shadows)]
    assert sorted(keys) == sorted(hits["key"].unique().to_list())
    beside = compare(found, listed)
    assert "NATO1949" in {case.case_id for case in beside.found}


def test_missed_cases_say_why(answer: ScanAnswer) -> None:
    found = answered(scan.scan("Germany", 1908, 1912, **FEW))
    missed = {case.case_id: case.reason for case in found.comparison.missed}
    assert "bound_share" in missed["ENTE1910"]


def test_the_dictionary_has_the_documented_keys(answer: ScanAnswer) -> None:
    found = plain(answer.to_dict())
    json.dumps(found, allow_nan=False)
    assert {
        "against", "years", "power", "targets", "hits", "searched", "tests", "rate", "smallest_p",
        "draws", "placebo_hard_share", "coded", "coverage", "provenance", "citations",
    } <= set(found)  # fmt: skip
    assert {
        "name", "key", "target", "members", "years", "best_year", "score", "p_value", "q_value",
        "is_discovery", "pact", "parts", "shadows", "coded", "evidence",
    } <= set(found["hits"][0])  # fmt: skip
    assert found["hits"][0]["name"].startswith("France, Russia (atop:13")
    assert found["citations"]
