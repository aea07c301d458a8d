"""Parts of pages that are not about one verdict: leaders, the record, blocs, searches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from counterpoise import figures, states
from counterpoise.assessment import leading
from counterpoise.assessment.wording import percent
from counterpoise.figures.leaders import METRICS, leaders
from counterpoise.measures import power
from counterpoise.record.status import coverage_by_year, status
from counterpoise.report.exhibit import Exhibit, sources, table
from counterpoise.report.plain import UNKNOWN, figure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from counterpoise.assessment.scan import Scan

MOST_ROWS = 500
"""Rows of a long table on a page; the JSON and CSV twins hold the same."""


def leading_states() -> Exhibit:
    """Who led the system, year by year, under every metric."""
    frame = leading.leading()
    first, last = leading.years()
    rows = (
        (
            f"{row['year']}",
            METRICS.get(row["metric"], row["metric"]),
            row["name"],
            percent(row["share"]),
            row["second_name"],
            percent(row["second_share"]),
            row["polarity"],
        )
        for row in frame.sort("year", "metric", descending=[True, False]).iter_rows(named=True)
    )
    head = ("year", "metric", "first", "share", "second", "its share", "polarity")
    return Exhibit(
        "leaders",
        "Leading states",
        _disagreement(frame),
        sources("nmc", "gdp_population", "majors"),
        "; ".join(f"{m.name}: {m.title} ({m.reference})" for m in power.METRICS.values())
        + ". Shares are of all states with a figure. Polarity is Thompson's (1988) rule among the "
        "major powers.",
        table(head, rows, "share, its share"),
        lambda: leaders(frame),
        f"A strip per metric coloured by the leading state; the leader's share, {first}–{last}.",
    )


def _disagreement(frame: pl.DataFrame) -> str:
    """In how many years the metrics name different leaders."""
    named = frame.group_by("year").agg(leaders=pl.col("ccode").n_unique(), metrics=pl.len())
    asked = named.filter(pl.col("metrics") > 1)
    split = asked.filter(pl.col("leaders") > 1).height
    return (
        f"Who leads depends on the metric: in {split} of {asked.height} years at least two of the "
        "four name different states."
    )


def leaders_of(year: int) -> Exhibit:
    """Who leads in one year under each metric, and how power is spread."""
    from counterpoise.assessment.leaders import leader

    found, names = leader(year), states.names()
    rows = [
        (
            name,
            names.name(row.ccode, year),
            percent(row.share),
            names.name(row.second_ccode, year),
            percent(row.second_share),
            row.con,
            figure(row.effective_powers, 2),
            row.polarity,
        )
        if row
        else (name, *(UNKNOWN for _ in range(7)))
        for name, row in found.by_metric.items()
    ]
    head = (
        "metric",
        "first",
        "share",
        "second",
        "its share",
        "CON",
        "effective powers",
        "polarity",
    )
    return Exhibit(
        "year",
        f"Leading states in {year}",
        f"Under {', '.join(power.METRICS)}, side by side.",
        sources("nmc", "gdp_population", "majors"),
        "CON (Ray & Singer 1973), the effective number of powers 1/Σs² and polarity are among the "
        "major powers.",
        table(head, rows, "share, its share, CON, effective powers"),
        notes=tuple(f"{name}: {why}" for name, why in found.coverage.items()),
    )


def record_coverage() -> Exhibit:
    """What every table covers, by year, with its source and licence."""
    frame = status()
    rows = [
        (
            row["table"],
            row["source"],
            row["release"],
            f"{row['first_year']}–{row['last_year']}" if row["first_year"] else "no years",
            row["rows"],
            f"{len(row['gaps'] or [])}",
            row["unmatched"],
            row["corrected"],
            row["licence"],
        )
        for row in frame.iter_rows(named=True)
    ]
    head = (
        "table",
        "source",
        "release",
        "years",
        "rows",
        "gaps",
        "unplaced",
        "corrected",
        "licence",
    )
    return Exhibit(
        "coverage",
        "What the record covers",
        f"{frame.height} tables, {frame['rows'].sum():,} rows. Outside its years a table is "
        "silent: the answer is unknown, never zero.",
        ("the record's manifest",),
        "A year is as dark as its rows over those of the table's fullest year. Gaps are years "
        "without a row; unplaced are names that no state answers to; corrected are values put "
        "right.",
        table(head, rows, "rows, gaps, unplaced, corrected"),
        lambda: figures.coverage(coverage_by_year()),
        f"Years that each of {frame.height} tables covers.",
    )


def hits(found: Scan) -> Exhibit:
    """What a search found, and what it looked at."""
    listed = found.hits().head(MOST_ROWS)
    names, year = states.names(), found.plan.years[1]
    rows = [
        (
            f"{r['year']}",
            names.name(r["target"], year),
            r["name"],
            r["score"],
            figure(r["p_value"], 4),
            figure(r["q_value"], 4),
        )
        for r in listed.iter_rows(named=True)
    ]
    looked = ", ".join(f"{count:,} {name}" for name, count in found.searched.items())
    head = ("year", "against", "bloc", "score", "p", "q")
    return Exhibit(
        "hits",
        "What the search found",
        f"{len(found.hits())} bloc-years are hard. Looked at: {looked or 'nothing'}.",
        sources("atop_members", "igo_memberships", "informal_members", "nmc", "dispute_dyads"),
        f"{found.plan.draws} matched random groups beside every bloc; q controls the rate of false "
        f"discoveries over {found.tests} blocs (Benjamini & Hochberg 1995). The smallest p that "
        f"the draws can give is {found.smallest_p:.4f}.",
        table(head, rows, "score, p, q"),
    )


def listed_blocs(found: Iterable[Any]) -> Exhibit:
    """Every bloc that has a name, and when it existed."""
    rows = [(b.key, b.name, f"{b.first or 'always'}–{b.last or ''}") for b in found]
    return Exhibit(
        "blocs",
        "Blocs that can be asked for",
        f"{len(rows)} have a name here; a list of states or an ATOP number works as well.",
        (*sources("igo_memberships", "informal_members"), "our coded rosters"),
        "Our own rosters first, coded by date, then yearly and informal organisations.",
        table(("key", "name", "years"), rows),
    )
