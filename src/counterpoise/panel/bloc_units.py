"""Blocs by year: who their members were, and columns drawn together over members and pairs.

Membership in a year is that of 31 December, or of the last day in a year in which the bloc
ended, as everywhere in this package. After the last year for which a roster was coded there is
no row, unless it is carried on, which is flagged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise import blocs, record
from counterpoise.blocs import names, rosters
from counterpoise.errors import CoverageError, QuestionError
from counterpoise.panel.rows import Rows
from counterpoise.panel.units import Units, carried
from counterpoise.panel.unrolling import by_year

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from counterpoise.blocs import Roster
    from counterpoise.panel.adds import Add, Kind
    from counterpoise.panel.columns import Column

MOST_PAIRS = 2_000_000
"""Pairs of members that are looked up at once."""

TYPES = {
    "bloc": pl.String,
    "ccode": pl.Int32,
    "year": pl.Int32,
    "is_extended": pl.Boolean,
}


@dataclass(frozen=True, eq=False)
class BlocUnits:
    """Bloc-years, with the members that their columns are drawn from.

    Parameters
    ----------
    rows : one row per member, sorted by bloc and year.
    starts : where the members of each bloc-year begin in ``rows``, and where the last ones end.
    """

    keys: pl.DataFrame
    rows: Rows
    starts: NDArray[np.int64]

    kind: Kind = "bloc_years"
    code_columns: tuple[str, ...] = ()
    key_columns: tuple[str, ...] = ("bloc", "year")

    def columns(self, add: Add) -> dict[str, Column]:
        """Columns that a set gives, drawn together over members, or over pairs of them."""
        return add.columns(self.kind)

    def values(self, add: Add, limit: int | None) -> pl.DataFrame:
        """Columns of a set for every bloc-year; null where one value among its members is."""
        size = np.diff(self.starts)
        parts = []
        if add.over_members():
            member = np.repeat(np.arange(len(size)), size)
            found = carried(add, self.rows, limit)
            parts.append(drawn(found, member, add.over_members(), self.keys.height))
        if add.over_pairs():
            chunks = [self._over_pairs(add, limit, a, b) for a, b in self._chunks()]
            parts.append(pl.concat(chunks))
        flags = [part.select(pl.selectors.ends_with("_extended")) for part in parts]
        bare = [part.drop(flag.columns) for part, flag in zip(parts, flags, strict=True)]
        return pl.concat([*bare, flags[0]], how="horizontal")

    def _chunks(self) -> Iterator[tuple[int, int]]:
        """Ranges of bloc-years with a bounded number of pairs."""
        size = np.diff(self.starts)
        pairs = np.cumsum(size * (size - 1) // 2)
        begin = 0
        while begin < len(size):
            before = pairs[begin - 1] if begin else 0
            end = max(int(np.searchsorted(pairs, before + MOST_PAIRS, side="right")), begin + 1)
            yield begin, end
            begin = end

    def _over_pairs(self, add: Add, limit: int | None, begin: int, end: int) -> pl.DataFrame:
        code, year = self.rows.codes[0], self.rows.year
        pairs = [np.triu_indices(int(n), 1) for n in np.diff(self.starts[begin : end + 1])]
        lengths = [len(one) for one, _ in pairs]
        unit = np.repeat(np.arange(end - begin), lengths)
        offset = np.repeat(self.starts[begin:end], lengths)
        one, two = (offset + np.concatenate([pair[k] for pair in pairs]) for k in (0, 1))
        rows = Rows("cow", (code[one], code[two]), year[one], directed=False)
        return drawn(carried(add, rows, limit), unit, add.over_pairs(), end - begin)


def drawn(
    found: pl.DataFrame, unit: NDArray[np.int64], columns: Sequence[Column], height: int
) -> pl.DataFrame:
    """Columns of members or pairs drawn together by bloc-year; unknown in, unknown out."""
    kept = [_over(c).alias(f"{c.name}_{c.over}") for c in columns]
    flags = [pl.col(n).any() for n in found.columns if n.endswith("_extended")]
    units = pl.Series("unit", unit, dtype=pl.Int64)
    grouped = found.with_columns(units).group_by("unit").agg(*kept, *flags)
    every = pl.DataFrame({"unit": np.arange(height, dtype=np.int64)})
    return every.join(grouped, on="unit", how="left", maintain_order="left").drop("unit")


def _over(column: Column) -> pl.Expr:
    value = pl.col(column.name)
    drawn_by = {
        "sum": value.sum(),
        "mean": value.mean(),
        "share": (value > 0).mean(),
        "min": value.min(),
        "max": value.max(),
    }
    return pl.when(value.null_count() == 0).then(drawn_by[column.over])


def members(wanted: Sequence[str] | None, first: int, last: int, *, extend: bool) -> pl.DataFrame:
    """Members of blocs by year: columns bloc, ccode, year, is_extended, sorted.

    Parameters
    ----------
    wanted : names, aliases, ``atop:4810``, lists such as ``RUS,CHN`` or roster files; None for
        every bloc that the record knows by name.

    Raises
    ------
    UnknownNameError, AmbiguousNameError : no such bloc, or several.
    QuestionError : a bloc is named twice, or none existed in the years.
    """
    if isinstance(wanted, str):
        wanted = [wanted]
    found = [_members(*pair, first, last, extend=extend) for pair in _rosters(wanted, extend)]
    frame = pl.concat(found) if found else pl.DataFrame(schema=TYPES)
    if frame.is_empty():
        raise QuestionError(f"None of the blocs has known members between {first} and {last}.")
    return frame.sort("bloc", "year", "ccode")


def _rosters(wanted: Sequence[str] | None, extend: bool) -> Iterator[tuple[str, Roster | None]]:
    """Each bloc's name in the panel, and its roster; None for a list of states or a file."""
    if wanted is None:
        yield from ((r.key or r.name, r) for r in rosters.every())
        return
    again = sorted({name for name in wanted if list(wanted).count(name) > 1})
    if again:
        raise QuestionError(f"Named more than once: {', '.join(again)}")
    for name in wanted:
        given = name.strip().casefold().endswith(".csv")
        yield name, None if given else names.find(name, extend=extend)


def _members(
    name: str, roster: Roster | None, first: int, last: int, *, extend: bool
) -> pl.DataFrame:
    if roster is None:
        return _listed(name, first, last)
    spells = [(s.ccode, s.start, s.end) for s in roster.spells if s.status == "member"]
    types = {"ccode": pl.Int32, "start": pl.Date, "end": pl.Date}
    frame = pl.DataFrame(spells, schema=types, orient="row")
    known = last if roster.last_year is None else roster.last_year
    begin = max(first, roster.first_year or first)
    yearly = standing(frame, begin, last if extend else min(last, known))
    return yearly.select(
        pl.lit(name).alias("bloc"), "ccode", "year", is_extended=pl.col("year") > known
    )


def standing(spells: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    """Who stands at the end of each year, or on the last day of a bloc that ended in it.

    Parameters
    ----------
    spells : columns ccode, start, end; null for no beginning or no end.
    """
    yearly = by_year(
        spells.with_columns(pl.col("start").fill_null(pl.date(first, 1, 1)), until=pl.col("end")),
        last,
    ).filter(pl.col("year") >= first)
    eve = pl.date(pl.col("year"), 12, 31)
    days = yearly.with_columns(held=pl.min_horizontal(pl.col("until").fill_null(eve), eve))
    stood = days.filter(pl.col("held") == pl.col("held").max().over("year"))
    return stood.select("ccode", "year").unique()


def _listed(name: str, first: int, last: int) -> pl.DataFrame:
    """Members of a list or a roster file, which is read anew for each year."""
    rows: list[tuple[str, int, int, bool]] = []
    for year in range(first, last + 1):
        try:
            found = blocs.bloc(name, year)
        except CoverageError:
            continue
        rows += [(name, code, year, False) for code in found.members]
    if not rows:
        blocs.bloc(name, last)
    return pl.DataFrame(rows, schema=TYPES, orient="row")


def of_members(frame: pl.DataFrame) -> Units:
    """One row per bloc, member and year."""
    rows = Rows("cow", (frame["ccode"].to_numpy(),), frame["year"].to_numpy())
    return Units(
        "bloc_member_years", _named(frame).select(_order(["bloc", "ccode", "year"], frame)), rows
    )


def of_blocs(frame: pl.DataFrame) -> BlocUnits:
    """One row per bloc and year."""
    keys = frame.group_by("bloc", "year", maintain_order=True).agg(
        pl.col("is_extended").any(), n_members=pl.len().cast(pl.Int32), members=pl.col("ccode")
    )
    starts = np.concatenate([[0], np.cumsum(keys["n_members"].to_numpy().astype(np.int64))])
    rows = Rows("cow", (frame["ccode"].to_numpy(),), frame["year"].to_numpy())
    ordered = _named(keys).select(_order(["bloc", "year", "n_members", "members"], keys))
    return BlocUnits(ordered, rows, starts)


def _named(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.rename({"is_extended": "members_extended"})


def _order(columns: list[str], frame: pl.DataFrame) -> list[str]:
    """Columns of the keys, with the flag only where something was carried on."""
    return [*columns, "members_extended"] if frame["is_extended"].any() else columns


def tables_of(frame: pl.DataFrame) -> tuple[str, ...]:
    """Tables of the record that the members rest on."""
    prefixes = {name.partition(":")[0] for name in frame["bloc"].unique() if ":" in name}
    held = {"igo": "igo_memberships", "informal": "informal_memberships", "atop": "atop_members"}
    return tuple(t for p, t in held.items() if p in prefixes and t in record.manifest().tables)
