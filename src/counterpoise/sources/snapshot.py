"""A snapshot file describes one source: its files, release, licence, citation and coverage."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from counterpoise.errors import DataError, UnknownNameError
from counterpoise.record.manifest import FileEntry, SourceEntry

Years = tuple[int, int]


class Snapshot(BaseModel):
    """One source as its snapshot file declares it.

    ``tables`` maps each table made from the source to the first and last year that the source
    speaks about; a table without years (names, codes) maps to an empty list. Where the rows do
    not reach both of those years, ``observed`` gives the first and last year among them: a source
    may cover years in which nothing happened, or list spells that began before it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    release: str
    licence: str
    embed: Literal["yes", "no", "ask"]
    homepage: str
    citation: str
    bibtex: str
    tables: dict[str, Years | tuple[()]]
    observed: dict[str, Years] = {}
    files: tuple[FileEntry, ...]

    def entry(self) -> SourceEntry:
        """Give the source as the manifest lists it."""
        return SourceEntry(**self.model_dump(exclude={"tables", "observed"}))

    def span(self, table: str) -> Years | None:
        """First and last year that the rows of a table must have; None for a table without."""
        return self.observed.get(table) or self.tables[table] or None


def names() -> tuple[str, ...]:
    """Keys of all snapshot files, sorted."""
    folder = resources.files("counterpoise.sources").joinpath("snapshots")
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir()))


def load(name: str) -> Snapshot:
    """Read one snapshot file.

    Raises
    ------
    UnknownNameError : there is no such snapshot.
    DataError : the file is not a snapshot; the message lists each fault.
    """
    if name not in names():
        raise UnknownNameError(f'Unknown source "{name}". There are: {", ".join(names())}')
    folder = resources.files("counterpoise.sources").joinpath("snapshots")
    return parse(folder.joinpath(f"{name}.toml").read_text(encoding="utf-8"), name)


def parse(text: str, name: str) -> Snapshot:
    """Read the text of a snapshot file.

    Raises
    ------
    DataError : it is not a snapshot; the message lists each fault.
    """
    try:
        return Snapshot.model_validate(tomllib.loads(text))
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"Snapshot {name}.toml: {error}") from None
