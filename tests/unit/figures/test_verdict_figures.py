"""Charts around a verdict hold the figures that they are of; unknown is never drawn as zero."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import polars as pl
import pytest

import counterpoise as cp
from counterpoise.assessment import events, forces, leading, resemblance, threat_parts, ties
from counterpoise.figures import leaders, network, render, threat, timeline
from counterpoise.figures import map as maps
from counterpoise.figures import resemblance as likeness
from counterpoise.measures import power


@pytest.fixture(scope="module")
def verdict() -> cp.Verdict:
    return cp.assess("SCO", against="USA", year=2006)


def rows(spec: dict[str, Any], column: str) -> list[dict[str, Any]]:
    """Rows of every data set of a chart that have a column."""
    sets = [s for s in spec.get("datasets", {}).values() if isinstance(s, list)]
    return [row for held in sets for row in held if column in row]


def outlines(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Features of a map: carried along as text."""
    (text,) = [held for held in spec["datasets"].values() if isinstance(held, str)]
    found: list[dict[str, Any]] = json.loads(text)
    return found


def test_lines_of_the_network_weigh_what_the_pairs_weigh(verdict: cp.Verdict) -> None:
    question = verdict.question
    share = {c: power.shares("cinc", 2006)[c] for c in question.members}
    found = ties.ties(question)
    assert found is not None
    spec = render.specification(network.network(question, found, share))
    drawn = {row["pair"]: row["weight"] for row in rows(spec, "bond")}
    assert len(drawn) == 15
    assert drawn["Russia and China"] == pytest.approx(0.844, abs=5e-4)
    bound = sum(r["weight"] for r in rows(spec, "bond") if r["bond"] == network.BONDS["bound"])
    assert bound == pytest.approx(verdict.hard.binding.bound_share)  # type: ignore[union-attr]


def test_unknown_power_is_said_and_drawn_alike(verdict: cp.Verdict) -> None:
    question = verdict.question
    found = ties.ties(question)
    assert found is not None
    bare = tuple(dataclasses.replace(t, weight=None) for t in found)
    spec = render.specification(network.network(question, bare, {}))
    assert {row["weighs"] for row in rows(spec, "bond")} == {"unknown"}
    assert len({row["weight"] for row in rows(spec, "bond")}) == 1
    assert {row["holds"] for row in rows(spec, "holds")} == {"power unknown"}


def test_an_unknown_component_has_a_word_and_no_bar(verdict: cp.Verdict) -> None:
    parts = threat_parts.member_threats(verdict.question)
    holed = [dataclasses.replace(m, survival=None) if m.ccode == 702 else m for m in parts]
    spec = render.specification(threat.threat(verdict.question, holed, 0.25))
    marked = [row for row in rows(spec, "text") if row["text"] == "unknown"]
    assert [(row["member"], row["part"]) for row in marked] == [("Tajikistan", "survival")]
    bars = [r for r in rows(spec, "part") if "text" not in r and r["part"] == "survival"]
    assert "Tajikistan" not in {row["member"] for row in bars}
    assert "unknown" in render.svg(spec)


def test_distances_that_are_unknown_have_no_cell(verdict: cp.Verdict) -> None:
    found = resemblance.resemblances(verdict)
    spec = render.specification(likeness.resemblance(found))
    cells = {(r["reference"], r["strand"]): r["distance"] for r in rows(spec, "strand")}
    for one in found:
        assert cells[one.name, likeness.WHOLE] == pytest.approx(one.distance)
        assert {s for n, s in cells if n == one.name} == {likeness.WHOLE, *one.apart}


def test_a_year_without_an_answer_is_marked_so() -> None:
    years = pl.DataFrame({"year": [2000, 2001], "observed": [None, "none"]})
    spec = render.specification(timeline.timeline(years, (), 2001))
    assert {r["year"]: r["observed"] for r in rows(spec, "observed")} == {
        2000: "no answer",
        2001: "none",
    }


def test_events_are_drawn_one_by_one(verdict: cp.Verdict) -> None:
    found = events.events(verdict.question, 2001, 2006)
    years = pl.DataFrame({"year": list(range(2001, 2007)), "observed": ["none"] * 6})
    spec = render.specification(timeline.timeline(years, found, 2006))
    assert sorted(r["event"] for r in rows(spec, "lane")) == sorted(e.text for e in found)


def test_the_map_gives_every_state_its_role(verdict: cp.Verdict) -> None:
    question = verdict.question
    spec = render.specification(maps.bloc_map(question, forces.postings(question)))
    features = outlines(spec)
    roles = {f["name"]: f["role"] for f in features}
    assert roles["United States of America"] == "target"
    assert roles["Kazakhstan"] == "member"
    assert roles["Mongolia"] == "observer"
    assert roles["France"] == "other"
    troops = {r["forces"]: r["troops"] for r in rows(spec, "forces") if r["troops"]}
    assert troops["United States of America in Germany: 64,319 troops"] == 64319


def test_a_union_is_drawn_whole_and_what_has_no_outline_is_named() -> None:
    question = cp.assess("Warsaw Pact", against="USA", year=1985).question
    spec = render.specification(maps.bloc_map(question, ()))
    ussr = [f for f in outlines(spec) if f["name"] == "USSR"]
    assert len(ussr) == 15
    assert maps.undrawn(question) == ["East Germany"]


def test_names_on_the_map_do_not_meet() -> None:
    placed = maps._sides(
        [("Aaaaaa", 0, 0), ("Bbbbbb", 1, 0), ("Cccccc", 0, 1)], lambda x, y: (x, -y)
    )
    assert len({side for *_, side in placed}) == len(placed)
    crowd = [("Name", 0.0, 0.0)] * 9
    assert len(maps._sides(crowd, lambda x, y: (x, -y))) == 4


def test_spells_of_leaders_cover_the_years_once() -> None:
    frame = leading.leading()
    spec = render.specification(leaders.leaders(frame))
    spells = [r for r in rows(spec, "end")]
    years = sum(r["end"] - r["year"] for r in spells)
    assert years == frame.height
    assert {r["label"] for r in spells} == set(leaders.METRICS.values())


def test_a_long_coordinate_is_cut_and_a_short_one_is_kept() -> None:
    assert render._LONG.sub(r"\1", 'd="M1.2345,6.7L0.55,3Z" x="12.3456"') == (
        'd="M1.2,6.7L0.5,3Z" x="12.3"'
    )
