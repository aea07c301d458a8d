"""Look for a balancing coalition everywhere, 1816 to 2018, and set what is found beside the coders.

Run: python studies/scan_two_centuries.py [--against leader|majors|STATE] [--workers 2] [--keep DIR]
Prints Markdown: what was looked at, every coalition found with its q-value, and the coded
coalitions found, missed and extra. With --keep it goes on from where it was interrupted.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from counterpoise import states
from counterpoise.assessment.scan import scan
from counterpoise.assessment.scan_answer import ScanAnswer, answered, shown

if TYPE_CHECKING:
    from counterpoise.assessment.episodes import Episode

FIRST, LAST = 1816, 2018


def line(answer: ScanAnswer, episode: Episode, kind: str) -> str:
    """One coalition as a row of the table."""
    target = states.names().name(episode.target, episode.best_year)
    years = (
        f"{episode.years[0]}–{episode.years[-1]}" if len(episode.years) > 1 else episode.years[0]
    )
    coded = " ".join(answer.comparison.matched.get((episode.target, episode.pact), ()))
    q = "" if episode.q_value is None else f"{episode.q_value:.2g}"
    return (
        f"| {shown(episode)} | {target} | {years} | {episode.score:.2f} | {q} | "
        f"{len(episode.shadows)} | {kind} | {coded} |"
    )


def show(answer: ScanAnswer) -> None:
    """Print the tables."""
    found, beside = answer.scan, answer.comparison
    kinds = {(e.target, e.pact): kind for e, kind in beside.extra}
    sure = [e for e in answer.episodes if e.is_discovery(found.rate)]
    print(
        f"{found.years.height:,} blocs and years, {found.tests:,} blocs tested, "
        f"{len(answer.episodes)} coalitions, {len(sure)} at a false-discovery rate of "
        f"{found.rate:g}; smallest p {found.smallest_p:.2g}.\n"
    )
    print("| coalition | against | years | score | q | shadows | beside the coders | cases |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for episode in answer.episodes:
        print(line(answer, episode, kinds.get((episode.target, episode.pact), "found")))
    print(f"\nFound {len(beside.found)}: {', '.join(c.case_id for c in beside.found)}\n")
    print(f"Missed {len(beside.missed)}:\n")
    for case in beside.missed:
        print(f"- {case.case_id}: {case.reason}")
    print(f"\nNot searched {len(beside.unsearched)}: their targets were not scanned.")


def main() -> None:
    """Scan and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", default="leader")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    found = scan(given.against, FIRST, LAST, workers=given.workers, folder=given.keep)
    show(answered(found))


if __name__ == "__main__":
    main()
