"""What an address asks: checked, bounded, and written back as short as it can be."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from starlette.datastructures import QueryParams

from counterpoise.errors import QuestionError
from counterpoise.measures.hostility import HostilityRule
from counterpoise.measures.rules import STANDARD, Rules

if TYPE_CHECKING:
    from counterpoise.assessment.verdict import Verdict

FIRST_YEAR, LAST_YEAR = 1816, 2100
LONGEST = 400


def _blank(value: Any) -> Any:
    """An empty field of a form says nothing, as if it were not there."""
    return None if isinstance(value, str) and not value.strip() else value


def _nameless(text: str) -> str:
    """Refuse what would be read as a file on this machine, and what no name holds."""
    if text.strip().casefold().endswith(".csv"):
        raise ValueError("a page opens no file; name a bloc, or list its states")
    if any(unicodedata.category(sign).startswith("C") for sign in text):
        raise ValueError("control characters are no part of a name")
    if not text.strip():
        raise ValueError("a name is not blank")
    return text.strip()


Name = Annotated[str, Field(min_length=1, max_length=LONGEST), AfterValidator(_nameless)]
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
Cut = Annotated[Annotated[float, Field(ge=0.01, le=1)] | None, BeforeValidator(_blank)]
BelowOne = Annotated[Annotated[float, Field(ge=0.01, le=0.99)] | None, BeforeValidator(_blank)]
Window = Annotated[Annotated[int, Field(ge=1, le=50)] | None, BeforeValidator(_blank)]
Metric = Literal["cinc", "milex", "gdp", "net"]

CUTS = (
    ("bound_share", "Share of the bloc's power that pacts must bind"),
    ("incipient_bound_share", "Share bound that makes a start"),
    ("directedness", "Share of power that must be hostile"),
    ("directedness_rest", "The same without the strongest member"),
    ("power_ratio", "Power over the target's that is strong enough"),
    ("allied_share", "Share allied with the target that is too much"),
    ("rejection", "Weight that must reject what the target does"),
    ("accord_reject", "Accord on what is rejected"),
    ("vision", "Accord on what to build that makes a vision"),
    ("survival", "Threat from which a member's survival is at stake"),
    ("survival_share", "Share of lesser members at stake"),
)
"""Cut-offs that a reader may move, and what a page calls them."""


class Asked(BaseModel):
    """One bloc against one target in one year, with the cut-offs of the verdict."""

    model_config = ConfigDict(frozen=True)

    bloc: Name = Field("SCO", description="Organisation, atop:4810, or a list such as RUS,CHN,IRN.")
    against: Name = Field("USA", description="Target: name, ISO3, COW abbreviation or number.")
    year: Year = Field(2006, description="Calendar year.")
    power: Metric = Field("cinc", description="Metric of power.")
    extend: bool = Field(default=False, description="Carry the record past its last year, flagged.")
    bound_share: Cut = Field(None, description="Cut-off; the standard one where absent.")
    incipient_bound_share: Cut = None
    directedness: Cut = None
    directedness_rest: Cut = None
    power_ratio: Cut = None
    allied_share: BelowOne = None
    rejection: Cut = None
    accord_reject: Cut = None
    vision: Cut = None
    survival: Cut = None
    survival_share: Cut = None
    window: Window = Field(None, description="Years that a dispute counts.")
    rivalries: bool = Field(default=True, description="Count codings of strategic rivalry.")

    def rules(self) -> Rules:
        """The cut-offs asked for, the standard ones where nothing is asked."""
        given = {n: getattr(self, n) for n, _ in CUTS if not self.is_standard(n)}
        window = self.window or STANDARD.hostility.window
        return replace(STANDARD, hostility=HostilityRule(window, self.rivalries), **given)

    def is_standard(self, name: str) -> bool:
        """Is a cut-off absent, or the standard one as a form shows it, to two places?"""
        value = getattr(self, name)
        return value is None or round(value, 2) == round(_STANDARD_CUTS[name], 2)

    def params(self, **changed: Any) -> dict[str, str]:
        """The question as an address writes it: what is standard is left out.

        ``changed`` exchanges fields, such as the year of a neighbouring page.
        """
        asked = self.model_copy(update=changed)
        found = {"bloc": asked.bloc, "against": asked.against, "year": str(asked.year)}
        for name, field in type(self).model_fields.items():
            value = getattr(asked, name)
            if name in found or value is None or value == field.default:
                continue
            if name in _STANDARD_CUTS and asked.is_standard(name):
                continue
            found[name] = str(value).lower() if isinstance(value, bool) else f"{value}"
        return found

    def query(self, **changed: Any) -> str:
        """The question as the part of an address after the question mark."""
        return str(QueryParams(self.params(**changed)))

    def verdict(self) -> Verdict:
        """The answer.

        Raises
        ------
        CounterpoiseError : the question cannot be asked; the message says why.
        """
        from counterpoise.assessment.verdict import assess

        return assess(
            self.bloc, self.against, self.year, self.power, self.rules(), extend=self.extend
        )


_STANDARD_CUTS = {name: getattr(STANDARD, name) for name, _ in CUTS} | {
    "window": STANDARD.hostility.window
}


class Compared(BaseModel):
    """Several questions side by side: three lists of one length, at most four long."""

    model_config = ConfigDict(frozen=True)

    bloc: list[Name] = Field(["SCO", "Warsaw Pact", "NATO"], max_length=4)
    against: list[Name] = Field(["USA", "USA", "365"], max_length=4)
    year: list[Year] = Field([2006, 1985, 1985], max_length=4)
    power: Metric = "cinc"
    extend: bool = False

    def questions(self) -> list[Asked]:
        """One question for each place of the lists.

        Raises
        ------
        QuestionError : the lists are not of one length.
        """
        if not len(self.bloc) == len(self.against) == len(self.year):
            raise QuestionError(
                f"There are {len(self.bloc)} blocs, {len(self.against)} targets and "
                f"{len(self.year)} years; give one of each for every column."
            )
        rows = zip(self.bloc, self.against, self.year, strict=True)
        shared = {"power": self.power, "extend": self.extend}
        return [
            Asked.model_validate({"bloc": b, "against": a, "year": y, **shared}) for b, a, y in rows
        ]

    def query(self) -> str:
        """The part of an address after the question mark."""
        asked = [question.params() for question in self.questions()]
        pairs = [(name, found[name]) for found in asked for name in TRIPLE]
        pairs += [("power", self.power)] if self.power != "cinc" else []
        pairs += [("extend", "true")] if self.extend else []
        return str(QueryParams(pairs))


TRIPLE = ("bloc", "against", "year")


class Scanned(BaseModel):
    """A search for coalitions against one target over some years."""

    model_config = ConfigDict(frozen=True)

    against: Name = Field("USA", description="Target, or leader: the leading state of each year.")
    first: Year = Field(2006, alias="from", description="First year.")
    last: Year = Field(2006, alias="to", description="Last year.")
    power: Metric = "cinc"
    draws: Annotated[int, Field(ge=0, le=1000)] = Field(200, description="Random groups per bloc.")

    def query(self) -> str:
        """The part of an address after the question mark."""
        shown = self.model_dump(by_alias=True)
        return str(QueryParams({k: str(v) for k, v in shown.items()}))
