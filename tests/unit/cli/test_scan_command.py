"""The verb ``scan``: what it prints, its JSON, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from counterpoise.cli import scan
from counterpoise.errors import CounterpoiseError, QuestionError

FEW = ["--draws", "100", "--most", "200"]


@pytest.fixture
def app() -> typer.Typer:
    found = typer.Typer()

    @found.callback()
    def whole() -> None:
        """Hold the verb as a verb."""

    scan.register(found)
    return found


def run(app: typer.Typer, *arguments: str) -> str:
    result = CliRunner().invoke(app, ["scan", *arguments, *FEW], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_one_year_names_the_coalition_and_what_was_searched(app: typer.Typer) -> None:
    text = " ".join(run(app, "--against", "Germany", "--year", "1900").split())
    assert "France, Russia" in text
    assert "Looked at" in text
    assert "Smallest p that the draws can give: 0.005" in text
    assert "Beside the coded coalitions" not in text


def test_several_years_are_set_beside_the_coders_and_kept(app: typer.Typer, tmp_path: Path) -> None:
    span = ("--against", "Germany", "--from", "1899", "--to", "1901", "--keep", str(tmp_path))
    text = " ".join(run(app, *span).split())
    assert "found 1: FRRU1893" in text
    assert list(tmp_path.glob("scan-*/part-*.parquet"))
    assert " ".join(run(app, *span).split()) == text


def test_json_is_one_document_with_its_evidence(app: typer.Typer) -> None:
    found = json.loads(run(app, "--against", "Germany", "--year", "1900", "--json"))
    assert found["targets"][0]["ccode"] == 255
    assert found["hits"][0]["evidence"]["anchor"].startswith("atop:")
    assert found["searched"]["blocs and years"] > 5


def test_nothing_found_is_said(app: typer.Typer) -> None:
    text = run(app, "--against", "Portugal", "--year", "1900")
    assert text.startswith("0 hard-balancing coalitions against Portugal, 1900")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--against", "USA"],
        ["--against", "USA", "--from", "1900"],
        ["--against", "USA", "--year", "1900", "--to", "1901"],
        ["--against", "USA", "--from", "1901", "--to", "1900"],
    ],
)
def test_years_that_make_no_span_are_refused(app: typer.Typer, arguments: list[str]) -> None:
    with pytest.raises(QuestionError):
        run(app, *arguments)


def test_an_unknown_target_is_refused_with_the_nearest(app: typer.Typer) -> None:
    with pytest.raises(CounterpoiseError, match="Germany"):
        run(app, "--against", "Germny", "--year", "1900")
