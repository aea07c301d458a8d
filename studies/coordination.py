"""Does the test of coordination in votes hold its level, and what does it find on the record?

Run: python studies/coordination.py null|power|record|scan [--worlds 60] [--seed 19451024]
``null`` simulates assemblies in which no group coordinates and prints how often one is said to;
``power`` plants a line that members follow; ``record`` tests random groups of real states, and
their matched groups; ``scan`` writes the table of every bloc, target and year that verdicts read.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from counterpoise.models import coordination_worlds as worlds

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 19451024
SIZES = (3, 6, 12, 30)
DRAWS = 199
LEVEL = 0.05
STRENGTHS = (0.1, 0.2, 0.3, 0.4, 0.6)
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


def show(frame: pl.DataFrame) -> None:
    """Print every row."""
    with pl.Config(tbl_rows=200, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True,
                   float_precision=3, fmt_str_lengths=60, tbl_width_chars=120):  # fmt: skip
        print(frame)


def main() -> None:
    """Simulate, test and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", choices=["null", "power"])
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
    else:
        show(power(given.worlds, given.seed))


if __name__ == "__main__":
    main()
