"""Which pairs of members are bound, by which pacts, and how much each pair weighs."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from counterpoise import record, states
from counterpoise.assessment import weighing
from counterpoise.measures import pacts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterpoise.assessment.question import Question
    from counterpoise.measures.pacts import Pact

Bond = Literal["bound", "consults", "none"]


@dataclass(frozen=True)
class Tie:
    """One pair of members.

    ``bond`` is ``bound`` where a pact without the target obliges one to fight for the other,
    ``consults`` where a pact adds aid or a base to consultation, else ``none``. ``weight`` is the
    pair's share of all pairs' weight, w_i w_j over Σ w_i w_j, so that the weights of the bound
    pairs sum to the bound share; None where a member's power is unknown.
    """

    ccode1: int
    ccode2: int
    bond: Bond
    weight: float | None
    pacts: tuple[str, ...]


def ties(question: Question) -> tuple[Tie, ...] | None:
    """Every pair of members; None where the pacts of the day are not in the record."""
    if question.day > question.book.last_day:
        return None
    members, target = question.members, question.target.ccode
    inside = set(members)
    standing = [
        p
        for p in question.book.on(question.day)
        if target not in p.members and len(p.members & inside) > 1
    ]
    weight = weights(question)
    return tuple(
        _tie(standing, pair, target, weight.get(pair)) for pair in combinations(members, 2)
    )


def weights(question: Question) -> dict[tuple[int, int], float]:
    """Share of each pair of members in the weight of all pairs; empty where power is unknown."""
    power = weighing.member_power(question)
    if power is None:
        return {}
    share = dict(zip(question.members, power.tolist(), strict=True))
    products = {(i, j): share[i] * share[j] for i, j in combinations(question.members, 2)}
    total = sum(products.values())
    return {pair: product / total for pair, product in products.items()} if total else {}


def _tie(standing: Sequence[Pact], pair: tuple[int, int], target: int, weight: float | None) -> Tie:
    one, two = pair
    bound = pacts.tying(standing, pair, target)
    found = bound or pacts.consults(standing, one, two, target)
    bond: Bond = "bound" if bound else "consults" if found else "none"
    return Tie(one, two, bond, weight, tuple(pact.name for pact in found))


@functools.cache
def _organisations() -> dict[str, str]:
    rows = record.coded("blocs").select("atopid", "key").drop_nulls().iter_rows()
    return {f"atop:{number}": key for number, key in rows}


def pact_label(question: Question, name: str) -> str:
    """A pact for a reader: its organisation or its first members, the year signed, its number."""
    duties = [duty for duty in question.book.duties if duty.pact == name]
    if not duties:
        return name
    signed = min(duty.start.year for duty in duties)
    parties = list(dict.fromkeys(duty.ccode for duty in duties))
    if name in _organisations():
        who = _organisations()[name]
    elif len(parties) <= 3:
        who = "–".join(states.names().name(code, signed) for code in parties)
    else:
        who = f"{len(parties)} states"
    return f"{who} {signed} ({name})"
