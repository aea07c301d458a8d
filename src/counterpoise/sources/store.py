"""Fetch provider files from their homes; the only file of the package that opens a socket.

Pooch verifies the hash and moves a file into place once it is right. The downloader below gives
it what it lacks: a download that was cut off goes on where it stopped, from ``FILE.part``.
"""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal
from urllib.parse import quote, urlsplit

from counterpoise.errors import DataError, MissingExtraError, UnknownNameError
from counterpoise.files import file_errors
from counterpoise.sources import snapshot
from counterpoise.sources.raw import sha256

if TYPE_CHECKING:
    from counterpoise.record.manifest import FileEntry
    from counterpoise.sources.snapshot import Snapshot

Tell = Callable[[str, int, int | None], None]
"""Called with a file's path, the bytes that are there and, where it is known, of how many."""

State = Literal["fetched", "present", "by hand", "closed", "failed"]

LIMIT = 1 << 30
"""Bytes of the largest file that is taken unless more is allowed."""

TRIES = 4
"""A connection that breaks is opened again so often."""

CHUNK = 1 << 16
LEAST = 1 << 10
"""Bytes that must come within the patience, or the server counts as stalled."""

REDIRECTS = 5
DATA_SUFFIXES = (
    ".csv",
    ".dta",
    ".json",
    ".parquet",
    ".rda",
    ".rds",
    ".xls",
    ".xlsx",
    ".xz",
    ".zip",
)


@dataclass(frozen=True)
class Outcome:
    """What became of one file.

    ``state`` is ``fetched``, ``present`` (it was there, and is right), ``by hand`` (its home is a
    page where a person downloads), ``closed`` (its licence limits redistribution, and it was not
    asked for by name) or ``failed``; ``note`` says more.
    """

    source: str
    path: str
    state: State
    url: str
    licence: str
    note: str = ""


@dataclass(frozen=True)
class Terms:
    """How to fetch.

    Parameters
    ----------
    mirror : address under which every file lies by its path in the sources folder, instead of at
        its home. Hashes are checked all the same.
    offline : open no connection; say what is there.
    limit : bytes of the largest file that is taken.
    patience : seconds without an answer, or nearly so, after which a server counts as stalled.
    """

    mirror: str | None = None
    offline: bool = False
    limit: int = LIMIT
    patience: float = 30.0

    def __post_init__(self) -> None:
        if self.mirror is not None:
            _require_web(self.mirror)
        if self.limit < 1 or self.patience <= 0:
            raise DataError("The limit and the patience must be above zero.")


def fetch(
    names: Iterable[str] | None,
    folder: Path,
    terms: Terms | None = None,
    *,
    restricted: bool = False,
    tell: Tell = lambda path, done, total: None,
) -> list[Outcome]:
    """Fetch the files of sources into a folder that ``data build --sources`` reads.

    A file that is there and right is left alone. Another file of its name is replaced once the
    right one has come, not before. One failure does not stop the rest.

    Parameters
    ----------
    names : keys of sources; all by default. One whose licence is not ``yes`` is fetched where it
        is named, or with ``restricted``: it is for the user's own use, and not to be passed on.
    tell : called as bytes come.

    Raises
    ------
    UnknownNameError : no source of that key.
    DataError : the folder cannot be written, or an address is not of the web.
    MissingExtraError : the extra ``build`` is not installed.
    """
    terms = terms or Terms()
    chosen = _chosen(names)
    with file_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    open_ = restricted or names is not None
    return [
        _one(key, declared, file, folder, terms, open_, tell)
        for key, declared in chosen.items()
        for file in declared.files
    ]


def require(outcomes: Iterable[Outcome]) -> None:
    """Raise one error that lists every file that failed.

    Raises
    ------
    DataError : at least one failed.
    """
    failed = [o for o in outcomes if o.state == "failed"]
    if failed:
        lines = "".join(f"\n  {o.path}: {o.note}" for o in failed)
        raise DataError(f"{len(failed)} files could not be fetched:{lines}")


def _chosen(names: Iterable[str] | None) -> dict[str, Snapshot]:
    keys = snapshot.names() if names is None else tuple(dict.fromkeys(names))
    unknown = [key for key in keys if key not in snapshot.names()]
    if unknown:
        listed = ", ".join(snapshot.names())
        raise UnknownNameError(f"Unknown sources {', '.join(unknown)}. There are: {listed}")
    return {key: snapshot.load(key) for key in keys}


def _one(
    key: str,
    declared: Snapshot,
    file: FileEntry,
    folder: Path,
    terms: Terms,
    open_: bool,
    tell: Tell,
) -> Outcome:
    url = file.url if terms.mirror is None else f"{terms.mirror.rstrip('/')}/{quote(file.path)}"

    def outcome(state: State, note: str = "") -> Outcome:
        return Outcome(key, file.path, state, url, declared.licence, note)

    licence = "" if declared.embed == "yes" else f"not to be passed on: {declared.licence}"
    target = folder / file.path
    try:
        with file_errors(target):
            if target.is_file() and sha256(target) == file.sha256:
                return outcome("present", licence)
    except DataError as error:
        return outcome("failed", str(error))
    if licence and not open_:
        return outcome("closed", licence + "; name the source to fetch it for yourself")
    if terms.offline:
        there = "is there but is not the declared release" if target.exists() else "is missing"
        return outcome("failed", f"{target} {there}, and nothing is fetched offline")
    if terms.mirror is None and not is_direct(file.url):
        return outcome("by hand", f"download it at {file.url} and put it at {target}")
    try:
        _retrieve(url, target, file.sha256, terms, lambda n, m: tell(file.path, n, m))
    except DataError as error:
        return outcome("failed", str(error))
    return outcome("fetched", licence)


def is_direct(url: str) -> bool:
    """Does an address give the file itself, rather than a page where a person downloads it?"""
    parts = urlsplit(url)
    return Path(parts.path).suffix.lower() in DATA_SUFFIXES or "downloadformat" in parts.query


def _retrieve(
    url: str, target: Path, digest: str, terms: Terms, tell: Callable[[int, int | None], None]
) -> None:
    """Let pooch fetch, verify and move one file."""
    pooch = _pooch()
    _require_web(url)
    download = Download(target, terms.limit, terms.patience, tell)
    resumed = download.part.exists()
    # Pooch makes temporary files of its own; what a killed run has left of them goes with them.
    staging = target.with_name(f".{target.name}.fetching")
    with file_errors(target), _quiet(pooch.get_logger()), _emptied(staging):
        for again in (True, False):
            try:
                pooch.retrieve(url, f"sha256:{digest}", target.name, staging, None, download)
                (staging / target.name).replace(target)
                return
            except ValueError as error:
                # A part of an older release may have been continued: once more from the start.
                if not (again and resumed):
                    raise DataError(
                        f"{url} gave other bytes than the declared release ({_hashes(error)}). "
                        "The provider may have released anew: fetch from a mirror of this release."
                    ) from None


@contextmanager
def _emptied(folder: Path) -> Iterator[None]:
    """A folder that is empty before and gone afterwards."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _hashes(error: ValueError) -> str:
    words = str(error).replace(".", " ").split()
    found = [w for w in words if len(w.removeprefix("sha256:")) == 64]
    return f"sha256 {found[-1].removeprefix('sha256:')[:16]}…" if found else "another sha256"


@dataclass
class Download:
    """A downloader for pooch that goes on where an earlier one stopped.

    Bytes go to ``FILE.part`` beside the target. It stays when the connection breaks, and is handed
    to pooch, which verifies it, when the download is whole.

    Parameters
    ----------
    limit : bytes of the largest file taken.
    patience : seconds in which something must come.
    tell : called with the bytes that are there and, where known, of how many.
    """

    target: Path
    limit: int
    patience: float
    tell: Callable[[int, int | None], None]

    @property
    def part(self) -> Path:
        """Where the bytes of an unfinished download lie."""
        return self.target.with_name(self.target.name + ".part")

    def __call__(self, url: str, output_file: str, pooch: Any, check_only: bool = False) -> None:
        """Download ``url`` to ``output_file``, as pooch asks.

        Raises
        ------
        DataError : the server does not give the file; what came so far stays in ``part``.
        """
        from requests import RequestException
        from urllib3.exceptions import HTTPError

        for attempt in range(TRIES):
            try:
                with _session() as session:
                    self._go_on(session, url)
                break
            except (_BrokenError, RequestException, HTTPError) as error:
                if _is_final(error) or attempt == TRIES - 1:
                    self._drop_if_empty()
                    raise DataError(f"{url}: {_plain(error)}{self._so_far()}") from None
                time.sleep(min(0.25 * 2**attempt, self.patience))
        self.part.replace(output_file)

    def _go_on(self, session: Any, url: str) -> None:
        """One connection: ask for what is missing and add it to the part."""
        have = self.part.stat().st_size if self.part.exists() else 0
        headers = {"Accept-Encoding": "identity"}
        if have:
            headers["Range"] = f"bytes={have}-"
        with session.get(url, headers=headers, stream=True, timeout=self.patience) as answer:
            if have and answer.status_code == 416:
                return  # There is no more; whether it is right, the hash says.
            _require_success(answer)
            # Bytes that the server packed on its own cannot be continued.
            goes_on = _continues(answer, have) and not answer.headers.get("Content-Encoding")
            have = have if goes_on else 0
            total = _announced(answer, have)
            if total is not None and total > self.limit:
                raise _TooLargeError(self._over(total))
            with self.part.open("ab" if goes_on else "wb") as stream:
                self._take(answer, stream, have, total)

    def _take(self, answer: Any, stream: BinaryIO, have: int, total: int | None) -> None:
        mark, then = have, time.monotonic()
        self.tell(have, total)
        # What has come is taken at once, so that nothing of it is lost when the line breaks.
        while chunk := answer.raw.read1(CHUNK, decode_content=True):
            have += len(chunk)
            if have > self.limit:
                stream.truncate(0)
                raise _TooLargeError(self._over(None))
            stream.write(chunk)
            self.tell(have, total)
            now = time.monotonic()
            if now - then > self.patience:
                if have - mark < LEAST:
                    raise _BrokenError(f"under {LEAST} bytes came in {self.patience:g} seconds")
                mark, then = have, now

    def _over(self, total: int | None) -> str:
        size = f"the file has {total:,} bytes" if total else "the file is larger than announced"
        return f"{size}; at most {self.limit:,} are taken"

    def _drop_if_empty(self) -> None:
        with suppress(OSError):
            if self.part.stat().st_size == 0:
                self.part.unlink()

    def _so_far(self) -> str:
        if not self.part.exists():
            return ""
        return f". {self.part.stat().st_size:,} bytes are kept; fetch again to go on from there"


class _BrokenError(Exception):
    """The server stopped in the middle; another connection may do better."""


class _RefusedError(_BrokenError):
    """The server answers that it will not."""


class _TooLargeError(_RefusedError):
    """More than is taken."""


def _is_final(error: Exception) -> bool:
    """Would another connection meet the same answer?"""
    from requests import exceptions

    never = (exceptions.InvalidSchema, exceptions.InvalidURL, exceptions.TooManyRedirects)
    return isinstance(error, (_RefusedError, *never))


def _require_success(answer: Any) -> None:
    status = answer.status_code
    if status >= 500 or status in (408, 429):
        raise _BrokenError(f"the server answered {status} {answer.reason}")
    if status not in (200, 206):
        raise _RefusedError(f"the server answered {status} {answer.reason}")


def _continues(answer: Any, have: int) -> bool:
    """Does the answer begin at the byte that was asked for?"""
    span = answer.headers.get("Content-Range", "")
    return bool(answer.status_code == 206) and str(span).startswith(f"bytes {have}-")


def _announced(answer: Any, have: int) -> int | None:
    """Size of the whole file as the server gives it; None where it does not."""
    length = answer.headers.get("Content-Length", "")
    return have + int(length) if length.isdigit() else None


def _plain(error: Exception) -> str:
    """What went wrong, without the libraries' layers."""
    from requests import exceptions

    if isinstance(error, exceptions.InvalidSchema):
        return "the server sends on to an address that is not of the web (http or https)"
    if isinstance(error, exceptions.TooManyRedirects):
        return f"the server sends on more than {REDIRECTS} times"
    if isinstance(error, exceptions.Timeout) or "Read timed out" in str(error):
        return "the server does not answer"
    if isinstance(error, exceptions.ConnectionError) and "Connection broken" not in str(error):
        return "there is no connection to the server"
    if isinstance(error, _BrokenError):
        return str(error)
    return "the connection broke before the file was whole"


def _require_web(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise DataError(f"{url} is not an address of the web: it must begin with http or https.")


@contextmanager
def _session() -> Iterator[Any]:
    """A session that follows some redirects, to addresses of the web alone."""
    import requests

    with requests.Session() as session:
        session.max_redirects = REDIRECTS
        session.headers["User-Agent"] = "counterpoise"
        yield session


@contextmanager
def _quiet(log: logging.Logger) -> Iterator[None]:
    """Keep pooch from writing to the error stream; the caller tells what happens."""
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)


def _pooch() -> Any:
    try:
        import pooch
    except ImportError:
        raise MissingExtraError("pooch", "build", "Fetching sources") from None
    return pooch
