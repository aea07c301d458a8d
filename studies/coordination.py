"""Does the test of coordination in votes hold its level, and what does it find on the record?

Run: python studies/coordination.py null|power|record|scan [--worlds 60] [--seed 19451024]
``null`` simulates assemblies in which no group coordinates and prints how often one is said to;
``power`` plants a line that members follow; ``record`` tests random groups of real states, and
their matched groups; ``scan`` writes the table of every bloc, target and year that verdicts read.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise.assessment import soft_scan, soft_test
from counterpoise.measures import coordination
from counterpoise.models import coordination_worlds as worlds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SEED = 19451024
SIZES = (3, 6, 12, 30)
DRAWS = 199
LEVEL = 0.05
STRENGTHS = (0.1, 0.2, 0.3, 0.4, 0.6)
TABLE = Path("src/counterpoise/record/coded/coordination_scan.csv")
RECORD_YEARS = (1955, 1965, 1975, 1985, 1995, 2006, 2016)
EACH = 3
"""Groups of one kind and size that are drawn in each world."""


def null(count: int, seed: int) -> pl.DataFrame:
    """Share of groups rejected at 5 % where none coordinates, by setting, kind and size."""
    rows = [row for s in range(len(worlds.SETTINGS)) for row in _null(s, count, seed)]
    return (
        pl.DataFrame(rows)
        .group_by("setting", "kind", "size", maintain_order=True)
        .agg(groups=pl.len(), rejected=(pl.col("p") <= LEVEL).mean())
    )


def _null(place: int, count: int, seed: int) -> Iterator[dict[str, object]]:
    setting = worlds.SETTINGS[place]
    for turn in range(count):
        rng = np.random.default_rng([seed, place, turn])
        of = worlds.world(setting, rng)
        trial = worlds.seen(of, worlds.cast(of, rng))
        for kind in worlds.KINDS:
            for size in SIZES:
                for _ in range(EACH):
                    group = worlds.group(of, kind, size, rng)
                    if group is not None:
                        p = worlds.p_value(of, trial, group, DRAWS, rng)
                        yield {"setting": setting.name, "kind": kind, "size": size, "p": p}


def power(count: int, seed: int) -> pl.DataFrame:
    """Share of planted groups found at 5 %, by their size and how often members follow a line."""
    setting = worlds.SETTINGS[-1]
    rows = []
    for turn in range(count):
        for size in SIZES:
            for strength in STRENGTHS:
                rng = np.random.default_rng([seed, 99, turn, size, int(100 * strength)])
                of = worlds.world(setting, rng)
                group = worlds.group(of, worlds.KINDS[turn % 2], size, rng)
                if group is None:
                    continue
                trial = worlds.seen(of, worlds.cast(of, rng, group, strength))
                p = worlds.p_value(of, trial, group, DRAWS, rng)
                rows.append({"size": size, "strength": strength, "p": p})
    found = (
        pl.DataFrame(rows)
        .group_by("size", "strength")
        .agg(groups=pl.len(), found=(pl.col("p") <= LEVEL).mean())
    )
    return found.sort("size", "strength")


def on_record(years: Sequence[int], each: int, seed: int) -> pl.DataFrame:
    """Random groups of real states, and groups matched to scanned blocs, put to the whole test."""
    rows = []
    for year in years:
        rng = np.random.default_rng([seed, year])
        for kind, members in _real_groups(year, each, rng):
            powers = [p for p in coordination.powers(year) if p not in members]
            held = soft_test.residuals(members, powers[0], year)
            for target, own in held.items():
                others = {t: one for t, one in held.items() if t != target}
                found = soft_test.judge(own, others, year)
                if found.percentile is not None:
                    rows.append({
                        "year": year, "kind": kind, "size": len(members),
                        "above": found.percentile >= soft_test.PERCENTILE,
                        "passed": found.passed is True,
                    })  # fmt: skip
    return pl.DataFrame(rows)


def _real_groups(
    year: int, each: int, rng: np.random.Generator
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Groups of three to twelve states drawn from all, and one matched to each of some blocs."""
    met, powers = coordination.assembly(year), coordination.powers(year)
    assert met is not None
    voting = np.setdiff1d(met.codes[(met.votes.votes >= 0).mean(axis=1) > 0.5], powers)
    for _ in range(each):
        size = int(rng.choice([3, 6, 12]))
        yield "random", tuple(sorted(rng.choice(voting, size, replace=False).tolist()))
    blocs = list(soft_scan.groups(year).values())
    for place in rng.permutation(len(blocs))[:each]:
        target = next((p for p in powers if p not in blocs[place]), None)
        size = soft_scan.dimensions(year)
        seen = coordination.trial(year, target, size) if target and size else None
        places = met.places(sorted(blocs[place])) if seen else []
        if seen is not None and 3 <= len(places) <= 30:
            drawn = coordination.matched(met, seen, places, 1, rng, by_points=True)[0]
            yield "matched", tuple(sorted(met.codes[drawn].tolist()))


def scan(first: int, last: int, step: int) -> pl.DataFrame:
    """Every named bloc against every major power, in every ``step``-th year."""
    return soft_scan.scan(range(first, last + 1, step), tell=print)


def draw(found: pl.DataFrame, path: Path) -> None:
    """Picture of the power: a curve for each size."""
    import altair as alt

    from counterpoise import figures

    chart = (
        alt.Chart(found)
        .mark_line(point=True)
        .encode(
            x=alt.X("strength", title="how often a member follows the line"),
            y=alt.Y(
                "found", title="share of planted groups found at 5 %", axis=alt.Axis(format="%")
            ),
            color=alt.Color("size:O", title="members"),
        )
    )
    figures.save(chart.properties(width=420, height=260), path)


def show(frame: pl.DataFrame) -> None:
    """Print every row."""
    with pl.Config(tbl_rows=200, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True,
                   float_precision=3, fmt_str_lengths=60, tbl_width_chars=120):  # fmt: skip
        print(frame)


def main() -> None:
    """Simulate, test and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=["null", "power", "record", "scan"])
    parser.add_argument("--years", type=int, nargs=3, default=(1946, 2021, 1))
    parser.add_argument("--out", type=Path, help="file of the table, or of the picture of power")
    parser.add_argument("--worlds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    if given.part == "null":
        found = null(given.worlds, given.seed)
        show(found)
        by = [["setting"], ["setting", "size"], ["kind"], ["size"]]
        weighted = (pl.col("groups") * pl.col("rejected")).sum() / pl.col("groups").sum()
        for names in by:
            show(found.group_by(names, maintain_order=True).agg(
                pl.col("groups").sum(), rejected=weighted))  # fmt: skip
    elif given.part == "record":
        found = on_record(RECORD_YEARS, given.worlds, given.seed)
        counted = (pl.len().alias("tests"), pl.col("above").mean(), pl.col("passed").mean())
        for names in (["kind"], ["kind", "size"], ["kind", "year"]):
            show(found.group_by(names).agg(counted).sort(names))
    elif given.part == "scan":
        scan(*given.years).write_csv(given.out or TABLE, float_precision=5)
    else:
        found = power(given.worlds, given.seed)
        show(found)
        if given.out:
            draw(found, given.out)


if __name__ == "__main__":
    main()
