"""A question asked of a world that differs in some events: pacts, members, quarrels.

Each event is something that states could do in the year asked; none touches a cut-off. The
verdict is then the same code on the changed question.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from counterpoise.measures.hostility import HostilityRule
from counterpoise.measures.pacts import Duty, Pact, PactBook

if TYPE_CHECKING:
    from collections.abc import Iterable

    from counterpoise.assessment.question import Question


@dataclass(frozen=True)
class Events:
    """What is different in the world, all of it from the first day of ``year``.

    ``signed`` are new pacts: their parties, and the states that they name as the adversary.
    ``ended`` are pacts that nobody is in any more; ``left`` are pairs of a pact and a state that
    left it; ``aided`` are pacts that now add aid or a base to what they oblige to. ``quarrels``
    are states that had a serious dispute with the target in the year, ``calm`` those that never
    had a quarrel with it.
    """

    year: int
    signed: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = ()
    ended: tuple[str, ...] = ()
    left: tuple[tuple[str, int], ...] = ()
    aided: tuple[str, ...] = ()
    joined: tuple[int, ...] = ()
    departed: tuple[int, ...] = ()
    quarrels: tuple[int, ...] = ()
    calm: tuple[int, ...] = ()

    def __add__(self, other: Events) -> Events:
        """Both sets of events."""
        names = [name for name in self.__dataclass_fields__ if name != "year"]
        return Events(
            self.year, **{name: getattr(self, name) + getattr(other, name) for name in names}
        )


@dataclass(frozen=True)
class Imagined(HostilityRule):
    """Hostility as coded, with quarrels added in one year or taken away in all."""

    year: int = 0
    quarrels: tuple[int, ...] = ()
    calm: tuple[int, ...] = ()

    def hostile(self, state: int, target: int, year: int) -> bool | None:
        """Rivalry or a recent serious dispute, coded or imagined."""
        if state in self.calm:
            return False
        if state in self.quarrels and self.year <= year < self.year + self.window:
            return True
        return super().hostile(state, target, year)


@dataclass(frozen=True, eq=False)
class ChangedBook(PactBook):
    """A book of pacts with some of them signed, ended, left or made to aid from a day on.

    Pacts of each day come from the book it changes, so that asking many changed worlds costs
    little; ``duties`` are the changed duties in full, for whoever reads those.
    """

    base: PactBook = field(default_factory=lambda: PactBook((), dt.date.max))
    events: Events = field(default_factory=lambda: Events(0))

    def _standing(self, day: dt.date) -> tuple[Pact, ...]:
        found = self.base.on(day)
        if day < dt.date(self.events.year, 1, 1):
            return found
        kept = (self._changed(pact) for pact in found)
        added = (Pact(d[0].pact, self.events.year, d) for d in _signed(self.events))
        return tuple(sorted((p for p in (*kept, *added) if p.duties), key=lambda p: p.name))

    def _changed(self, pact: Pact) -> Pact:
        if pact.name in self.events.ended:
            return replace(pact, duties=())
        gone = {state for name, state in self.events.left if name == pact.name}
        duties = tuple(duty for duty in pact.duties if duty.ccode not in gone)
        if pact.name in self.events.aided:
            duties = tuple(replace(duty, aid_or_base=True) for duty in duties)
        return pact if duties == pact.duties else Pact(pact.name, pact.signed, duties)


def changed(question: Question, events: Events) -> Question:
    """The question in the world of the events."""
    bloc, rules = question.bloc, question.rules
    members = (set(bloc.members) | set(events.joined)) - set(events.departed)
    rule = rules.hostility
    if events.quarrels or events.calm:
        rule = Imagined(rule.window, rule.rivalries, events.year, events.quarrels, events.calm)
    base = question.book
    book = base
    if events.signed or events.ended or events.left or events.aided:
        duties = tuple(_duties(base.duties, events))
        book = ChangedBook(duties, base.last_day, base=base, events=events)
    return replace(
        question,
        bloc=replace(bloc, members=tuple(sorted(members))),
        rules=replace(rules, hostility=rule),
        book=book,
    )


def _signed(events: Events) -> Iterable[tuple[Duty, ...]]:
    """The duties of each new pact: to defend one another, without limits."""
    for parties, threats in events.signed:
        name = "new:" + "-".join(map(str, parties)) + ("!" if threats else "")
        yield tuple(
            Duty(
                pact=name,
                ccode=state,
                start=dt.date(events.year, 1, 1),
                end=None,
                defense=True,
                offense=False,
                is_defense_limited=False,
                is_offense_limited=False,
                consultation=True,
                aid_or_base=False,
                threats=frozenset(threats),
            )
            for state in parties
        )


def _duties(duties: Iterable[Duty], events: Events) -> Iterable[Duty]:
    """Every duty of the changed world."""
    eve = dt.date(events.year - 1, 12, 31)
    for duty in duties:
        is_standing = duty.end is None or duty.end > eve
        is_over = duty.pact in events.ended or (duty.pact, duty.ccode) in events.left
        if is_over and is_standing:
            if duty.start <= eve:
                yield replace(duty, end=eve)
        elif duty.pact in events.aided and is_standing:
            if duty.start <= eve:
                yield replace(duty, end=eve)
            new = dt.date(events.year, 1, 1)
            yield replace(duty, start=max(duty.start, new), aid_or_base=True)
        else:
            yield duty
    for signed in _signed(events):
        yield from signed
