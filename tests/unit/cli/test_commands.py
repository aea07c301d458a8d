"""The command line as a user meets it: answers, JSON, help, and wrong questions."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
import typer

import counterpoise as cp
from counterpoise.cli.entry import app, main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = 0
    try:
        main(list(arguments))
    except SystemExit as stop:
        code = int(stop.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


def test_assess_prints_the_rung_the_reason_and_the_yardsticks(capsys) -> None:
    code, out, _ = run(capsys, "assess", "SCO", "--against", "USA", "--year", "2006")
    assert code == 0
    assert "not a hard-balancing coalition" in out
    assert "10 of 15" in out
    assert "NATO 1985" in out
    assert "Warsaw Pact 1985" in out
    assert "0.030" in out


def test_assess_json_is_one_document(capsys) -> None:
    code, out, _ = run(capsys, "assess", "SCO", "--against", "USA", "--year", "2006", "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["observed"] == "diplomacy"
    assert round(answer["hard"]["bound_share"], 4) == 0.0301


@pytest.mark.parametrize(
    "arguments",
    [
        ("assess", "Shanghai Pakt", "--against", "USA", "--year", "2006"),
        ("assess", "SCO", "--against", "Atlantis", "--year", "2006"),
        ("assess", "SCO", "--against", "USA", "--year", "1980"),
        ("assess", "SCO", "--against", "China", "--year", "2006"),
        ("assess", "RUS", "--against", "USA", "--year", "2006"),
        ("assess", "SCO", "--against", "USA", "--year", "3000"),
        ("assess", "SCO", "--against", "USA", "--year", "soon"),
        ("assess", "SCO", "--against", "USA", "--year", "2006", "--power", "tanks"),
        ("assess", "SCO", "--against", "USA", "--year", "2006", "--pacts", "nowhere.csv"),
        ("assess", "SCO", "--against", "USA", "--year", "2006", "--case", "nowhere.toml"),
        ("track", "SCO", "--against", "USA", "--from", "2010", "--to", "2001"),
        ("track", "SCO", "--against", "USA", "--from", "2004", "--to", "2006", "--out", "a.doc"),
        ("leader", "--year", "1700"),
        ("data", "build", "--sources", "nowhere"),
        ("nonsense",),
    ],
)
def test_wrong_questions_exit_with_2_and_no_traceback(capsys, arguments) -> None:
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert err.strip()
    assert "Traceback" not in out + err


def test_track_writes_each_format(capsys, tmp_path: Path) -> None:
    for suffix in ("csv", "json", "parquet", "png", "svg"):
        out = tmp_path / f"track.{suffix}"
        code, _, err = run(
            capsys,
            "track",
            "SCO",
            "--against",
            "USA",
            "--from",
            "1999",
            "--to",
            "2004",
            "--out",
            str(out),
        )
        assert (code, err) == (0, "")
        assert out.stat().st_size > 200
    frame = pl.read_csv(tmp_path / "track.csv")
    assert frame["year"].to_list() == list(range(1999, 2005))
    assert frame["observed"].to_list() == [None, None, *["diplomacy"] * 4]


def test_assess_writes_reports(capsys, tmp_path: Path) -> None:
    page, text = tmp_path / "report.html", tmp_path / "report.md"
    ask = ("assess", "FRA,DEU,RUS", "--against", "USA", "--year", "2003")
    code, out, err = run(capsys, *ask, "--html", str(page), "--md", str(text))
    assert (code, out, err) == (0, "", "")
    for path in (page, text):
        content = path.read_text(encoding="utf-8")
        assert "0.472" in content or "47" in content
        assert "ATOP" in content


def test_claims_and_cases_answer_in_json(capsys) -> None:
    code, out, _ = run(capsys, "claims", "list", "--json")
    assert code == 0
    assert {"id", "claimant", "made", "proposition", "chance", "checked"} <= set(json.loads(out)[0])
    case = str(Path(cp.__file__).parent / "cases" / "sco_2006_a.toml")
    code, out, _ = run(capsys, "case", "run", case, "--json")
    assert code == 0
    assert json.loads(out)["consensus"]["power"]["kind"] == "negative"


def test_leader_shows_that_metrics_disagree(capsys) -> None:
    _, out, _ = run(capsys, "leader", "--year", "2006", "--json")
    metrics = json.loads(out)["metrics"]
    assert metrics["cinc"]["ccode"] == 710
    assert metrics["milex"]["ccode"] == metrics["net"]["ccode"] == 2
    assert round(metrics["cinc"]["second_share"], 3) == 0.154
    assert round(metrics["milex"]["share"], 3) == 0.449
    assert round(metrics["net"]["share"], 3) == 0.405


def commands(group: typer.core.TyperGroup, path: tuple[str, ...] = ()):
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


def test_every_command_has_help_with_an_example() -> None:
    for path, command in commands(typer.main.get_command(app)):
        assert command.help, path
        assert f"Example: counterpoise {' '.join(path)}" in (command.epilog or ""), path
