"""Ledgers of claims: who predicted what, when and where, and whether it came true."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from counterpoise import files
from counterpoise.assessment.propositions import Proposition, parse
from counterpoise.assessment.resolution import Outcome, resolve
from counterpoise.errors import MANY, CaseError, DataError, excerpt, spelled

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST_FILE, MOST_FILES = 20_000, 2_000
SHIPPED = Path(__file__).parents[1] / "ledgers" / "debate"

HEDGES: dict[str, float] = {
    "certain": 0.97,
    "expected": 0.85,
    "likely": 0.7,
    "possible": 0.4,
    "unlikely": 0.2,
    "remote": 0.05,
}
"""Probability that each hedge is read as: our own reading, stated with every claim that uses it.

A claim may give a probability instead.
"""

Text = Annotated[str, Field(min_length=1, max_length=600)]


class Claim(BaseModel):
    """One claim; ``restated`` is our own sentence, ``checked`` whether we opened the source."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9_]{3,60}$")]
    claimant: Text
    school: Text
    made: dt.date
    source: Text
    checked: bool
    restated: Text
    proposition: Text
    probability: Annotated[float, Field(ge=0, le=1)] | None = None
    hedge: Literal["certain", "expected", "likely", "possible", "unlikely", "remote"] | None = None
    reading: Text

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.probability is None) == (self.hedge is None):
            raise ValueError("give either probability or hedge")
        try:
            proposition = parse(self.proposition)
        except CaseError as error:
            raise ValueError(str(error)) from None
        if proposition.when == "by" and proposition.last < self.made.year:
            raise ValueError(f"{proposition.last} is before the claim was made")
        return self

    @property
    def parsed(self) -> Proposition:
        """The proposition, read."""
        return parse(self.proposition)

    @property
    def chance(self) -> float:
        """Probability that the claim gives to its proposition, stated or read from its hedge."""
        return self.probability if self.probability is not None else HEDGES[str(self.hedge)]

    def outcome(self) -> Outcome:
        """What became of it by its own date."""
        return resolve(self.parsed, self.made.year)


def read(path: Path) -> Claim:
    """Read one claim file.

    Raises
    ------
    CaseError : too large, not TOML, or not a claim; each fault is listed.
    """
    try:
        if path.is_symlink() or not path.is_file():
            raise CaseError(f"{path}: not a plain file")
        text = files.text(path, LARGEST_FILE, "a claim")
        return Claim.model_validate(tomllib.loads(text))
    except DataError as error:
        raise CaseError(str(error)) from None
    except OSError as error:
        raise CaseError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise CaseError(f"{path}: not a TOML file: {excerpt(error, 80)}") from None
    except ValidationError as error:
        raise CaseError(f"{path}: {_faults(error)}") from None


def _faults(error: ValidationError) -> str:
    faults = (
        f"{'.'.join(excerpt(part, 30) for part in fault['loc']) or 'claim'}: {fault['msg']}"
        for fault in error.errors()
    )
    return spelled(faults, MANY)


def ledger(folder: Path | None = None) -> tuple[Claim, ...]:
    """Every claim of a folder, by date; the ledger in the package by default.

    Raises
    ------
    CaseError : no such folder, no claim in it, two claims with one id, or a file that is not one.
    """
    place = folder or SHIPPED
    if not place.is_dir():
        raise CaseError(f"{place} is not a folder of claim files.")
    paths = sorted(place.glob("*.toml"))
    if not paths or len(paths) > MOST_FILES:
        raise CaseError(
            f"{place} holds {len(paths)} claim files; between 1 and {MOST_FILES} are read."
        )
    claims = sorted((read(path) for path in paths), key=lambda c: (c.made, c.id))
    repeated = sorted({c.id for c in claims if sum(o.id == c.id for o in claims) > 1})
    if repeated:
        raise CaseError(f"{place}: claims with the same id: {', '.join(repeated)}")
    return tuple(claims)


def resolved(claims: Sequence[Claim]) -> list[tuple[Claim, Outcome]]:
    """Each claim with what became of it; void ones included."""
    return [(claim, claim.outcome()) for claim in claims]
