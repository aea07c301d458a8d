"""What a newcomer may ask by mistake: one line, at once, exit 2."""

from __future__ import annotations

import builtins
import json
from pathlib import Path
from typing import Any

import pytest

from counterpoise.cli.entry import main
from counterpoise.errors import DataError, MissingExtraError, QuestionError


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit, match="2"):
        main(list(words))
    return capsys.readouterr().err


def test_a_track_of_a_hundred_thousand_years_is_refused_at_once(capsys) -> None:
    ask = ("track", "SCO", "--against", "USA", "--from", "2001", "--to", "99999")
    assert "ask for 500 years" in refused(capsys, *ask)


def test_a_report_into_no_folder_is_refused_before_it_is_made(
    capsys, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr("counterpoise.report.writing.Dossier", None)
    out = str(tmp_path / "none" / "r.html")
    ask = ("assess", "SCO", "--against", "USA", "--year", "2006", "--html", out)
    assert "there is no folder" in refused(capsys, *ask)


@pytest.mark.parametrize("empty", ["--pacts", "--case"])
def test_empty_files_are_named(capsys, tmp_path: Path, empty: str) -> None:
    path = tmp_path / "empty"
    path.write_bytes(b"")
    ask = ("assess", "SCO", "--against", "USA", "--year", "2006", empty, str(path))
    assert str(path) in refused(capsys, *ask)


@pytest.mark.parametrize(
    ("missing", "extra", "words"),
    [
        ("rdata", "build", ["data", "build", "--sources", "SOURCES", "--out", "OUT"]),
        (
            "jinja2",
            "report",
            ["assess", "SCO", "--against", "USA", "--year", "2006", "--html", "OUT"],
        ),
        ("duckdb", "frames", ["data", "sql", "select 1"]),
    ],
)
def test_a_missing_library_is_named_with_what_installs_it(
    capsys, tmp_path: Path, monkeypatch, missing: str, extra: str, words: list[str]
) -> None:
    places = {"SOURCES": str(tmp_path), "OUT": str(tmp_path / "out.html")}
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] == missing:
            raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)
        return real(name, *rest, **more)

    from counterpoise.report.pages import templates

    templates.cache_clear()
    monkeypatch.setattr(builtins, "__import__", without)
    said = refused(capsys, *(places.get(word, word) for word in words))
    assert f"pip install 'counterpoise[{extra}]'" in said


def test_errors_are_of_one_family() -> None:
    for kind in (DataError, MissingExtraError, QuestionError):
        assert "CounterpoiseError" in [base.__name__ for base in kind.__mro__]


def test_json_holds_no_number_that_is_none(capsys) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["track", "SCO", "--against", "USA", "--from", "1999", "--to", "2001", "--json"])
    text = capsys.readouterr().out
    years = json.loads(text, parse_constant=pytest.fail)["years"]
    assert [row["observed"] for row in years] == [None, None, "diplomacy"]
