"""The verb about ideal points as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from counterpoise.cli import entry

YEARS = ("--from", "1955", "--to", "1955")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        entry.main(["ideal-points", "fit", *arguments])
    told = capsys.readouterr()
    return int(ended.value.code or 0), told.out, told.err


def test_json_has_every_ideal_point_and_the_comparison(capsys, tmp_path: Path) -> None:
    code, out, _ = run(capsys, *YEARS, "--json", "--compare", "--out", str(tmp_path / "p.csv"))
    assert code == 0
    answer = json.loads(out)
    assert answer["is_converged"]
    assert answer["compared"]["median"] > 0.9
    assert len(answer["ideal_points"]) == pl.read_csv(tmp_path / "p.csv").height == 65


def test_the_table_names_states_and_says_how_the_fit_ended(capsys, tmp_path: Path) -> None:
    code, out, _ = run(capsys, *YEARS, "--states", "USA,India", "--out", str(tmp_path / "p.svg"))
    assert code == 0
    assert "Converged after" in out
    assert "India" in out
    assert "· " in out
    assert "<svg" in (tmp_path / "p.svg").read_text("utf-8")


def test_own_votes_from_a_file(capsys, tmp_path: Path) -> None:
    rows = [(c, r, 2000, 1 if (c + r) % 3 else 3) for c in (2, 200, 365, 710) for r in range(1, 30)]
    frame = pl.DataFrame(rows, schema=["ccode", "rcid", "year", "vote"], orient="row")
    frame.write_csv(tmp_path / "v.csv")
    code, out, _ = run(capsys, "--votes", str(tmp_path / "v.csv"), "--json")
    assert code == 0
    assert {row["ccode"] for row in json.loads(out)["ideal_points"]} == {2, 200, 365, 710}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--from", "1800"), "1946 to 2021"),
        (("--issue", "war"), "There are"),
        ((*YEARS, "--dimensions", "7"), "1 or 2"),
        ((*YEARS, "--positive", "Atlantis"), "Atlantis"),
        ((*YEARS, "--out", "p.doc"), "written as .csv"),
        (("--votes", "none.csv"), "cannot be read"),
        (("--votes", "V"), "lacks the column vote"),
    ],
)
def test_mistakes_are_told_in_a_line(capsys, tmp_path: Path, arguments, says: str) -> None:
    (tmp_path / "v.csv").write_text("ccode,rcid,year\n2,1,1999\n", "utf-8")
    given = [str(tmp_path / "v.csv") if a == "V" else a for a in arguments]
    code, _, err = run(capsys, *given)
    assert code == 2
    assert says in err
    assert "Traceback" not in err
    assert err.count("\n") == 1
