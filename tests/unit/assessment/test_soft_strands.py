"""The soft strands of a question: every part, how it stands among groups, and what is unknown."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from counterpoise.assessment.question import ask
from counterpoise.assessment.soft_strands import _matched, measure, soft_strands
from counterpoise.cli.output import plain
from counterpoise.measures.alignment import group_alignment

SCO_2006 = ("SCO", "USA", 2006)


@pytest.fixture(scope="module")
def sco():
    return measure(ask(*SCO_2006), draws=300)


def test_the_sco_in_2006(sco) -> None:
    """Aligned beyond like states, divided over energy, and one American base fewer."""
    assert sco.standing["members_kappa"].percentile > 95
    assert sco.standing["target_kappa"].percentile < 90
    assert sco.standing["excess_without_target_share"].percentile > 95
    assert sco.statecraft.oil.divided is True
    assert sco.statecraft.trade.within_share < 0.05 < sco.statecraft.trade.with_target_share
    assert [(c.ccode, c.year) for c in sco.territory.lost] == [(704, 2005)]
    assert sco.statecraft.loans.amount_usd2014 > 1e9


def test_what_the_record_does_not_hold_is_none_with_a_reason(sco) -> None:
    for part in ("sanctions", "arms", "supply"):
        if getattr(sco.statecraft, part) is None:
            assert part in sco.reasons
    assert sco.statecraft.supply is None


def test_percentiles_are_shares_of_the_groups(sco) -> None:
    """The interval holds the middle 95 % of groups, and the same seed gives the same ones."""
    again = measure(ask(*SCO_2006), draws=300)
    assert again == sco
    other = measure(ask(*SCO_2006), draws=300, seed=7)
    assert other.standing["members_s"] != sco.standing["members_s"]
    assert other.standing["members_s"].low == pytest.approx(sco.standing["members_s"].low, abs=0.06)
    for standing in sco.standing.values():
        assert standing.low < standing.high
        assert 0 <= standing.percentile <= 100


def test_random_groups_do_not_stand_out() -> None:
    """Groups drawn among themselves lie at every percentile alike."""
    question = ask(*SCO_2006)
    drawn, _ = _matched(question, 400, 3)
    values = group_alignment(drawn, 2006, 2)["members_kappa"]
    own, others = values[:200], values[200:]
    places = np.array([(others < v).mean() for v in own])
    assert 0.02 < (places > 0.9).mean() < 0.2
    assert 0.4 < places.mean() < 0.6


def test_after_the_sources_end_everything_is_unknown_and_said() -> None:
    question = ask("SCO", "USA", 2016)
    found = soft_strands(question, draws=50)
    assert found["institutions"] is None
    assert found["statecraft"]["trade"] is None
    assert found["statecraft"]["loans"] is None
    assert found["alignment"]["members_kappa"] > 0.3
    assert "2014" in question.reach.reasons["soft.institutions"]
    assert "2014" in question.reach.reasons["soft.trade"]
    assert set(found["standing"]) == {n for n in found["standing"] if "without" not in n}


def test_extending_carries_sources_forward_and_says_so() -> None:
    question = ask("SCO", "USA", 2016, extend=True)
    found = soft_strands(question, draws=0)
    assert found["institutions"]["year"] == 2014
    assert found["statecraft"]["trade"]["year"] == 2014
    assert question.reach.extended["igo_memberships"] == "2014 carried forward to 2016"


def test_before_votes_and_troops() -> None:
    """1913: organisations are known, votes, energy and American troops are not."""
    found = measure(ask("FRN,RUS,UKG", "GMY", 1913), draws=50)
    assert found.alignment is None
    assert found.institutions.joint > 0
    assert found.statecraft.oil is None
    assert {"alignment", "oil", "gas", "territory", "loans"} <= set(found.reasons)
    assert found.territory.hosts_share is None


def test_without_groups_there_is_no_standing() -> None:
    found = measure(ask(*SCO_2006), draws=0)
    assert found.standing == {}
    assert found.groups == 0
    assert found.reasons["standing"] == "no groups were asked for"


def test_a_users_tables_of_arms_and_supply() -> None:
    arms = pl.DataFrame(
        {
            "exporter": [365, 2, 365],
            "importer": [710, 710, 200],
            "year": [2002, 2004, 2006],
            "quantity": [3.0, 1.0, 9.0],
        }
    )
    supply = arms.with_columns(year=pl.lit(2006))
    found = measure(ask(*SCO_2006), draws=0, arms=arms, supply=supply)
    assert found.statecraft.arms.from_bloc_share == pytest.approx(0.75)
    assert found.statecraft.supply.from_bloc_share == 1
    assert 200 in found.statecraft.supply.importers
    late = measure(ask("SCO", "USA", 2010), draws=0, arms=arms)
    assert late.statecraft.arms is None
    assert "does not cover" in late.reasons["arms"]


def test_the_answer_is_one_json_document() -> None:
    found = soft_strands(ask(*SCO_2006), draws=20)
    assert json.loads(json.dumps(plain(found), allow_nan=False)) == plain(found)


def test_strands_never_touch_the_verdict() -> None:
    """Alignment, institutions and the rest describe: the rung is decided without them."""
    from counterpoise.assessment import checks, verdict

    for part in (checks, verdict):
        source = Path(part.__file__).read_text(encoding="utf-8")
        assert "group_alignment" not in source
        assert "institutions" not in source


PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "soft-balancing-strands.md"


def rows_of_the_page() -> list[list[str]]:
    if not PAGE.is_file():
        return []
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in lines if line[:1] == "|"]
    return [row for row in cells if len(row) == 7 and row[2][:1] == "."]


@pytest.mark.parametrize("row", rows_of_the_page(), ids=lambda row: row[0])
def test_the_page_prints_what_is_measured(row: list[str]) -> None:
    bloc, _, year = row[0].rpartition(" ")
    found = measure(ask(bloc, row[1], int(year)), draws=200)
    figures = (found.alignment.members_kappa, found.institutions.share)
    assert [f"{v:.2f}"[1:] for v in figures] == [row[2], row[4]]
    assert f"{found.institutions.expected_share:.2f}"[1:] == row[5]
    standing = (
        found.standing["members_kappa"],
        found.standing["excess_without_target_share"],
    )
    for held, printed in zip(standing, (row[3], row[6]), strict=True):
        assert held.percentile == pytest.approx(int(printed), abs=6)
