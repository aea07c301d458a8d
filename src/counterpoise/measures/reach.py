"""How far the record reaches: one place that turns "outside coverage" into a reason or a flag."""

from __future__ import annotations

from dataclasses import dataclass, field

from counterpoise import record


@dataclass(frozen=True)
class Reach:
    """Decides which year of a table may answer for the year asked, and remembers why not.

    Without ``extend`` a table is silent outside its years. With it, the last covered year answers
    for later ones and the answer is flagged. ``reasons`` collects, by figure, why something is
    unknown; ``extended`` collects, by table, what was carried forward.
    """

    extend: bool = False
    reasons: dict[str, str] = field(default_factory=dict)
    extended: dict[str, str] = field(default_factory=dict)

    def year(self, table: str, year: int) -> int | None:
        """Year of the table that answers for ``year``; None where it is silent."""
        first, last = record.coverage(table)
        if first <= year <= last:
            return year
        if self.extend and year > last:
            self.extended[table] = f"{last} carried forward to {year}"
            return last
        return None

    def why(self, figure: str, table: str, year: int) -> None:
        """Note that a figure is unknown because a table does not cover the year."""
        reason = record.coverage_reason(table, year)
        if reason and not (self.extend and table in self.extended):
            self.reasons[figure] = reason

    def unknown(self, figure: str, reason: str) -> None:
        """Note that a figure is unknown for a stated reason."""
        self.reasons[figure] = reason
