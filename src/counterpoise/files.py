"""Writing so that a reader never meets half a file: to a temporary name, then moved."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from counterpoise.errors import CounterpoiseError, DataError

if TYPE_CHECKING:
    from collections.abc import Iterator


def cache_folder() -> Path:
    """Where finished parts of long work, answers and downloads are kept.

    COUNTERPOISE_CACHE, or the user's cache of this system.
    """
    chosen = os.environ.get("COUNTERPOISE_CACHE")
    if chosen:
        return Path(chosen)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "counterpoise"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "counterpoise" / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "counterpoise"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path``; move it there on success, remove it on failure.

    Raises
    ------
    DataError : the folder does not exist, cannot be written, or the disk is full.
    """
    try:
        handle, name = tempfile.mkstemp(path.suffix, f".{path.stem}-", path.parent)
    except OSError as error:
        raise DataError(f"Cannot write {path}: {error.strerror}") from None
    os.close(handle)
    temporary = Path(name)
    try:
        with file_errors(path):
            yield temporary
            temporary.chmod(0o644)
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def file_errors(path: Path) -> Iterator[None]:
    """Say of a failure of the disk, the folder or the rights which file could not be written.

    Raises
    ------
    DataError : in place of an OSError, or of a library's error that such a one lies behind.
    """
    try:
        yield
    except (BrokenPipeError, CounterpoiseError):
        raise
    except Exception as error:
        why = _disk_fault(error)
        if why is None:
            raise
        raise DataError(f"Cannot write {path}: {why}") from None


def _disk_fault(error: BaseException | None) -> str | None:
    """What the system said, where a failure of the system lies behind an error of a library."""
    while error is not None:
        if isinstance(error, OSError):
            return error.strerror or str(error)
        if "(os error " in str(error):  # as libraries in Rust put it
            return str(error).split(": ")[-1]
        error = error.__cause__ or error.__context__
    return None


def write_bytes(path: Path, content: bytes) -> None:
    """Write bytes to a temporary name and move them to ``path``."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)
