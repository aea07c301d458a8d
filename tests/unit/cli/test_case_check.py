"""A blank case file is in order, and is not taken for a coded one."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterpoise.cli.entry import main


def say(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit, match="0"):
        main(list(words))
    return capsys.readouterr().out


def test_positions_that_nobody_coded_are_counted(capsys, tmp_path: Path) -> None:
    path = tmp_path / "sco.toml"
    say(capsys, "case", "new", "SCO", "--against", "USA", "--year", "2010", "--out", str(path))
    assert "36 positions are still those of the blank file" in say(
        capsys, "case", "check", str(path)
    )
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("not coded yet", "A speech", 35), encoding="utf-8")
    assert "1 positions are still" in say(capsys, "case", "check", str(path))
    path.write_text(text.replace("not coded yet", "A speech"), encoding="utf-8")
    assert "blank file" not in say(capsys, "case", "check", str(path))
