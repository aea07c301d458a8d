"""The question as asked, resolved against the record and refused where it contradicts itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from counterpoise import blocs, record, states
from counterpoise.assessment.added_pacts import read_pacts, since_record
from counterpoise.errors import QuestionError
from counterpoise.measures import pacts, power
from counterpoise.measures.reach import Reach
from counterpoise.measures.rules import STANDARD, Rules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Question:
    """One bloc against one target in one year, under one power metric and one set of rules.

    ``day`` is the day that members and pacts are read on: 31 December, or the bloc's last day in
    the year it dissolved.
    """

    bloc: blocs.Bloc
    target: states.State
    year: int
    metric: str
    rules: Rules
    reach: Reach
    book: pacts.PactBook

    @property
    def members(self) -> tuple[int, ...]:
        """COW numbers of the full members."""
        return self.bloc.members

    @property
    def day(self) -> dt.date:
        """Day on which members and pacts are read."""
        return self.bloc.day


def ask(
    bloc: str | Sequence[str | int],
    against: str | int,
    year: int,
    metric: str = "cinc",
    rules: Rules = STANDARD,
    *,
    extend: bool = False,
    added: Path | None = None,
) -> Question:
    """Resolve names and refuse what cannot be asked.

    Raises
    ------
    UnknownNameError, AmbiguousNameError : no such bloc, state or metric, or several.
    CoverageError : the bloc or the target did not exist, or no table covers the year at all.
    QuestionError : the bloc contains its target, or has one member.
    """
    reach = Reach(extend)
    power.metric(metric)
    record.require_year(year)
    target = states.state(against, year)
    found = blocs.bloc(bloc, year, extend=extend)
    _refuse(found, target)
    extra = (*(since_record() if extend else ()), *(read_pacts(added, year) if added else ()))
    return Question(
        found, target, year, metric, rules, reach, pacts.book(reach, extra, is_extended=extend)
    )


def _refuse(bloc: blocs.Bloc, target: states.State) -> None:
    if target.ccode in bloc.members:
        raise QuestionError(
            f"{bloc.name} contains its target {target.name} in {bloc.year}. "
            "Name another target, or give the members as a list without it."
        )
    if len(bloc.members) < 2:
        raise QuestionError(
            f"{bloc.name} has {len(bloc.members)} member in {bloc.year}; "
            "a coalition needs at least two."
        )
