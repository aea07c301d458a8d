"""The rival explanations: what each says, by which variables, with which sign, and who says so.

Nothing here may rest on hostility between the state and the target, which defines the outcome.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Literal

from counterpoise.errors import DataError

Level = Literal["target", "state", "pair"]

BARRED = frozenset({"rivalries", "disputes", "dispute_dyads", "wars", "arms_races"})
"""Tables that define which pacts are directed: no predictor may read them."""


@dataclass(frozen=True)
class Variable:
    """One column: whom it speaks of, the sign that the explanation expects (0 none), its tables."""

    name: str
    level: Level
    expected: int
    tables: tuple[str, ...]
    about: str


@dataclass(frozen=True)
class Theory:
    """One explanation; its first variable gives the headline coefficient."""

    name: str
    says: str
    source: str
    variables: tuple[Variable, ...]


THEORIES: tuple[Theory, ...] = (
    Theory(
        "institutions",
        "shared organisations bind the target and reassure others",
        "Keohane 1984; Ikenberry 2001; Russett & Oneal 2001",
        (
            Variable(
                "shared_organisations",
                "pair",
                -1,
                ("igo_memberships",),
                "organisations of which both are full members (log of one more)",
            ),
        ),
    ),
    Theory(
        "soft power",
        "states that want what the target wants do not balance it",
        "Nye 2004; ideal points after Bailey, Strezhnev & Voeten 2017",
        (
            Variable(
                "ideal_distance",
                "pair",
                1,
                ("published_ideal_points",),
                "distance between ideal points in the UN (from 1946)",
            ),
            Variable(
                "ideal_drift",
                "pair",
                1,
                ("published_ideal_points",),
                "change of that distance over five years",
            ),
        ),
    ),
    Theory(
        "democratic peace",
        "democracies do not threaten democracies, and liberal powers are trusted",
        "Doyle 1986; Maoz & Russett 1993; Owen 2001",
        (
            Variable(
                "lower_democracy",
                "pair",
                -1,
                ("democracy",),
                "the lower of both electoral democracy indices",
            ),
            Variable(
                "target_democracy", "target", -1, ("democracy",), "the target's electoral democracy"
            ),
        ),
    ),
    Theory(
        "balance of power",
        "states balance the strongest",
        "Waltz 1979; Levy & Thompson 2005 (the opposite from some lead on: Wohlforth 1999)",
        (
            Variable(
                "power_share",
                "target",
                1,
                ("nmc", "gdp_population", "majors"),
                "the target's share of power among the major powers",
            ),
            Variable(
                "leads",
                "target",
                1,
                ("nmc", "gdp_population"),
                "share of the power metrics under which the target leads",
            ),
        ),
    ),
    Theory(
        "balance of threat",
        "states balance what can hurt them",
        "Walt 1987, without intentions, whose signs define the outcome",
        (
            Variable(
                "arriving_capability",
                "pair",
                1,
                ("nmc", "gdp_population", "min_distance", "contiguity", "capitals"),
                "the target's power that arrives over the distance, over itself and the state's",
            ),
            Variable(
                "target_spending", "target", 1, ("nmc",), "the target's share of military spending"
            ),
            Variable(
                "forward_distance",
                "pair",
                -1,
                ("us_troops", "min_distance", "contiguity", "capitals"),
                "distance from the target's borders and listed forces (log km)",
            ),
        ),
    ),
    Theory(
        "sea against land power",
        "leading sea powers are not balanced, leading armies are",
        "Levy & Thompson 2010",
        (
            Variable(
                "leads_at_sea",
                "target",
                -1,
                (),
                "the target is the leading sea power (coded list)",
            ),
            Variable(
                "army_share",
                "target",
                1,
                ("nmc", "majors"),
                "the target's share of military personnel among the major powers",
            ),
        ),
    ),
    Theory(
        "nuclear deterrence",
        "weapons make their owner safe without allies, and balancing an armed target pointless",
        "Waltz 1981; Jervis 1989",
        (
            Variable(
                "target_nuclear", "target", -1, ("nuclear_status",), "the target has nuclear arms"
            ),
            Variable("own_nuclear", "state", -1, ("nuclear_status",), "the state has nuclear arms"),
        ),
    ),
    Theory(
        "economic dependence",
        "states do not balance those they live on",
        "Hirschman 1945; Russett & Oneal 2001; Papayoanou 1999",
        (
            Variable(
                "dependence",
                "pair",
                -1,
                ("trade", "gdp_population", "trade_totals"),
                "trade with the target over GDP (log, less the window's median), 1870–2014",
            ),
        ),
    ),
    Theory(
        "distance",
        "states balance those near them",
        "Boulding 1962; Mearsheimer 2001 on the stopping power of water",
        (
            Variable(
                "distance",
                "pair",
                -1,
                ("capitals", "min_distance"),
                "distance between capitals (log km)",
            ),
            Variable("land_border", "pair", 1, ("contiguity",), "the two share a land border"),
        ),
    ),
    Theory(
        "self-interest only",
        "states sign pacts for reasons of their own, whoever the target is",
        "Brooks & Wohlforth 2005; Drezner 2006",
        (
            Variable(
                "own_power", "state", 1, ("nmc", "gdp_population"), "the state's power (log share)"
            ),
            Variable(
                "own_pacts",
                "state",
                1,
                ("atop_dyads",),
                "states that it is bound to defend (log of one more)",
            ),
            *(
                Variable(f"in_{region}", "state", 0, (), "the state's region, against Europe")
                for region in ("americas", "africa", "middle_east", "asia")
            ),
        ),
    ),
)

VICTIMS = Variable(
    "target_victims",
    "pair",
    1,
    ("dispute_dyads",),
    "other states that the target occupied or went to war with in five years",
)
"""Used only where a specification asks for it, since partners may be among the victims."""


@functools.cache
def theories(*, with_victims: bool = False) -> tuple[Theory, ...]:
    """The explanations in use; checked against what is barred.

    Raises
    ------
    DataError : a variable rests on what defines the outcome.
    """
    barred = [
        v.name for theory in THEORIES for v in theory.variables if BARRED.intersection(v.tables)
    ]
    if barred:
        raise DataError(f"These predictors rest on what defines the outcome: {', '.join(barred)}")
    if not with_victims:
        return THEORIES
    return tuple(
        Theory(t.name, t.says, t.source, (*t.variables, VICTIMS))
        if t.name == "balance of threat"
        else t
        for t in THEORIES
    )


def names() -> tuple[str, ...]:
    """Names of the explanations, in order."""
    return tuple(theory.name for theory in THEORIES)
