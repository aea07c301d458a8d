"""Case files as text that a reader edits: checked, changed one position at a time, written back."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterpoise import blocs, cases, states
from counterpoise.cases.reader import REMEDY
from counterpoise.errors import CaseError

if TYPE_CHECKING:
    from counterpoise.web.questions import Asked

MOST_ACTORS, MOST_ISSUES = 40, 40
"""Larger cases are worked through on the command line."""


def blank(asked: Asked) -> str:
    """A blank case with the members of a bloc filled in.

    Raises
    ------
    CounterpoiseError : no such bloc or target in that year.
    """
    found, target = blocs.bloc(asked.bloc, asked.year), states.state(asked.against, asked.year)
    names = states.names()
    members = [(names.abbreviation(c), names.name(c, asked.year), c) for c in found.members]
    title = f"{found.name} {asked.year}"
    return cases.blank(
        _plain(title), _plain(found.key or asked.bloc), target.ccode, asked.year, members
    )


def _plain(text: str) -> str:
    """A name that needs no escape inside quotation marks."""
    return text.replace("\\", "/").replace('"', "'")


def read(text: str) -> cases.Case:
    """Check the text of a case file.

    Raises
    ------
    CaseError : each fault is listed, or the case is too large for a page.
    """
    with tempfile.TemporaryDirectory(prefix="counterpoise-") as folder:
        path = Path(folder, "the file")
        path.write_text(text, encoding="utf-8")
        try:
            found = cases.read(path)
        except CaseError as error:
            raise CaseError(str(error).replace(f"{path}: ", "")) from None
        except RecursionError:
            raise CaseError("It is nested deeper than any case file.") from None
    if len(found.actors) > MOST_ACTORS or len(found.issues) > MOST_ISSUES:
        raise CaseError(
            f"It has {len(found.actors)} actors and {len(found.issues)} issues; a page works "
            f"through {MOST_ACTORS} and {MOST_ISSUES}. Use: counterpoise case run FILE"
        )
    return found


def faults(error: CaseError) -> list[str]:
    """The faults of a case, one by one."""
    said = str(error).removesuffix(f". {REMEDY}")
    return [part for part in said.split("; ") if part]


def moved(
    found: cases.Case,
    issue: str,
    actor: str,
    position: float | None,
    salience: float | None,
    source: str,
) -> cases.Case:
    """A case with one position changed; its ranges are widened to hold it.

    Raises
    ------
    CaseError : no such issue or actor, or a figure outside its scale.
    """
    places = [k for k, p in enumerate(found.positions) if (p.issue, p.actor) == (issue, actor)]
    if not places:
        raise CaseError(f"There is no position of {actor} on {issue}.")
    for value, top in ((position, 100), (salience, 1)):
        if value is not None and not 0 <= value <= top:
            raise CaseError(f"{value:g} is outside the scale from 0 to {top}.")
    old = found.positions[places[0]]
    changed: dict[str, Any] = {"source": source or old.source}
    if position is not None:
        low, high = min(old.low, position), max(old.high, position)
        changed |= {"position": position, "low": low, "high": high}
    if salience is not None:
        least, most = min(old.salience_low, salience), max(old.salience_high, salience)
        changed |= {"salience": salience, "salience_low": least, "salience_high": most}
    positions = list(found.positions)
    positions[places[0]] = old.model_copy(update=changed)
    return found.model_copy(update={"positions": tuple(positions)})


def to_toml(found: cases.Case) -> str:
    """A case as the text of a file that reads back as the same case."""
    held = found.model_dump()
    lists = ("actors", "issues", "positions")
    lines = _pairs({key: value for key, value in held.items() if key not in lists})
    for name in lists:
        for row in held[name]:
            lines += ["", f"[[{name}]]", *_pairs(row)]
    return "\n".join(lines) + "\n"


def _pairs(row: dict[str, Any]) -> list[str]:
    """Keys with their values; what is not given has no line."""
    return [f"{key} = {_value(value)}" for key, value in row.items() if value is not None]


def _value(value: Any) -> str:
    if isinstance(value, str):
        return '"' + "".join(map(_sign, value)) + '"'
    return str(value)


def _sign(sign: str) -> str:
    """One character inside a basic string of TOML."""
    if sign in '"\\':
        return "\\" + sign
    if sign == "\x7f" or (sign < " ") or "\ud800" <= sign <= "\udfff":
        return f"\\u{ord(sign):04x}"
    return sign
