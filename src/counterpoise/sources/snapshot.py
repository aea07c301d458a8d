"""A snapshot file describes one source: its files, release, licence, citation and coverage."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from counterpoise.errors import DataError
from counterpoise.record.manifest import FileEntry, SourceEntry


class Snapshot(BaseModel):
    """One source as its snapshot file declares it.

    ``tables`` maps each table made from the source to its first and last covered year; a table
    without years (names, codes) maps to an empty list.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    release: str
    licence: str
    embed: Literal["yes", "no", "ask"]
    homepage: str
    citation: str
    bibtex: str
    tables: dict[str, tuple[int, int] | tuple[()]]
    files: tuple[FileEntry, ...]

    def entry(self) -> SourceEntry:
        """The source as the manifest lists it."""
        return SourceEntry(**self.model_dump(exclude={"tables"}))


def names() -> tuple[str, ...]:
    """Keys of all snapshot files, sorted."""
    folder = resources.files("counterpoise.sources").joinpath("snapshots")
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir()))


def load(name: str) -> Snapshot:
    """Read one snapshot file.

    Raises
    ------
    DataError : the file is not a snapshot; the message lists each fault.
    """
    folder = resources.files("counterpoise.sources").joinpath("snapshots")
    text = folder.joinpath(f"{name}.toml").read_text(encoding="utf-8")
    try:
        return Snapshot.model_validate(tomllib.loads(text))
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"Snapshot {name}.toml: {error}") from None
