"""Whether a proposition came true, by the same code as any verdict."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from counterpoise import blocs, states
from counterpoise.assessment.answer import hard
from counterpoise.assessment.propositions import COMPARISONS
from counterpoise.assessment.verdict import Verdict, assess
from counterpoise.errors import CoverageError, QuestionError
from counterpoise.measures import power

if TYPE_CHECKING:
    from collections.abc import Callable

    from counterpoise.assessment.propositions import Proposition

ANY = "any"
LAST_PACTS = 2018
"""Last year in which the record knows all pacts; later verdicts stay unknown."""


@dataclass(frozen=True)
class Outcome:
    """What became of a proposition: true, false, or None for void, with the reason."""

    happened: bool | None
    reason: str


def resolve(proposition: Proposition, made: int) -> Outcome:
    """Resolve a proposition for a claim made in a year.

    Every year that it speaks of is asked. Unknown years make it void unless the known ones
    settle it.
    """
    found = {year: _holds(proposition, year) for year in proposition.years(made)}
    if not found:
        return Outcome(None, "the years it speaks of lie before the claim")
    held = _joined(proposition.when, [value for value, _ in found.values()])
    if held is None:
        silent = next(f"{y}: {why}" for y, (value, why) in found.items() if value is None)
        return Outcome(None, silent)
    return Outcome(held is not proposition.is_negated, _told(proposition, found))


def _joined(when: str, values: list[bool | None]) -> bool | None:
    """Any year for ``by`` and ``in``, every year for ``throughout``; unknown where that decides."""
    settling = when != "throughout"
    if settling in values:
        return settling
    return None if None in values else not settling


def _told(proposition: Proposition, found: dict[int, tuple[bool | None, str]]) -> str:
    true = [year for year, (value, _) in found.items() if value]
    if len(found) == 1:
        return f"{'true' if true else 'not true'} in {min(found)}"
    span = f"{min(found)}–{max(found)}"
    if not true:
        return f"in no year of {span}"
    return f"in {len(true)} of {len(found)} years of {span}, first in {true[0]}"


def _holds(proposition: Proposition, year: int) -> tuple[bool | None, str]:
    """Truth in one year, and why it is unknown where it is."""
    try:
        return _ASKED.get(proposition.name, _measured)(proposition, year)
    except CoverageError as error:
        return _absent(proposition, error)
    except QuestionError as error:
        return None, str(error)


def _absent(proposition: Proposition, error: CoverageError) -> tuple[bool | None, str]:
    """A bloc that did not exist did nothing; a year that nothing covers is unknown."""
    existed = "did not exist" in str(error) or "not in the COW state system" in str(error)
    return (False, str(error)) if existed else (None, str(error))


@functools.lru_cache(maxsize=4096)
def _verdict(bloc: str, target: str, year: int) -> Verdict:
    return assess(bloc, target, year)


def _rung(proposition: Proposition, year: int) -> tuple[bool | None, str]:
    if proposition.subject == ANY:
        raise QuestionError("Ask of any coalition whether it forms: forms(any, TARGET).")
    found = _verdict(proposition.subject, proposition.object, year)
    if found.ladder == "unknown":
        return None, found.reasons.get("hard", "a test that decides is unknown")
    return found.ladder == proposition.name, ""


def _forms(proposition: Proposition, year: int) -> tuple[bool | None, str]:
    """Is a bloc hard, with its onset in this year?"""
    if proposition.subject == ANY:
        from counterpoise.assessment.formations import formed

        return formed(proposition.object, year)
    found = _verdict(proposition.subject, proposition.object, year)
    if found.ladder == "unknown":
        return None, found.reasons.get("hard", "a test that decides is unknown")
    aim = found.hard.directedness
    return found.ladder == "hard" and aim is not None and aim.onset == year, ""


def _soft(proposition: Proposition, year: int) -> tuple[bool | None, str]:
    found = _verdict(proposition.subject, proposition.object, year).trust.coordination
    return found.passed, found.reason or ""


def _ripe(proposition: Proposition, year: int) -> tuple[bool | None, str]:
    ripe = _verdict(proposition.subject, proposition.object, year).ripe
    return ripe, "" if ripe is not None else "ripe is unknown without a case file"


def _consensus(proposition: Proposition, year: int) -> tuple[bool | None, str]:
    found = _verdict(proposition.subject, proposition.object, year).consensus
    if found is None:
        return None, "no case file codes this bloc against this target in this year"
    return found.power.kind == proposition.name, ""


def _member(proposition: Proposition, year: int) -> tuple[bool | None, str]:
    ccode = states.state(proposition.subject, year).ccode
    return ccode in blocs.bloc(proposition.object, year).members, ""


def _leads(proposition: Proposition, year: int) -> tuple[bool | None, str]:
    found = power.leadership(power.metric(proposition.object).name, year)
    if found is None:
        return None, f"{proposition.object} does not cover {year}"
    return found.ccode == states.state(proposition.subject, year).ccode, ""


def _measured(proposition: Proposition, year: int) -> tuple[bool | None, str]:
    found = _verdict(proposition.subject, proposition.object, year)
    known: dict[str, Any] = hard(found) | {"survival_share": found.check("survival_share").value}
    value = known.get(proposition.name)
    if value is None:
        return None, f"{proposition.name} is unknown in {year}"
    assert proposition.comparison is not None
    assert proposition.number is not None
    return COMPARISONS[proposition.comparison](value, proposition.number), ""


_ASKED: dict[str, Callable[[Proposition, int], tuple[bool | None, str]]] = {
    "hard": _rung,
    "forms": _forms,
    "incipient": _rung,
    "soft": _soft,
    "ripe": _ripe,
    "negative": _consensus,
    "positive": _consensus,
    "member": _member,
    "leads": _leads,
}
