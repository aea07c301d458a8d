"""The page on thresholds is what its study prints, draw for draw."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

STUDY = Path(__file__).parents[2] / "studies" / "survival_threshold.py"


def test_page_is_what_the_study_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", [str(STUDY), "--check"])
    runpy.run_path(str(STUDY), run_name="__main__")
