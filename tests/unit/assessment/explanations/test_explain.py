"""The whole test of the question, once and small, on the command line and from Python."""

from __future__ import annotations

import json

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from counterpoise import figures
from counterpoise.assessment.explanations import STANDARD, curve, explain
from counterpoise.assessment.explanations.theories import names
from counterpoise.cli import explain as verb
from counterpoise.cli.output import show
from counterpoise.errors import CounterpoiseError, UnknownNameError
from counterpoise.figures import explain as charts
from counterpoise.report import terminal_explain

ASKED = [
    "explain",
    "--against",
    "USA",
    "--from",
    "1991",
    "--to",
    "2018",
    "--draws",
    "6",
    "--null-draws",
    "3",
]


@pytest.fixture(scope="module", autouse=True)
def kept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COUNTERPOISE_CACHE", str(folder))
        yield folder


def command() -> typer.Typer:
    app = typer.Typer(pretty_exceptions_enable=False)
    app.callback()(lambda: None)
    verb.register(app)
    return app


def run(*arguments: str):
    return CliRunner().invoke(command(), list(arguments))


@pytest.fixture(scope="module")
def values(kept):
    found = run(*ASKED, "--json")
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def test_every_explanation_is_there_with_what_scripts_rely_on(values):
    assert [e["name"] for e in values["explanations"]] == list(names())
    for row in values["explanations"]:
        for key in ("coefficient", "brier", "log", "skill", "p_silence", "change"):
            assert isinstance(row[key], float), (row["name"], key)
        low, high = row["interval"]
        assert low < row["coefficient"] < high
        assert row["source"]
        assert row["variables"]
        assert 0 <= row["overlap"] <= 1
    assert [e["name"] for e in values["references"]] == [
        "climatology",
        "persistence",
        "all together",
        "flexible learner",
    ]


def test_every_key_is_described_in_the_reference(values, undescribed):
    assert undescribed("explain", values) == (set(), set())


def test_probabilities_and_scores_keep_their_bounds(values):
    for row in (*values["explanations"], *values["references"]):
        low, high = row["p_silence_interval"]
        assert 0 <= low <= high <= 1
        assert 0 <= row["p_silence"] <= 1
        assert 0 <= row["p_silence_recalibrated"] <= 1
        assert 0 < row["brier"] < 0.25
        assert row["log"] < np.log(2)
        assert sum(row["calibration_windows"]["count"]) == values["windows"]
        alarms = row["alarms"]
        assert alarms["true"] + len(alarms["false"]) == alarms["raised"]
        if row["change"] is not None:
            assert row["change"] == pytest.approx(row["p_silence_at_median"] - _joint(values))


def _joint(values):
    return next(e for e in values["references"] if e["name"] == "all together")["p_silence"]


def test_climatology_is_the_yardstick(values):
    nothing = values["references"][0]
    assert nothing["skill"] == 0
    assert values["base_rate"]["p_silence"] == nothing["p_silence"]
    assert values["base_rate"]["years"] == 28
    # The share of whole spans without a pact, and the law's answer, are of one size.
    spans = values["base_rate"]["against_powers"]
    assert spans["interval"][0] < nothing["p_silence"] < spans["interval"][1] + 0.1


def test_the_silence_is_seen(values):
    assert values["observed"] == {
        "silent": True,
        "pacts": [],
        "other_windows": 36,
        "other_windows_with_pact": 2,
    }


def test_a_false_alarm_is_a_window_of_the_question(values):
    for row in (*values["explanations"], *values["references"]):
        here = [w for w in row["alarms"]["false"] if w["ccode"] == 2 and w["window"] >= 1991]
        assert row["false_alarm"] == bool(here)


def test_the_split_sums_and_withholds_ranks(values):
    split = values["shapley"]
    assert sum(p["share"] for p in split["parts"]) == pytest.approx(split["saved"])
    assert {p["name"] for p in split["parts"]} == set(names())
    for part in split["parts"]:
        assert 1 / 4 <= part["p_value"] <= 1


def test_the_second_answer_comes_from_the_cache_and_is_the_same(values):
    found = explain("USA", 1991, 2018, draws=6, null_draws=3)
    assert found.is_kept
    assert found.to_dict() == values
    assert found.explanation("soft power")["name"] == "soft power"
    with pytest.raises(UnknownNameError, match="soft power"):
        found.explanation("hard power")


def test_the_terminal_shows_the_figures_of_the_answer(values, capsys):
    show(terminal_explain.explained(values))
    text = capsys.readouterr().out
    for row in values["explanations"]:
        assert row["name"] in text
        assert f"{row['log']:.4f}" in text
        assert f"{row['p_silence']:.3f}" in text
    assert "extrapolation" in text
    assert "not decided" in text


def test_the_chart_holds_every_explanation(values, tmp_path):
    chart = charts.explanations(values)
    drawn = json.dumps(chart.to_dict())
    assert all(name in drawn for name in names())
    figures.save(chart, tmp_path / "chart.png")
    assert (tmp_path / "chart.png").stat().st_size > 10_000


def test_a_curve_of_one_is_the_answer_itself(values, undescribed):
    frame = curve.curve("USA", 1991, 2018, 1)
    assert frame["number"].unique().to_list() == [0]
    by_name = {row["name"]: row for row in frame.iter_rows(named=True)}
    for row in values["explanations"]:
        ours = by_name[row["name"]]
        for key in ("skill", "p_silence", "p_silence_recalibrated", "change"):
            assert ours[key] == pytest.approx(row[key], abs=1e-6), (row["name"], key)
    assert curve.curve("USA", 1991, 2018, 1).equals(frame)
    summary = curve.summary(frame)
    assert summary["specifications"].to_list() == [1] * 11
    printed = {"summary": summary.to_dicts(), "specifications": frame.to_dicts()}
    assert undescribed("explain --curve", printed) == (set(), set())
    assert "facet" in json.dumps(charts.curve(frame).to_dict())
    show(terminal_explain.curve(frame, summary))


def test_a_specification_without_an_answer_says_why():
    rows = curve._found("France", 1991, 2018, STANDARD.__class__(targets="leaders"))
    assert rows == [{"differing": "targets: leaders", "reason": rows[0]["reason"]}]
    assert "France" in rows[0]["reason"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--against", "Brazil"], "major power"),
        (["--against", "USA", "--choose", "missing=guess"], "silent"),
        (["--against", "USA", "--choose", "guess=1"], "outcome"),
        (["--against", "USA", "--to", "2030"], "2018"),
        (["--against", "USA", "--draws", "-1"], "below 0"),
        (["--against", "USA", "--curve", "0"], "at least one"),
        (["--against", "USA", "--curve", "2", "--keep", "there"], "one specification"),
    ],
)
def test_a_wrong_question_is_told_in_one_line(arguments, says):
    found = run("explain", *arguments)
    assert isinstance(found.exception, CounterpoiseError)
    assert says in str(found.exception)


def test_help_shows_an_example():
    found = run("explain", "--help")
    assert "Example: counterpoise explain" in found.output
