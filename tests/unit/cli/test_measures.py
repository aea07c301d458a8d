"""The verbs about single measures: what a user sees, JSON, pictures, wrong questions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

from counterpoise.cli import measures
from counterpoise.errors import CounterpoiseError

APP = typer.Typer(pretty_exceptions_enable=False)
measures.register(APP)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as stop:
        APP(list(arguments))
    assert not stop.value.code
    return capsys.readouterr().out


def test_similarity_of_one_year(capsys) -> None:
    out = run(capsys, "similarity", "RUS", "CHN", "--year", "2006")
    assert "Russia and China, 2006" in out
    assert "108 roll calls on which both voted" in out
    assert "+0.65" in out


def test_similarity_of_several_years(capsys) -> None:
    out = run(capsys, "similarity", "RUS", "CHN", "--from", "2017", "--to", "2020")
    assert [line.split()[0] for line in out.splitlines() if line.strip()[:2] == "20"] == [
        "2017",
        "2018",
        "2019",
        "2020",
    ]
    assert "pacts: ATOP directed dyad-years covers 1815 to 2018" in out


def test_similarity_json_has_null_for_unknown_and_the_reason(capsys) -> None:
    arguments = ("similarity", "RUS", "CHN", "--from", "2018", "--to", "2019", "--json")
    answer = json.loads(run(capsys, *arguments))
    assert [s["ccode"] for s in answer["states"]] == [365, 710]
    assert [row["kappava"] is None for row in answer["years"]] == [False, True]
    assert "2018" in answer["coverage"]["pacts"]


def test_soft_strands(capsys) -> None:
    out = run(capsys, "soft", "SCO", "--against", "USA", "--year", "2006", "--draws", "50")
    for text in (
        "kappa, members with each other",
        "China to other members 2002–2006",
        "opposite sides of a producers' club",
        "lost: Uzbekistan 2005-11-21 (base: Karshi-Khanabad)",
        "supply: the record has no flows",
    ):
        assert text in " ".join(out.split())


def test_soft_json(capsys) -> None:
    arguments = ("soft", "SCO", "--against", "USA", "--year", "2006", "--draws", "20", "--json")
    answer = json.loads(run(capsys, *arguments))
    assert answer["soft"]["statecraft"]["supply"] is None
    assert answer["soft"]["reasons"]["supply"]
    assert answer["soft"]["alignment"]["members_kappa"] == pytest.approx(0.7101, abs=1e-4)
    assert answer["soft"]["groups"] == 20


def test_soft_reads_a_users_tables(capsys, tmp_path: Path) -> None:
    path = tmp_path / "arms.csv"
    path.write_text("exporter,importer,year,quantity\n365,710,2002,3\n2,710,2006,1\n")
    arguments = ("soft", "SCO", "--against", "USA", "--year", "2006", "--draws", "0")
    out = run(capsys, *arguments, "--arms", str(path))
    assert "75 % of their imports come from members" in out


def test_territory(capsys) -> None:
    out = run(capsys, "territory", "SCO", "--from", "2000", "--to", "2015")
    assert "2005  lost  Uzbekistan 2005-11-21 (base: Karshi-Khanabad)" in out
    assert "2014  lost  Kyrgyzstan 2014-07-11 (base: Manas)" in out


def test_territory_of_many_hosts_is_one_line_each(capsys) -> None:
    out = run(capsys, "territory", "NATO", "--from", "1960", "--to", "1975")
    lines = {line.split()[0]: line for line in out.splitlines() if line.strip()}
    assert "1960–1968" in lines["France"]
    assert "No forces in any year" in out
    assert "Portugal" in lines


def test_territory_json(capsys) -> None:
    arguments = ("territory", "Poland", "--from", "1990", "--to", "1994", "--owner", "RUS")
    answer = json.loads(run(capsys, *arguments, "--json"))
    assert answer["owner"]["ccode"] == 365
    assert [c["day"] for c in answer["changes"]] == ["1993-09-17"]
    assert answer["hosts"][-1]["hosts"] is None
    assert "coded list alone" in answer["coverage"]["hosts"]


def test_territory_picture(capsys, tmp_path: Path) -> None:
    path = tmp_path / "sco.json"
    run(capsys, "territory", "SCO", "--from", "2000", "--to", "2015", "--out", str(path))
    chart = json.loads(path.read_text())
    assert len(chart["vconcat"]) == 6
    text = json.dumps(chart)
    assert "Karshi-Khanabad" in text
    assert "triangle-down" in text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("similarity", "RUS", "CHN"), "--year, or both"),
        (("similarity", "RUS", "CHN", "--from", "2006"), "--year, or both"),
        (("similarity", "RUS", "CHN", "--from", "2006", "--to", "2000"), "after the last"),
        (("similarity", "RUS", "RUS", "--year", "2006"), "not with itself"),
        (("similarity", "RUS", "Atlantis", "--year", "2006"), "Unknown state"),
        (("similarity", "RUS", "CHN", "--year", "3000"), "No table covers"),
        (("soft", "SCO", "--against", "USA", "--year", "1980"), "did not exist"),
        (("soft", "SCO", "--against", "USA", "--year", "2006", "--arms", "no.csv"), "cannot be"),
        (("territory", "Nowhere", "--from", "2000", "--to", "2001"), "Unknown bloc"),
        (("territory", "SCO", "--from", "2000", "--to", "2001", "--out", "a.doc"), "written as"),
    ],
)
def test_wrong_questions(arguments, says) -> None:
    with pytest.raises(CounterpoiseError, match=says):
        APP(list(arguments))


def test_every_verb_has_help_with_an_example() -> None:
    for name, command in typer.main.get_command(APP).commands.items():
        assert command.help
        assert f"Example: counterpoise {name}" in command.epilog
