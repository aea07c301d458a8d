"""The verbs about models as a user meets them."""

from __future__ import annotations

import json
import math
from pathlib import Path

import polars as pl
import pytest
import typer

from counterpoise.cli import models
from counterpoise.errors import CounterpoiseError

VERBS = {"landscape", "balance", "game", "game-fit", "swing"}


@pytest.fixture(scope="module")
def app() -> typer.Typer:
    found = typer.Typer(pretty_exceptions_enable=False)
    models.register(found)
    return found


@pytest.fixture
def ask(app: typer.Typer, capsys: pytest.CaptureFixture[str]):
    def run(*arguments: str) -> str:
        app(list(arguments), standalone_mode=False)
        return capsys.readouterr().out

    return run


def test_every_verb_has_help_with_an_example(app: typer.Typer) -> None:
    commands = typer.main.get_command(app).commands
    assert set(commands) == VERBS
    for name, command in commands.items():
        assert command.help
        assert f"Example: counterpoise {name}" in command.epilog


def test_landscape_of_a_users_own_files(ask, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("code,actor,strength\na,A,2\nb,B,1\nc,C,1\n", encoding="utf-8")
    (tmp_path / "p.csv").write_text(",a,b,c\na,3,5,1\nb,5,3,1\nc,1,1,3\n", encoding="utf-8")
    files = ("--strengths", str(tmp_path / "s.csv"), "--propensities", str(tmp_path / "p.csv"))
    answer = json.loads(ask("landscape", *files, "--centre", "3", "--json"))
    assert answer["actors"] == ["a", "b", "c"]
    assert answer["optima"] == [{"energy": -12.0, "sides": [["a", "b"], ["c"]], "basin": 4}]
    assert answer["minimum"] == -12
    assert answer["is_exact"] is True
    assert "every local optimum" in ask("landscape", *files, "--centre", "3")
    with pytest.raises(CounterpoiseError, match="both files"):
        ask("landscape", *files[:2])
    (tmp_path / "p.csv").write_text(",a,b,c\na,3,5,1\nb,4,3,1\nc,1,1,3\n", encoding="utf-8")
    with pytest.raises(CounterpoiseError, match='row "a", column "b"'):
        ask("landscape", *files)


def test_landscape_of_the_record(ask, tmp_path: Path) -> None:
    picture = tmp_path / "landscape.svg"
    arguments = ("landscape", "--year", "2006", "--states", "P5", "--out", str(picture))
    answer = json.loads(ask(*arguments, "--json"))
    assert answer["optima"][0]["sides"] == [["USA", "UKG", "FRN"], ["RUS", "CHN"]]
    assert answer["weights"]["pacts"] == 3
    assert "Landscape of P5, 2006" in picture.read_text(encoding="utf-8")
    text = ask(*arguments[:5])
    assert "France" in text
    assert "misplaced" in text


def test_landscape_takes_weights_groups_and_camps(ask, tmp_path: Path) -> None:
    groups = tmp_path / "religion.csv"
    groups.write_text("state,group\nUSA,a\nGBR,a\nFRA,b\nRUS,c\nCHN,d\n", encoding="utf-8")
    text = ask(
        "landscape", "--year", "2006", "--states", "P5", "--weights", "votes=0,pacts=1",
        "--groups", f"religion={groups}", "--camp", "USA,GBR", "--json",
    )  # fmt: skip
    answer = json.loads(text)
    assert answer["weights"]["religion"] == 1
    assert "votes" not in answer["known_share"]
    assert answer["camps"]["first"] == ["USA", "UKG"]
    for wrong in ("votes", "votes=many"):
        with pytest.raises(CounterpoiseError, match="is no weight"):
            ask("landscape", "--year", "2006", "--states", "P5", "--weights", wrong)
    with pytest.raises(CounterpoiseError, match="is no part"):
        ask("landscape", "--year", "2006", "--states", "P5", "--groups", "religion")


def test_balance_of_a_users_own_ties(ask, tmp_path: Path) -> None:
    edges = tmp_path / "ties.csv"
    edges.write_text("a,b,sign\nx,y,1\ny,z,1\nx,z,-1\n", encoding="utf-8")
    answer = json.loads(ask("balance", "--edges", str(edges), "--json"))
    # Eigenvalues 1, 1, −2 with signs and 2, −1, −1 without.
    walks = (2 * math.e + math.exp(-2)) / (math.exp(2) + 2 * math.exp(-1))
    assert answer == {
        "nodes": 3,
        "edges": 3,
        "line_index": 1,
        "is_proved": True,
        "triangles": 0.0,
        "walks": pytest.approx(walks),
    }
    assert "line index" in ask("balance", "--edges", str(edges))
    edges.write_text("a,b,sign\nx,y,2\n", encoding="utf-8")
    with pytest.raises(CounterpoiseError, match="is not 1 or -1"):
        ask("balance", "--edges", str(edges))


def test_balance_of_a_year(ask, tmp_path: Path) -> None:
    picture = tmp_path / "balance.svg"
    text = ask("balance", "--year", "1985", "--draws", "2", "--out", str(picture), "--json")
    answer = json.loads(text)
    assert answer["line_index"] == 61
    assert answer["is_proved"] is True
    assert answer["edges"] == 1050
    assert {c["null"] for c in answer["chance"]} == {"degrees", "signs"}
    assert "enemies in one camp" in picture.read_text(encoding="utf-8")
    assert "Line index 61 (proved)" in ask("balance", "--year", "1985", "--draws", "0")


def test_balance_of_many_years(ask, tmp_path: Path) -> None:
    answer = json.loads(ask("balance", "--from", "1914", "--to", "1918", "--json"))
    assert [row["year"] for row in answer["years"]] == list(range(1914, 1919))
    assert all(row["is_proved"] for row in answer["years"])
    table, picture = tmp_path / "years.csv", tmp_path / "years.png"
    years = ("balance", "--from", "1914", "--to", "1918", "--out")
    ask(*years, str(table))
    ask(*years, str(picture))
    assert pl.read_csv(table)["line_index"].to_list() == [
        row["line_index"] for row in answer["years"]
    ]
    assert picture.stat().st_size > 1000
    assert "2014" in ask("balance", "--from", "2014", "--to", "2016")


def test_game_with_changes(ask, tmp_path: Path) -> None:
    picture = tmp_path / "game.svg"
    arguments = ("game", "--against", "USA", "--year", "2006", "--change", "base:KGZ=off")
    answer = json.loads(ask(*arguments, "--out", str(picture), "--json"))
    assert answer["movers"][0]["state"] == "KYR"
    assert answer["movers"][0]["flipped"] is True
    assert "Who moves" in picture.read_text(encoding="utf-8")
    assert "KYR" in ask(*arguments)


def test_game_run_forward(ask) -> None:
    arguments = ("game", "--against", "RUS", "--year", "1970", "--simulate", "7", "--runs", "2")
    answer = json.loads(ask(*arguments, "--json"))
    assert answer["kind"] == "land"
    assert len(answer["coalition"]) == len(answer["record"]) == 7
    assert "recorded" in ask(*arguments)


def test_swing(ask) -> None:
    arguments = ("swing", "SCO", "--against", "USA", "--year", "2006", "--with", "India")
    answer = json.loads(ask(*arguments, "--json"))
    assert answer["swings"][-1]["state"] == "IND"
    text = ask(*arguments)
    assert "India" in text
    assert "Banzhaf" in text


@pytest.mark.parametrize(
    "arguments",
    [
        ("landscape",),
        ("landscape", "--year", "1700"),
        ("landscape", "--year", "2006", "--states", "G21"),
        ("landscape", "--year", "2006", "--power", "tanks"),
        ("landscape", "--year", "2006", "--states", "P5", "--blocs", "0"),
        ("landscape", "--year", "2006", "--states", "P5", "--out", "a.doc"),
        ("balance",),
        ("balance", "--from", "1990"),
        ("balance", "--year", "2020"),
        ("balance", "--year", "1985", "--hostility", "9"),
        ("balance", "--edges", "nowhere.csv"),
        ("game", "--against", "USA", "--year", "1820"),
        ("game", "--against", "Atlantis", "--year", "2006"),
        ("game", "--against", "USA", "--year", "2006", "--change", "nonsense"),
        ("game", "--against", "USA", "--year", "2006", "--simulate", "2"),
        ("swing", "RUS", "--against", "USA", "--year", "2006"),
    ],
)
def test_wrong_questions_are_errors_of_ours(ask, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CounterpoiseError):
        ask(*arguments)
