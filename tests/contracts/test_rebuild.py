"""The record in the package is what the provider files give, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from counterpoise.record.store import PACKAGED
from counterpoise.sources import build

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.sources
def test_the_packaged_record_is_rebuilt_byte_for_byte(sources: Path) -> None:
    assert build.compare(sources, PACKAGED) == []
