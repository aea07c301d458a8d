"""One thing that a report shows: a sentence, a picture, the same as a table, and its source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from counterpoise import record
from counterpoise.report.plain import figure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


@dataclass(frozen=True)
class Table:
    """Rows of text under a head; ``numeric`` holds the places of columns set to the right."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Exhibit:
    """One part of a report.

    Attributes
    ----------
    says : what it shows, in plain words.
    table, more : the figures; a chart never holds what the tables do not. Those of ``more`` have
        captions.
    draw : makes the chart when it is needed; None without one.
    label : what a reader who does not see the chart is told.
    sources : what it rests on; never empty where a figure is shown.
    how : how it is measured, with the formula.
    reason : why it is unknown; then there is neither table nor chart.
    notes : what a reader should know before using it.
    """

    name: str
    title: str
    says: str
    sources: tuple[str, ...]
    how: str = ""
    table: Table | None = None
    draw: Callable[[], Any] | None = field(default=None, compare=False)
    label: str = ""
    reason: str | None = None
    notes: tuple[str, ...] = ()
    more: tuple[tuple[str, Table], ...] = ()

    @property
    def tables(self) -> tuple[tuple[str, Table], ...]:
        """Every table with its caption, the main one first."""
        return ((self.title, self.table), *self.more) if self.table else self.more


def unknown(name: str, title: str, reason: str, how: str = "") -> Exhibit:
    """A part that the record cannot answer: said, not drawn."""
    return Exhibit(name, title, f"Unknown: {reason}.", (), how, reason=reason)


def table(head: Sequence[str], rows: Iterable[Sequence[object]], numeric: str = "") -> Table:
    """A table from values; ``numeric`` names the columns of figures, separated by commas."""
    named = {n.strip() for n in numeric.split(",")}
    places = frozenset(k for k, title in enumerate(head) if title in named)
    return Table(tuple(head), tuple(tuple(map(_text, row)) for row in rows), places)


def _text(value: object) -> str:
    if value is None or isinstance(value, bool | int | float | str):
        return figure(value)
    return str(value)


def sources(*tables: str) -> tuple[str, ...]:
    """Titles and releases of the sources behind some tables of the record, each once."""
    manifest = record.manifest()
    keys = [
        key for name in tables if name in manifest.tables for key in manifest.tables[name].sources
    ]
    held = (manifest.sources[key] for key in dict.fromkeys(keys))
    return tuple(f"{source.title}, {source.release}" for source in held)
