"""Writing so that a reader never meets half a file: to a temporary name, then moved."""

from __future__ import annotations

import codecs
import os
import re
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from counterpoise.errors import CounterpoiseError, DataError, excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def text(path: Path, most: int, what: str) -> str:
    """The text of a user's file, without a byte-order mark.

    Parameters
    ----------
    most : bytes; a larger file is not read.
    what : what the file should be, such as "a roster".

    Raises
    ------
    DataError : it cannot be read, is too large, or is not a text in UTF-8.
    """
    try:
        if path.stat().st_size > most:
            raise DataError(f"{excerpt(path, 200)}: larger than {most:,} bytes; not {what}")
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"Cannot read {excerpt(path, 200)}: {error.strerror}") from None
    except ValueError:
        raise DataError(f"{excerpt(path, 200)} is no path of a file") from None
    return _decoded(content, path, what)


def require_text(path: Path, what: str, head: int = 65_536) -> None:
    """Refuse a file whose first bytes are no text in UTF-8, for files too large to be held.

    Raises
    ------
    DataError, OSError : it is none; it cannot be read.
    """
    with path.open("rb") as stream:
        content = stream.read(head)
    _decoded(content, path, what, is_whole=len(content) < head)


def _decoded(content: bytes, path: Path, what: str, *, is_whole: bool = True) -> str:
    """Bytes as text; the last character may be cut where they are not the whole."""
    try:
        found = codecs.getincrementaldecoder("utf-8-sig")().decode(content, final=is_whole)
    except UnicodeDecodeError as error:
        raise DataError(_not_text(path, what, f"byte {error.start + 1} is not UTF-8")) from None
    strange = STRANGE.search(found)
    if strange:
        line = found.count("\n", 0, strange.start()) + 1
        raise DataError(_not_text(path, what, f"line {line} holds a control character"))
    return found


def _not_text(path: Path, what: str, why: str) -> str:
    return f"{excerpt(path, 200)}: not a text, as {what} is: {why}. Save it as text in UTF-8"


STRANGE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Control characters of ASCII but tabs and the ends of lines; no text has them, nor TOML."""


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


def require_writable(path: Path, suffixes: Sequence[str] = ()) -> None:
    """Say before any work that a file could not be written.

    Parameters
    ----------
    suffixes : those that the file may have, such as ``.png``; none allows any.

    Raises
    ------
    DataError : another suffix, no such folder, a folder of that name, or no right to write.
    """
    suffix, folder = path.suffix.lower(), path.absolute().parent
    if suffixes and suffix not in suffixes:
        raise DataError(f"{path}: written as {', '.join(suffixes)}, not {suffix or 'that'}.")
    if not folder.is_dir():
        raise DataError(f"{path}: there is no folder {folder} to write it to.")
    if path.is_dir():
        raise DataError(f"{path} is a folder. Give the name of a file.")
    if not os.access(folder, os.W_OK):
        raise DataError(f"{path}: you may not write to the folder {folder}.")


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
