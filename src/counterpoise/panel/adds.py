"""What a panel can get: every set of columns, one line each.

A set is read by one function for state-years, by one for pairs of states, or by both. Which
columns it gives, what an absent row means in each, and how a column is drawn together over the
members of a bloc stand in ``columns.csv``, beside the field of the record that it comes from.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import polars as pl

from counterpoise import record
from counterpoise.errors import QuestionError, UnknownNameError
from counterpoise.panel import conflict, exchange, geography, institutions, powers
from counterpoise.panel.columns import columns
from counterpoise.panel.reading import state_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from counterpoise.panel.columns import Column
    from counterpoise.panel.rows import Rows

    Reader = Callable[[Rows], pl.DataFrame]

Kind = Literal["state_years", "dyad_years", "bloc_member_years", "bloc_years"]
SIDES = ("1", "2")


@dataclass(frozen=True)
class Add:
    """One set of columns.

    Parameters
    ----------
    table : table of the record whose years the set covers.
    others : further tables that it reads.
    state : reads it for state-years; keyed by state and year, one row of facts for many rows.
    pair : reads it for pairs of states; keyed by pair and year, or the path of such a reader in a
        room above this one, found on first use.
    """

    name: str
    table: str
    about: str
    state: Reader | None = None
    pair: Reader | str | None = None
    others: tuple[str, ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """All tables that it reads."""
        return (self.table, *self.others)

    @property
    def coverage(self) -> tuple[int, int]:
        """First and last year."""
        return record.coverage(self.table)

    @property
    def by_side(self) -> bool:
        """Does a pair get the columns of each of its two states, with 1 and 2 at their ends?"""
        return self.pair is None

    @property
    def key(self) -> str:
        """Columns that name a row of the facts."""
        return "state, year" if self.by_side else "state, state, year"

    def serves(self) -> tuple[Kind, ...]:
        """Kinds of panels that can get it."""
        by_state: tuple[Kind, ...] = ("state_years", "bloc_member_years") if self.state else ()
        by_bloc: tuple[Kind, ...] = ("bloc_years",) if self._drawn() else ()
        return (*by_state, "dyad_years", *by_bloc)

    def _drawn(self) -> bool:
        return bool(self.over_members() or self.over_pairs())

    def columns(self, kind: Kind) -> dict[str, Column]:
        """Columns that a panel gets, by name.

        Raises
        ------
        QuestionError : it does not serve that kind.
        """
        if kind not in self.serves():
            raise QuestionError(
                f'"{self.name}" does not serve {spelled(kind)}. '
                f"It serves: {', '.join(spelled(k) for k in self.serves())}"
            )
        if kind == "bloc_years":
            return {f"{c.name}_{c.over}": c for c in (*self.over_members(), *self.over_pairs())}
        if kind in ("state_years", "bloc_member_years"):
            return {c.name: c for c in columns(self.name, "state")}
        if not self.by_side:
            return {c.name: c for c in columns(self.name, "pair")}
        return {f"{c.name}{s}": c for s in SIDES for c in columns(self.name, "state")}

    def over_members(self) -> tuple[Column, ...]:
        """Columns of states that a bloc gets, drawn together over its members."""
        return tuple(c for c in columns(self.name, "state") if c.over != "none")

    def over_pairs(self) -> tuple[Column, ...]:
        """Columns of pairs that a bloc gets, drawn together over pairs of its members."""
        return tuple(c for c in columns(self.name, "pair") if c.over != "none")

    def values(self, rows: Rows) -> pl.DataFrame:
        """Its columns for the rows of a panel of states (one code per row) or dyads (two)."""
        if len(rows.codes) == 1:
            assert self.state is not None
            return self.state(rows)
        if self.pair is None:
            assert self.state is not None
            return pl.concat(
                [self.state(rows.side(k)).select(pl.all().name.suffix(SIDES[k])) for k in range(2)],
                how="horizontal",
            )
        return self._pair_reader()(rows)

    def _pair_reader(self) -> Reader:
        if not isinstance(self.pair, str):
            assert self.pair is not None
            return self.pair
        place, _, name = self.pair.partition(":")
        reader: Reader = getattr(importlib.import_module(place), name)
        return reader


ADDS: dict[str, Add] = {
    add.name: add
    for add in (
        Add("nmc", "nmc", "Capabilities", state_table("nmc", "nmc")),
        Add("gdp", "gdp_population", "Simulated GDP", state_table("gdp", "gdp_population")),
        Add("wdi", "wdi", "World Bank indicators", state_table("wdi", "wdi")),
        Add(
            "sipri_milex",
            "sipri_milex",
            "SIPRI spending",
            state_table("sipri_milex", "sipri_milex"),
        ),
        Add("majors", "majors", "Major powers", powers.majors),
        Add("maoz_powers", "maoz_powers", "Regional and global powers", powers.maoz_powers),
        Add("nuclear", "nuclear_status", "Nuclear arms", state_table("nuclear", "nuclear_status")),
        Add("equipment", "equipment", "Equipment", state_table("equipment", "equipment")),
        Add("democracy", "democracy", "Regimes", state_table("democracy", "democracy")),
        Add("contiguity", "contiguity", "Borders", geography.neighbours, geography.contiguity),
        Add(
            "capital_distance",
            "capitals",
            "Distance between capitals",
            geography.nearest_capital,
            geography.capital_distance,
        ),
        Add(
            "min_distance",
            "min_distance",
            "Distance between borders",
            geography.nearest_border,
            geography.min_distance,
        ),
        Add("atop", "atop_dyads", "Pacts", institutions.partners, institutions.atop),
        Add("igos", "igo_memberships", "IGOs", institutions.memberships, institutions.igos),
        Add("informal_igos", "informal_memberships", "Informal bodies", pair=institutions.informal),
        Add(
            "ideal_points",
            "published_ideal_points",
            "Ideal points in the UN",
            state_table("ideal_points", "published_ideal_points"),
        ),
        Add("rivalries", "rivalries", "Rivalries", conflict.rivals, conflict.rivalries),
        Add("arms_races", "arms_races", "Arms races", pair=conflict.arms_races),
        Add("mids", "dispute_dyads", "Disputes", conflict.disputes, conflict.mids, ("disputes",)),
        Add("wars", "wars", "Inter-state wars", conflict.wars_of_states, conflict.wars),
        Add(
            "armed_conflicts",
            "armed_conflicts",
            "Armed conflicts",
            conflict.armed_conflicts,
            conflict.opponents,
            ("armed_conflict_parties",),
        ),
        Add("troops", "us_troops", "US troops", state_table("troops", "us_troops")),
        Add(
            "exercises",
            "exercises",
            "Military exercises",
            exchange.exercises,
            exchange.joint_exercises,
            ("exercise_participants",),
        ),
        Add(
            "trade",
            "trade",
            "Trade",
            state_table("trade", "trade_totals"),
            exchange.trade,
            ("trade_totals",),
        ),
        Add("china_finance", "china_finance", "Finance from China", exchange.china_finance),
        Add("energy", "energy", "Oil and gas", state_table("energy", "energy")),
        Add("events_icews", "events_icews", "Events in the news", pair=exchange.events_icews),
        Add("events_gdelt", "events_gdelt", "Scores of news", pair=exchange.events_gdelt),
        Add(
            "similarity_pacts",
            "atop_dyads",
            "Likeness of pacts",
            pair="counterpoise.measures.similarity_years:pacts_of_rows",
            others=("nmc",),
        ),
        Add(
            "similarity_votes",
            "un_votes",
            "Likeness of votes in the UN",
            pair="counterpoise.measures.similarity_years:votes_of_rows",
            others=("un_roll_calls",),
        ),
    )
}


def spelled(kind: Kind) -> str:
    """A kind of panel as people write it: state-years."""
    return kind.replace("_", "-")


TOGETHER = {"similarity": ("similarity_pacts", "similarity_votes")}
"""Names for several sets at once."""


def spelled_out(names: Iterable[str]) -> list[str]:
    """Names of sets, each name for several replaced by those."""
    return [one for name in names for one in TOGETHER.get(name, (name,))]


def find(name: str) -> Add:
    """One set by name.

    Raises
    ------
    UnknownNameError : there is none; the message gives the nearest, or all.
    """
    import difflib

    if name in ADDS:
        return ADDS[name]
    near = difflib.get_close_matches(name, ADDS, n=3, cutoff=0.5)
    hint = f"Did you mean: {', '.join(near)}? " if near else ""
    raise UnknownNameError(f'Unknown set "{name}". {hint}There are: {", ".join(sorted(ADDS))}')
