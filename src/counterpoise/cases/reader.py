"""Reads and checks a case file (TOML); unknown keys are refused."""

from __future__ import annotations

import functools
import tomllib
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from counterpoise import files
from counterpoise.cases.template import NOT_CODED
from counterpoise.errors import MANY, CaseError, DataError, excerpt, spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LARGEST_FILE = 1_000_000
Percent = Annotated[float, Field(ge=0, le=100)]
Unit = Annotated[float, Field(ge=0, le=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Actor(_Strict):
    """A state, or an organisation without a COW number (code 0)."""

    id: str
    name: str
    code: Annotated[int, Field(ge=0, le=999)]
    role: Literal["member", "observer", "outsider"]


class Issue(_Strict):
    """One question with both ends of its scale, the target's position and the status quo.

    ``outcome`` is where the issue was settled, if it was: forecasts are scored against it.
    """

    id: str
    title: str
    kind: Literal["reject", "build"]
    low: str
    high: str
    target: Percent
    status_quo: Percent
    source: str
    outcome: Percent | None = None


class Position(_Strict):
    """Where one actor stands on one issue, how much it cares, and the range of either coding."""

    issue: str
    actor: str
    position: Percent
    low: Percent
    high: Percent
    salience: Unit
    salience_low: Unit
    salience_high: Unit
    source: str

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low <= self.position <= self.high:
            raise ValueError(
                f"position {self.position} is outside its range {self.low}–{self.high}"
            )
        if not self.salience_low <= self.salience <= self.salience_high:
            raise ValueError(
                f"salience {self.salience} is outside its range "
                f"{self.salience_low}–{self.salience_high}"
            )
        return self


class Case(_Strict):
    """A whole case: bloc, target, year, coder, actors, issues and every position."""

    name: str
    bloc: str
    target: int
    year: int
    coder: str
    coded_on: date
    note: str
    actors: tuple[Actor, ...]
    issues: tuple[Issue, ...]
    positions: tuple[Position, ...]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        actors, issues = [a.id for a in self.actors], [i.id for i in self.issues]
        placed = [(p.issue, p.actor) for p in self.positions]
        wanted = {(i, a) for i in issues for a in actors}
        faults = [
            *_repeats("actor", actors),
            *_repeats("issue", issues),
            *_repeats("position", placed),
            *(
                f"no position of {excerpt(a)} on {excerpt(i)}"
                for i, a in sorted(wanted - set(placed))
            ),
            *(
                f"position of {excerpt(a)} on {excerpt(i)}: no such pair"
                for i, a in sorted(set(placed) - wanted)
            ),
        ]
        if faults:
            raise ValueError(spelled(faults, MANY))
        return self

    @property
    def members(self) -> tuple[Actor, ...]:
        """The actors whose positions count towards consensus."""
        return tuple(a for a in self.actors if a.role == "member")

    @property
    def uncoded(self) -> int:
        """Positions that are still those of the blank file."""
        return sum(p.source == NOT_CODED for p in self.positions)


def _repeats(kind: str, items: Sequence[object]) -> list[str]:
    counts = Counter(items)
    return [f"{kind} {excerpt(item)} is given twice" for item, count in counts.items() if count > 1]


def read(path: Path) -> Case:
    """Read one case file.

    Raises
    ------
    CaseError : the file is absent, too large, not TOML or not a case; each fault is listed.
    """
    text = _text(path)
    try:
        return Case.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise CaseError(f"{path}: not TOML: {excerpt(error, 80)}. {REMEDY}") from None
    except ValidationError as error:
        raise CaseError(f"{path}: {_faults(error, text)}. {REMEDY}") from None


def _text(path: Path) -> str:
    try:
        return files.text(path, LARGEST_FILE, "a case file")
    except DataError as error:
        raise CaseError(str(error)) from None


REMEDY = "Mend the file and check it again; counterpoise case new writes one of the right form"


def _faults(error: ValidationError, text: str) -> str:
    faults = (_fault(fault["loc"], fault["msg"], text) for fault in error.errors())
    return spelled(faults, MANY)


def _fault(place: tuple[str | int, ...], message: str, text: str) -> str:
    """One fault with the line it is on, where the fault has one."""
    name = ".".join(excerpt(part, 30) for part in place) or "case"
    line = line_of(text, place)
    return f"line {line}, {name}: {message}" if line else f"{name}: {message}"


def line_of(text: str, place: tuple[str | int, ...]) -> int | None:
    """Line of a key such as ``("positions", 12, "salience")`` in a case file; None without one.

    A key that is missing has the line of the table that should hold it.
    """
    if not place:
        return None
    lines = text.splitlines()
    start, key = 0, str(place[-1])
    if len(place) > 1 and isinstance(place[1], int):
        heads = [n for n, one in enumerate(lines) if one.strip() == f"[[{place[0]}]]"]
        if place[1] >= len(heads):
            return None
        start = heads[place[1]]
    following = range(start + 1, len(lines)) if len(place) > 1 else range(len(lines))
    for n in following:
        if lines[n].strip().startswith("[["):
            break
        if lines[n].split("=")[0].strip() == key:
            return n + 1
    return start + 1


@functools.cache
def _shipped(year: int | None) -> tuple[Case, ...]:
    """Case files in the package; a file is named bloc_year_coder, so one year is read alone."""
    pattern = f"*_{'*' if year is None else year}_*.toml"
    return tuple(read(path) for path in sorted(Path(__file__).parent.glob(pattern)))


def shipped() -> tuple[Case, ...]:
    """Every case file in the package, by file name."""
    return _shipped(None)


def find(bloc: str, target: int, year: int) -> tuple[Case, ...]:
    """Shipped codings of one bloc against one target in one year, in the order of their coders."""
    found = [c for c in _shipped(year) if (c.bloc, c.target, c.year) == (bloc, target, year)]
    return tuple(sorted(found, key=lambda case: case.coder))


def require_same(codings: Sequence[Case]) -> None:
    """Refuse codings that are not of one case: same bloc, target, year, actors and issues.

    Raises
    ------
    CaseError : names what differs.
    """
    first = codings[0]
    for other in codings[1:]:
        parts = {
            "bloc, target or year": (_asked(first), _asked(other)),
            "actors": (_ids(first.actors), _ids(other.actors)),
            "issues": (_ids(first.issues), _ids(other.issues)),
        }
        differing = [name for name, (one, two) in parts.items() if one != two]
        if differing:
            raise CaseError(
                f"Codings {first.coder} and {other.coder} of {first.name} differ in "
                f"{' and '.join(differing)}: only codings of one case can be compared."
            )


def _asked(case: Case) -> tuple[str, int, int]:
    return case.bloc, case.target, case.year


def _ids(items: Iterable[Actor | Issue]) -> set[str]:
    return {item.id for item in items}
