"""The verbs that show pages."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from counterpoise.cli import serve
from counterpoise.errors import QuestionError


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    serve.register(made)
    return made


def test_the_site_is_written_and_listed(app: typer.Typer, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    result = CliRunner().invoke(app, ["export", "site", str(folder), "--json"])
    assert result.exit_code == 0, result.output
    listed = json.loads(result.output)["files"]
    assert "index.html" in listed
    assert all((folder / name).is_file() for name in listed)


def test_a_port_that_is_taken_is_told(app: typer.Typer) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = str(held.getsockname()[1])
        result = CliRunner().invoke(app, ["serve", "--port", port])
    assert isinstance(result.exception, QuestionError)
    assert "--port" in str(result.exception)


@pytest.mark.parametrize("verb", [["serve"], ["export", "site"]])
def test_help_has_an_example(app: typer.Typer, verb: list[str]) -> None:
    result = CliRunner().invoke(app, [*verb, "--help"])
    assert result.exit_code == 0
    assert "Example: counterpoise" in result.output
