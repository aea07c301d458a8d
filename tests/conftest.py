"""Shared fixtures: the provider files, the names of states, and small files of a test's own."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from counterpoise.record import coded
from counterpoise.record.manifest import FileEntry
from counterpoise.sources.raw import Raw, memberships, sha256
from counterpoise.states import StateNames

settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")
"""No test depends on the speed of the machine, and every run draws the same examples."""

BESIDE = Path(__file__).parents[2] / "shared" / "sources"

TOOLS = Path(__file__).parents[1] / "tools"

Undescribed = Callable[[str, object], tuple[set[str], set[str]]]
RawOf = Callable[[dict[str, bytes]], Raw]


@pytest.fixture(scope="session")
def sources() -> Path:
    """Folder of the provider files; tests that need it are marked ``sources``."""
    folder = Path(os.environ.get("COUNTERPOISE_SOURCES", BESIDE))
    if not folder.is_dir():
        pytest.skip(f"no folder of provider files at {folder}: set COUNTERPOISE_SOURCES")
    return folder


@pytest.fixture(scope="session")
def state_names() -> StateNames:
    return StateNames.from_coded(coded("state_names"))


@pytest.fixture(scope="session")
def undescribed() -> Undescribed:
    """Keys of an answer that the reference does not describe, and what it describes in vain."""
    if not TOOLS.is_dir():
        pytest.skip("needs the checkout, with its tools and documentation")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(TOOLS))
        found: Undescribed = importlib.import_module("generate_reference").undescribed
    return found


@pytest.fixture
def raw_of(tmp_path: Path, state_names: StateNames) -> RawOf:
    """Make a source of small files: their bytes by name, each declared with its hash."""

    def make(content: dict[str, bytes]) -> Raw:
        for name, data in content.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        files = tuple(
            FileEntry(path=n, sha256=sha256(tmp_path / n), url="https://example.org/" + n)
            for n in content
        )
        return Raw(tmp_path, files, state_names, memberships(coded("state_names")))

    return make
