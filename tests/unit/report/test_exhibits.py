"""Parts of a report: every figure traceable, every part with its source, unknown said."""

from __future__ import annotations

import csv
import io
import json
import shlex

import pytest
from typer.testing import CliRunner

import counterpoise as cp
from counterpoise.cli.entry import app
from counterpoise.figures import render
from counterpoise.report import exhibits
from counterpoise.report.dossier import Dossier
from counterpoise.report.exhibit import Exhibit, table
from counterpoise.report.plain import figure, percentile, plain

QUESTIONS = [
    ("SCO", "USA", 2006),
    ("NATO", "365", 1985),
    ("Warsaw Pact", "USA", 1985),
    ("AUKUS", "CHN", 2021),
    ("FRA,RUS", "DEU", 1907),
]


@pytest.fixture(params=QUESTIONS, ids=lambda q: f"{q[0]}-{q[2]}", scope="module")
def dossier(request: pytest.FixtureRequest) -> Dossier:
    bloc, target, year = request.param
    return Dossier(cp.assess(bloc, against=target, year=year))


@pytest.fixture(params=list(exhibits.EXHIBITS), scope="module")
def part(request: pytest.FixtureRequest, dossier: Dossier) -> Exhibit:
    return exhibits.EXHIBITS[request.param](dossier)


def test_a_part_has_figures_with_a_source_or_a_reason(part: Exhibit) -> None:
    assert part.says
    if part.reason:
        assert part.tables == ()
        assert part.draw is None
        assert part.reason in part.says
    else:
        assert part.sources, f"{part.name} shows figures without a source"
        assert part.how
        assert any(found.rows for _, found in part.tables)


def test_rows_are_as_wide_as_their_head(part: Exhibit) -> None:
    for caption, found in part.tables:
        assert caption
        assert all(len(row) == len(found.head) for row in found.rows)
        assert all(isinstance(cell, str) for row in found.rows for cell in row)
        assert max(found.numeric, default=0) < len(found.head)


def test_a_chart_has_a_table_twin_and_a_label(part: Exhibit) -> None:
    if part.draw is None:
        return
    assert part.tables
    assert part.label
    spec = render.specification(part.draw())
    assert spec["config"]["font"] == render.FONT
    assert "http" not in str(spec.get("data", {}).get("url", ""))
    assert render.svg(spec).startswith("<svg")


def test_tests_repeat_the_verdict(dossier: Dossier) -> None:
    found = exhibits.tests(dossier).table
    assert found is not None
    for row, check in zip(found.rows, dossier.verdict.checks, strict=True):
        assert row[1] == check.title
        assert row[2] == figure(check.value)
        assert row[4] == {True: "pass", False: "fail", None: "unknown"}[check.passed]


def test_multiverse_and_placebo_say_where_they_are_from() -> None:
    dossier = Dossier(cp.assess("SCO", against="USA", year=2006))
    found = exhibits.EXHIBITS["strands"](dossier).table
    assert found is not None
    standing = {row[0]: row[2] for row in found.rows}
    assert dossier.placebo is not None
    assert standing["Bound by pacts"] == percentile(dossier.placebo.percentile("bound_share"))


def test_unknown_pacts_leave_no_figure_behind() -> None:
    dossier = Dossier(cp.assess("AUKUS", against="CHN", year=2021))
    network = exhibits.ties(dossier)
    assert network.reason
    assert "2018" in network.reason
    found = exhibits.tests(dossier).table
    assert found is not None
    shown = {row[1]: row[2] for row in found.rows}
    assert shown["power-weighted dyads bound by a pact"] == "unknown"


def test_the_command_gives_the_same_answer() -> None:
    for asked in (("SCO", "USA", 2006), ("RUS,CHN,IRN", "USA", 2010), ("Warsaw Pact", "2", 1985)):
        dossier = Dossier(cp.assess(asked[0], against=asked[1], year=asked[2]))
        words = shlex.split(dossier.command)
        assert words[0] == "counterpoise"
        result = CliRunner().invoke(app, [*words[1:], "--json"])
        assert result.exit_code == 0, result.output
        again = json.loads(result.output)
        assert again["observed"] == dossier.verdict.observed
        assert again["hard"] == plain(dossier.verdict.to_dict())["hard"]


def test_csv_is_read_back_and_runs_nothing() -> None:
    rows = [("=1+1", -0.5), ("@x", 2.0), ("-cmd", None)]
    part = Exhibit("p", "P", "Says.", ("s",), table=table(("a", "b"), rows))
    back = list(csv.reader(io.StringIO(exhibits.csv(part))))
    assert back == [["a", "b"], ["'=1+1", "-0.500"], ["'@x", "2.000"], ["'-cmd", "unknown"]]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "unknown"), (float("nan"), "unknown"), (True, "yes"), (0.0, "0.000"), (1234, "1,234")],
)
def test_figures(value: float | None, shown: str) -> None:
    assert figure(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "unknown"),
        (0.2, "1st"),
        (99.9, "99th"),
        (100, "100th"),
        (11.4, "11th"),
        (22, "22nd"),
        (83, "83rd"),
    ],
)
def test_percentiles(value: float | None, shown: str) -> None:
    assert percentile(value) == shown
