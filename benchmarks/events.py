"""Event files as large as asked: time and memory of reducing them to dyads by month.

Run: python benchmarks/events.py ROWS [--kind gdelt|icews] [--folder DIR]
Files of five million rows are written first, in the shape of GDELT or ICEWS: 61 or 20 columns of
which few are filled. The reduction runs in a process of its own, whose greatest memory is printed.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

PART = 5_000_000
CHUNK = 500_000
CODES = tuple(
    re.findall(
        "...",
        "USARUSCHNINDPAKIRNISRGBRFRADEUJPNKORPRKSYRIRQAFGTURUKRSAUEGY"
        "KAZKGZTJKUZBBRAMEXCANAUSZAFNGAETHSDNVNMTHAIDNPHLMYSROMSSDEURAFR",
    )
)
NAMES = {
    "USA": "United States", "RUS": "Russian Federation", "CHN": "China", "IND": "India",
    "PAK": "Pakistan", "IRN": "Iran", "ISR": "Israel", "GBR": "United Kingdom", "FRA": "France",
    "DEU": "Germany", "EUR": "Atlantis",
}  # fmt: skip
HEADER = (
    "Event ID;Event Date;Source Name;Source Sectors;Source Country;Event Text;CAMEO Code;"
    "Intensity;Target Name;Target Sectors;Target Country;Story ID;Sentence Number;"
    "Publisher;City;District;Province;Country;Latitude;Longitude"
)
FIRST, LAST = np.datetime64("2010-01-01"), np.datetime64("2020-01-01")


def rows(kind: str, count: int, rng: np.random.Generator) -> pl.DataFrame:
    """Events drawn evenly over days, actors and classes; about a tenth lack an actor."""
    days = FIRST + rng.integers(int((LAST - FIRST).astype(int)), size=count)
    quad = rng.integers(1, 5, size=count)
    score = np.round(rng.normal(0, 4, size=count).clip(-10, 10), 1)
    pool = np.array([*CODES, "", "", "", ""] if kind == "gdelt" else [*NAMES.values(), ""])
    one, two = (pool[rng.integers(len(pool), size=count)] for _ in range(2))
    date = pl.Series(days).dt.strftime("%Y%m%d" if kind == "gdelt" else "%Y-%m-%d")
    if kind == "gdelt":
        filled = {1: date, 7: one, 17: two, 26: "042", 29: quad, 30: score, 31: 4, 57: "http://x"}
        width, names = 61, [f"c{k}" for k in range(61)]
    else:
        root = np.array([4, 7, 11, 19])[quad - 1]
        code = pl.Series(root).cast(pl.String).str.zfill(2) + "0"
        filled = {0: np.arange(count), 1: date, 4: one, 6: code, 7: score, 10: two, 14: "City"}
        width = 20
        names = HEADER.split(";")
    empty = pl.repeat("", count, eager=True)
    made = {names[k]: filled.get(k, empty) for k in range(width)}
    return pl.DataFrame(
        {n: v if isinstance(v, pl.Series | np.ndarray) else pl.repeat(v, count, eager=True)
         for n, v in made.items()}
    )  # fmt: skip


def write(folder: Path, kind: str, count: int, seed: int = 0) -> list[Path]:
    """Files of so many events in all."""
    paths = []
    for number, start in enumerate(range(0, count, PART)):
        path = folder / f"{kind}-{number:04d}.csv"
        rng = np.random.default_rng([seed, number])
        with path.open("wb") as stream:
            for begin in range(start, min(start + PART, count), CHUNK):
                size = min(CHUNK, count - begin)
                header = kind == "icews" and begin == start
                rows(kind, size, rng).write_csv(
                    stream, separator="\t", include_header=header, quote_style="never"
                )
        paths.append(path)
    return paths


def reduce(kind: str, paths: list[str]) -> None:
    """Reduce and print time, memory and what became of the events."""
    import resource

    from counterpoise.measures.event_months import event_months

    began, used = time.perf_counter(), time.process_time()
    found = event_months(paths, kind)  # type: ignore[arg-type]
    took, spent = time.perf_counter() - began, time.process_time() - used
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    total = sum(found.read.values())
    print(
        f"{total:,} events to {found.frame.height:,} dyads and months: {took:.1f} s, "
        f"{spent:.1f} s of processor, {memory:,.0f} MB at most"
    )
    print(f"  {dict(found.read)}, {found.unmatched.height} actors unmatched")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--kind", choices=("gdelt", "icews"), default="gdelt")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--reduce", nargs="*", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.reduce:
        reduce(given.kind, given.reduce)
        return
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        began = time.perf_counter()
        paths = write(Path(name), given.kind, given.rows)
        size = sum(p.stat().st_size for p in paths)
        print(f"{len(paths)} files, {size / 1e9:.2f} GB, written in "
              f"{time.perf_counter() - began:.0f} s", flush=True)  # fmt: skip
        command = [sys.executable, __file__, str(given.rows), "--kind", given.kind, "--reduce"]
        subprocess.run([*command, *map(str, paths)], check=True, env=os.environ)


if __name__ == "__main__":
    main()
