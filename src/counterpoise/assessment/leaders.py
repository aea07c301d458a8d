"""Who leads in a year, under every metric of power side by side."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from counterpoise import record, states
from counterpoise.assessment.answer import citations, provenance
from counterpoise.measures import power

TABLES = ("nmc", "gdp_population", "majors")


@dataclass(frozen=True)
class Leaders:
    """The leading state under each metric; None under a metric that does not cover the year."""

    year: int
    by_metric: dict[str, power.Leadership | None]
    coverage: dict[str, str]

    def to_dict(self) -> dict[str, object]:
        """Plain values, in the form of ``counterpoise leader --json``."""
        return {
            "year": self.year,
            "metrics": {
                name: None if found is None else _metric(found, self.year)
                for name, found in self.by_metric.items()
            },
            "coverage": self.coverage,
            "provenance": provenance(TABLES),
            "citations": citations(TABLES),
        }


def _metric(found: power.Leadership, year: int) -> dict[str, object]:
    names = states.names()
    return asdict(found) | {
        "title": power.METRICS[found.metric].title,
        "reference": power.METRICS[found.metric].reference,
        "name": names.name(found.ccode, year),
        "second_name": names.name(found.second_ccode, year),
    }


def leader(year: int) -> Leaders:
    """The leading state, its lead, and how power is spread, under every metric.

    Raises
    ------
    CoverageError : no metric covers the year.
    """
    power.require_any(year)
    found = {name: power.leadership(name, year) for name in power.METRICS}
    silent = {
        name: record.coverage_reason(power.METRICS[name].table, year) or "no figures in this year"
        for name, result in found.items()
        if result is None
    }
    unsure = {name: r.reason for name, r in found.items() if r is not None and r.reason}
    return Leaders(year, found, silent | unsure)
