"""The grammar of claims: propositions that the record can resolve.

::

    proposition = ["not"] statement when
    statement   = predicate | measure comparison number
    predicate   = ("hard" | "forms" | "incipient" | "soft" | "ripe" | "negative" | "positive")
                  (bloc, target)
                | "member" (state, bloc) | "leads" (state, metric)
    measure     = ("bound_share" | "directedness" | "directedness_without_strongest"
                  | "power_ratio" | "allied_with_target_share" | "penetration_share"
                  | "survival_share") (bloc, target)
    comparison  = ">=" | ">" | "<=" | "<"
    when        = "by" year | "in" year [".." year] | "throughout" year ".." year

``by`` counts from the year of the claim. ``in`` two years asks for any of them, ``throughout``
for all. ``forms`` asks whether a hard coalition begins in the year: it has its onset there, and
is no legacy of an earlier one; with the bloc ``any`` it asks that of every candidate of a scan. A
name with blanks or commas stands in double quotes.
"""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from counterpoise.errors import CaseError

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST = 400
PREDICATES = (
    *("hard", "forms", "incipient", "soft", "ripe", "negative", "positive"),
    *("member", "leads"),
)
MEASURES = (
    *("bound_share", "directedness", "directedness_without_strongest", "power_ratio"),
    *("allied_with_target_share", "penetration_share", "survival_share"),
)
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}
FIRST_YEAR, LAST_YEAR = 1816, 2100
_TOKEN = re.compile(
    r'"([^"]{1,100})"|(>=|<=|>|<|\.\.|[(),])|([^\s"(),<>=]+?(?=\.\.)|[^\s"(),<>=]+)'
)


@dataclass(frozen=True)
class Proposition:
    """A parsed proposition; ``comparison`` and ``number`` are None for a predicate."""

    text: str
    is_negated: bool
    name: str
    subject: str
    object: str
    comparison: str | None
    number: float | None
    when: Literal["by", "in", "throughout"]
    first: int | None
    last: int

    def years(self, made: int) -> range:
        """Years that the proposition speaks of, for a claim made in the year ``made``."""
        return range(made if self.first is None else self.first, self.last + 1)


class _Reader:
    """Takes the words of a proposition one by one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = _words(text)
        self.place = 0

    def peek(self) -> str | None:
        return self.words[self.place] if self.place < len(self.words) else None

    def take(self, *allowed: str) -> str:
        word = self.peek()
        if word is None or (allowed and word not in allowed):
            wanted = " or ".join(f'"{a}"' for a in allowed) or "another word"
            found = f'"{word}"' if word is not None else "the end"
            raise CaseError(f'Proposition "{self.text}": expected {wanted}, found {found}.')
        self.place += 1
        return word

    def year(self) -> int:
        word = self.take()
        if not re.fullmatch(r"\d{4}", word) or not FIRST_YEAR <= int(word) <= LAST_YEAR:
            raise CaseError(
                f'Proposition "{self.text}": "{word}" is not a year '
                f"from {FIRST_YEAR} to {LAST_YEAR}."
            )
        return int(word)


def _words(text: str) -> list[str]:
    if len(text) > LONGEST:
        raise CaseError(f"A proposition of {len(text)} characters; at most {LONGEST} are read.")
    words, place = [], 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        match = _TOKEN.match(text, place)
        if match is None:
            raise CaseError(f'Proposition "{text}": cannot read "{text[place : place + 20]}".')
        words.append(next(group for group in match.groups() if group is not None))
        place = match.end()
    return words


def parse(text: str) -> Proposition:
    """Read a proposition.

    Raises
    ------
    CaseError : the text is not of the grammar; the message says what was expected.
    """
    reader = _Reader(text)
    is_negated = reader.peek() == "not"
    if is_negated:
        reader.take()
    name = reader.take(*PREDICATES, *MEASURES)
    reader.take("(")
    subject = reader.take()
    reader.take(",")
    other = reader.take()
    reader.take(")")
    comparison, number = _comparison(reader) if name in MEASURES else (None, None)
    when, first, last = _when(reader)
    if reader.peek() is not None:
        raise CaseError(f'Proposition "{text}": "{reader.peek()}" follows the end.')
    return Proposition(
        text, is_negated, name, subject, other, comparison, number, when, first, last
    )


def _comparison(reader: _Reader) -> tuple[str, float]:
    comparison, word = reader.take(*COMPARISONS), reader.take()
    if not re.fullmatch(r"\d{1,6}(\.\d{1,9})?", word):
        raise CaseError(f'Proposition "{reader.text}": "{word}" is not a number.')
    return comparison, float(word)


def _when(reader: _Reader) -> tuple[Literal["by", "in", "throughout"], int | None, int]:
    word = reader.take("by", "in", "throughout")
    year = reader.year()
    if word == "by":
        return "by", None, year
    if word == "throughout" or reader.peek() == "..":
        reader.take("..")
        last = reader.year()
        if last < year:
            raise CaseError(f'Proposition "{reader.text}": {last} is before {year}.')
        return ("in" if word == "in" else "throughout"), year, last
    return "in", year, year
