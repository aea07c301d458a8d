"""The record in the package is what the provider files give, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from counterpoise.record.store import PACKAGED
from counterpoise.sources import build, snapshot

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.sources
def test_the_packaged_record_is_rebuilt_byte_for_byte(sources: Path) -> None:
    assert build.compare(sources, PACKAGED) == []


@pytest.mark.sources
def test_restricted_sources_are_read_into_a_folder_of_the_users_own(
    sources: Path, tmp_path: Path
) -> None:
    keys = [key for key in snapshot.names() if snapshot.load(key).embed != "yes"]
    manifest = build.build(sources, tmp_path, only=keys, include_restricted=True)
    assert sorted(manifest.sources) == keys
    assert all(entry.rows for entry in manifest.tables.values())
