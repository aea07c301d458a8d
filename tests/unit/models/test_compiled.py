"""Compiled functions: kept on disk where that can be, and working where it cannot."""

from __future__ import annotations

import numpy as np
import pytest

from counterpoise.models import compiled as module
from counterpoise.models.compiled import compiled


def total(values: np.ndarray) -> float:
    """Sum of squares."""
    found = 0.0
    for value in values:
        found += value * value
    return found


def test_a_compiled_function_is_kept_on_disk() -> None:
    found = compiled()(total)
    assert found(np.arange(4.0)) == 14
    assert found.stats.cache_path


def test_without_a_writable_folder_it_works_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    caching = pytest.importorskip("numba.core.caching")
    monkeypatch.setattr(caching.CacheImpl, "_locator_classes", [])
    found = compiled()(total)
    assert found(np.arange(5.0)) == 30
    assert not found.stats.cache_hits


def test_another_fault_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(**options: object) -> object:
        raise RuntimeError("no memory")

    monkeypatch.setattr(module.numba, "njit", faulty)
    with pytest.raises(RuntimeError, match="no memory"):
        compiled()(total)
