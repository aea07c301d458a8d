"""How often does the verdict call a random group hard, and how many coded coalitions does it find?

Run: python studies/false_positives.py [--groups 10000] [--seed 19490404]
Prints the share of matched random groups that is hard, over all years and targets, with the recall
on the coded hard cases beside it; then the same where groups may hold any of the bloc's power.
"""

from __future__ import annotations

import argparse

import polars as pl

from counterpoise.assessment.false_positives import (
    SEED,
    FalsePositives,
    false_positives,
    recall,
)
from counterpoise.assessment.groups import Likeness


def show(title: str, found: FalsePositives) -> None:
    """Print the share and its parts."""
    low, high = found.interval()
    print(f"\n{title}")
    print(
        f"  {found.groups:,} groups with a known verdict, {found.share:.2%} hard "
        f"(95 % interval {low:.2%} to {high:.2%}); {found.unknown:,} unknown, "
        f"{found.impossible:,} blocs without a group"
    )
    period = (pl.col("year") // 50 * 50).alias("from")
    size = pl.col("size").cut([2, 5, 10, 20], labels=["2", "3-5", "6-10", "11-20", "21-"])
    for columns in (["kind"], [period], [size.alias("members")], ["kind", period]):
        with pl.Config(tbl_rows=40, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True):
            print(found.by(*columns))


def main() -> None:
    """Draw, judge and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--groups", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    beside = recall()
    print(
        f"Recall on the coded hard cases: {beside.agreed[0]} of {beside.agreed[1]} that coders "
        f"agree on, {beside.every[0]} of {beside.every[1]} with contested ones"
    )
    show(
        "Half of the bloc's members and of its power at most",
        false_positives(given.groups, given.seed),
    )
    show(
        "Half of the bloc's members at most",
        false_positives(given.groups, given.seed, rules=Likeness(most_power=1.0)),
    )


if __name__ == "__main__":
    main()
