"""What can go wrong, as the user meets it: what is wrong, where, and what to do next."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_EXCERPT = 60
SHOWN = 5
MANY = 100
"""Faults shown of a file that a person fills in: every one, unless the file is junk."""


def excerpt(content: object, most: int = LONGEST_EXCERPT) -> str:
    """What somebody gave, as a message may show it: in one line, printable, cut where long."""
    text = " ".join(str(content)[: 4 * most].split())
    return _printable(text if len(text) <= most else text[:most] + "…")


def spelled(faults: Iterable[str], most: int = SHOWN) -> str:
    """The first of several faults, and how many more there are."""
    every = list(faults)
    more = f"; and {len(every) - most} more" if len(every) > most else ""
    return "; ".join(every[:most]) + more


def _printable(text: str) -> str:
    """Without the characters that move a terminal's cursor, colour it or cannot be written."""
    if text.isprintable():
        return text
    strange = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in strange and c != "\n" else c
        for c in text
    )


class CounterpoiseError(Exception):
    """Base of every error that a user can cause and mend; printed without a traceback."""

    def __str__(self) -> str:
        return _printable(super().__str__())


class DataError(CounterpoiseError):
    """A file or a table is missing, damaged or not of the declared form."""


class CoverageError(CounterpoiseError):
    """The year, state or bloc asked for lies outside everything that the record covers."""


class UnknownNameError(CounterpoiseError):
    """A state, bloc, column, source or table of that name does not exist."""


class AmbiguousNameError(UnknownNameError):
    """A name fits several states or blocs; the message lists them."""


class QuestionError(CounterpoiseError):
    """The question contradicts itself, such as a bloc that contains its own target."""


class CaseError(CounterpoiseError):
    """A case file is not of the declared form."""


class ModelError(CounterpoiseError):
    """A model was given a problem that it cannot solve."""


class LicenceError(CounterpoiseError):
    """The licence of a source forbids what was asked."""


class MissingExtraError(CounterpoiseError):
    """An optional part is not installed; the message names the command that installs it."""

    def __init__(self, library: str, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs {library}, which is not installed. "
            f"Install it with: pip install 'counterpoise[{extra}]'"
        )
