"""Answers kept in the user's cache, found again by everything that they rest on.

The key holds the version, the code of the test, the hash of the record and the coded tables, and
what was asked; an answer whose inputs changed is simply not found.
"""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterpoise import files, record
from counterpoise.errors import DataError
from counterpoise.record.store import CODED
from counterpoise.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

CODE = ("assessment/explanations", "measures", "models", "panel", "assessment/scores.py")
"""What an answer is computed by, under the package."""


def key(asked: Mapping[str, object]) -> str:
    """Name of the answer to a question: a hash of all that it rests on."""
    inputs = {"version": __version__, "code": _code(), "data": _data(), "asked": dict(asked)}
    text = json.dumps(inputs, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def find(name: str) -> dict[str, Any] | None:
    """A kept answer; None where there is none or it cannot be read."""
    path = files.cache_folder() / f"explain-{name}.json"
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def keep(name: str, answer: Mapping[str, Any]) -> None:
    """Keep an answer; a cache that cannot be written is left alone."""
    text = json.dumps(answer, ensure_ascii=False, allow_nan=False)
    try:
        files.cache_folder().mkdir(parents=True, exist_ok=True)
        files.write_bytes(files.cache_folder() / f"explain-{name}.json", text.encode())
    except (OSError, DataError):
        return


@functools.cache
def _code() -> str:
    """Hash of the code that computes an answer."""
    home = Path(__file__).parents[2]
    paths = [p for part in CODE for p in _files(home / part)]
    return _hash([(str(p.relative_to(home)), p.read_bytes()) for p in paths])


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


@functools.cache
def _data() -> str:
    """Hash of the record, by its manifest, and of the coded tables."""
    manifest = record.folder() / "manifest.json"
    paths = [manifest, *sorted(CODED.glob("*.csv"))]
    return _hash([(path.name, path.read_bytes()) for path in paths])


def _hash(parts: list[tuple[str, bytes]]) -> str:
    found = hashlib.sha256()
    for name, content in parts:
        found.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return found.hexdigest()
