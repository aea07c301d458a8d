"""The declared grid of defensible choices behind a verdict, and which of them a question has."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from counterpoise.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterpoise.assessment.question import Question

GRID = Path(__file__).with_name("multiverse.toml")

Value = str | float | int

SAME = 1e-9
"""Cut-offs that differ by less are one option."""


@dataclass(frozen=True)
class Option:
    """One way to make a choice, why it is defensible, and who makes it so.

    ``strand`` names the one strand in which it is valid; empty where it is in all of the factor's.
    """

    value: Value
    reason: str
    source: str
    strand: str = ""


@dataclass(frozen=True)
class Factor:
    """One choice with its options. ``strand`` is ``observed``, ``ripe`` or ``both``."""

    name: str
    title: str
    strand: str
    options: tuple[Option, ...]

    @property
    def values(self) -> tuple[Value, ...]:
        """The values of the options, in the order of the grid."""
        return tuple(option.value for option in self.options)

    def place(self, value: Value) -> int:
        """Place of an option; numbers that differ by less than ``SAME`` are one.

        Raises
        ------
        ValueError : there is no such option.
        """
        for place, option in enumerate(self.values):
            if _is_same(option, value):
                return place
        raise ValueError(f"{self.name} has no option {value!r}, only {self.values}")

    def with_asked(self, value: Value) -> Factor:
        """The factor, with the value of the question among its options."""
        if any(_is_same(option, value) for option in self.values):
            return self
        asked = Option(value, "As asked", "the question")
        return replace(self, options=(asked, *self.options))

    def only(self, places: Sequence[int]) -> Factor:
        """The factor with some of its options."""
        return replace(self, options=tuple(self.options[k] for k in places))

    def valid(self, strand: str) -> list[int]:
        """Places of the options that are valid in a strand."""
        return [k for k, option in enumerate(self.options) if option.strand in ("", strand)]


def _is_same(one: Value, two: Value) -> bool:
    if isinstance(one, str) or isinstance(two, str):
        return one == two
    return abs(one - two) < SAME


@dataclass(frozen=True)
class Invalid:
    """A choice that was shown to be invalid, what it would do, and so is never run."""

    factor: str
    value: str
    reason: str


@dataclass(frozen=True)
class Grid:
    """Every factor in the order of the file, and what is left out for cause."""

    factors: tuple[Factor, ...]
    invalid: tuple[Invalid, ...]

    def factor(self, name: str) -> Factor:
        """One factor by name."""
        return next(factor for factor in self.factors if factor.name == name)

    def of(self, *strands: str) -> tuple[Factor, ...]:
        """The factors of some strands."""
        return tuple(factor for factor in self.factors if factor.strand in strands)


@functools.cache
def declared() -> Grid:
    """The grid that ships with the package.

    Raises
    ------
    DataError : an option lacks its reason or its source.
    """
    with GRID.open("rb") as file:
        read = tomllib.load(file)
    factors = tuple(
        Factor(
            entry["name"],
            entry["title"],
            entry["strand"],
            tuple(Option(**option) for option in entry.get("option", ())),
        )
        for entry in read["factor"]
    )
    bare = [
        f"{factor.name} = {option.value}"
        for factor in factors
        for option in factor.options
        if not (option.reason and option.source)
    ]
    if bare:
        raise DataError(f"{GRID.name}: options without a reason or a source: {', '.join(bare)}")
    return Grid(factors, tuple(Invalid(**entry) for entry in read["invalid"]))


def defaults(question: Question) -> dict[str, Value]:
    """The choices that the question itself makes, by factor of the observed strand."""
    rules = question.rules
    return {
        "power": question.metric,
        "weights": "power",
        "roster": "treaty",
        "pacts": "defence or offence",
        "hostility": "disputes and rivalries" if rules.hostility.rivalries else "disputes",
        "window": rules.hostility.window,
        "bound_share": rules.bound_share,
        "directedness": rules.directedness,
        "directedness_rest": rules.directedness_rest,
        "target_side": "alone",
        "year": 0,
        "threat": "survival",
        "survival": rules.survival,
    }
