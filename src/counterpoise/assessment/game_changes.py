"""Changes to a game in words: ``power:CHN=+20%``, ``base:KGZ=off``, ``pact:RUS+CHN=on``."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from counterpoise import record, states
from counterpoise.errors import QuestionError, UnknownNameError, excerpt
from counterpoise.models.balancing_changes import Change, changed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterpoise.measures.game_problem import RecordGame

GRAMMAR = (
    "power:STATE=, threat:STATE= or distance:STATE= a figure, +20%, -10% or x2; "
    "base:STATE=on|off; pact:STATE+STATE=on; member:GROUP:STATE=on|off; "
    "STATE is a state, the target (power alone) or all"
)

QUANTITIES = {"power": "power", "threat": "threat", "distance": "distance_km"}
_FIGURE = re.compile(r"(?P<sign>[+-]?)(?P<number>\d+(?:\.\d*)?|\.\d+)(?P<cent>%?)", re.ASCII)
_TIMES = re.compile(r"[x*](?P<number>\d+(?:\.\d*)?|\.\d+)", re.ASCII)
SWITCH = {"on": True, "off": False}


@dataclass(frozen=True)
class Wanted:
    """One change as read: what, whom (a COW number, or None for all), in which group, to what."""

    text: str
    what: str
    states: tuple[int, ...] | None
    group: str | None
    value: str


def read(text: str, year: int) -> Wanted:
    """Read one change.

    Raises
    ------
    QuestionError : it does not follow the grammar.
    UnknownNameError, AmbiguousNameError : it names no state, or several.
    """
    head, equals, value = text.partition("=")
    what, *rest = (part.strip() for part in head.split(":"))
    value = value.strip().casefold()
    parts = {"member": 2}.get(what, 1)
    known = (*QUANTITIES, "base", "pact", "member")
    if not equals or what not in known or len(rest) != parts or not all((value, *rest)):
        raise QuestionError(f'The change "{excerpt(text)}" is not understood. Write {GRAMMAR}.')
    group = rest[0] if what == "member" else None
    named = rest[-1].split("+") if what == "pact" else [rest[-1]]
    is_switch = what in ("base", "pact", "member")
    if is_switch and (value not in SWITCH or (what == "pact" and value != "on")):
        raise QuestionError(
            f'The change "{excerpt(text)}" needs on{"" if what == "pact" else " or off"}.'
        )
    if not is_switch and not (_FIGURE.fullmatch(value) or _TIMES.fullmatch(value)):
        raise QuestionError(
            f'"{excerpt(value)}" in "{excerpt(text)}" is no figure. Write {GRAMMAR}.'
        )
    whom = None
    if named != ["all"]:
        whom = tuple(states.names().find(name.strip(), year) for name in named)
    return Wanted(text, what, whom, group, value)


def made(game: RecordGame, wanted: Sequence[Wanted]) -> RecordGame:
    """The game with the changes made, one after the other.

    Raises
    ------
    UnknownNameError : a state or a group does not play.
    QuestionError, ModelError : a value is out of range or makes no sense.
    """
    for one in wanted:
        if one.what == "base":
            game = _base(game, one)
        elif one.what == "pact":
            game = game.with_pact(one.states or game.ccodes, one.text.removesuffix("=on"))
        elif one.what == "member":
            game = _member(game, one)
        else:
            game = _figure(game, one)
    return game


def _base(game: RecordGame, one: Wanted) -> RecordGame:
    whom = set(game.ccodes if one.states is None else one.states)
    if stranger := whom - set(game.ccodes):
        raise UnknownNameError(_absent(game, stranger, one))
    return game.with_hosts(game.hosts | whom if SWITCH[one.value] else game.hosts - whom)


def _absent(game: RecordGame, stranger: set[int], one: Wanted) -> str:
    code = min(stranger)
    name = states.names().name(code, game.year)
    why = game.left_out.get(code, "it is the target" if code == game.target else "")
    return f"{name} does not play in {game.year}{': ' + why if why else ''} ({one.text})."


def _member(game: RecordGame, one: Wanted) -> RecordGame:
    group = _group(game, one)
    column = game.problem.membership[:, game.problem.groups.index(group)]
    weight = float(column.max()) if SWITCH[one.value] else 0.0
    changes = [
        Change("membership", weight, name, group)
        for name in ([_name(game, c, one) for c in one.states] if one.states else ["all"])
    ]
    return replace(game, problem=changed(game.problem, changes))


def _group(game: RecordGame, one: Wanted) -> str:
    """A group by its own name, or by that of a bloc whose pact it is."""
    assert one.group is not None
    blocs = record.coded("blocs").select("key", "atopid").drop_nulls().iter_rows()
    numbers = {key.casefold(): f"atop:{number}" for key, number in blocs}
    name = numbers.get(one.group.casefold(), one.group)
    if name not in game.problem.groups:
        known = {v: k.upper() for k, v in numbers.items()}
        listed = ", ".join(known.get(g, g) for g in game.problem.groups) or "none"
        raise UnknownNameError(
            f'No group "{excerpt(one.group)}" in this game: groups are pacts of defence or '
            f"attack without the target. There are: {listed}. A new one: pact:STATE+STATE=on"
        )
    return name


def _name(game: RecordGame, code: int, one: Wanted) -> str:
    if code not in game.ccodes:
        raise UnknownNameError(_absent(game, {code}, one))
    return states.names().abbreviation(code)


def _figure(game: RecordGame, one: Wanted) -> RecordGame:
    problem = game.problem
    if one.states == (game.target,) and one.what == "power":
        value = new_value(problem.target_power, one.value)
        return replace(game, problem=changed(problem, [Change("target_power", value)]))
    quantity = QUANTITIES[one.what]
    if one.states is None:
        names = list(problem.names)
    else:
        names = [_name(game, code, one) for code in one.states]
    old = dict(zip(problem.names, getattr(problem, quantity).tolist(), strict=True))
    changes = [
        Change(quantity, new_value(old[name], one.value), name)  # type: ignore[arg-type]
        for name in names
    ]
    return replace(game, problem=changed(problem, changes))


def new_value(old: float, text: str) -> float:
    """A figure after ``+20%`` or ``-10%`` (of what it was), ``x2``, ``+0.1``, or set outright."""
    if times := _TIMES.fullmatch(text):
        return old * float(times["number"])
    figure = _FIGURE.fullmatch(text)
    assert figure is not None
    number = float(figure["number"]) / (100 if figure["cent"] else 1)
    step = np.sign(float(figure["sign"] + "1")) * number
    if figure["cent"] and figure["sign"]:
        return float(old * (1 + step))
    return float(old + step) if figure["sign"] else number
