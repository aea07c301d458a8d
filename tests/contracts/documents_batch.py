"""The slow part of the documents: long examples, generated tables, every stale page.

``make test-docs`` runs it; its name keeps it out of ``make test``.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SLOW = "<!-- slow -->"
PAGES = [p for p in sorted((ROOT / "docs").rglob("*.md")) if SLOW in p.read_text(encoding="utf-8")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_slow_examples_do_what_the_page_says(page: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "examples.py"), str(page)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_generated_page_is_stale() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "generate_docs.py"), "--check"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("verb", ["game-fit", "export site"])
def test_the_keys_of_an_answer_that_takes_long_are_described(
    verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    reference = importlib.import_module("generate_reference")
    assert verb in reference.LONG
    assert reference.undescribed(verb) == (set(), set())
