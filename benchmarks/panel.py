"""Panels with nine joins: our time and memory beside pandas merges, in one run.

Run: python -m benchmarks.panel [--quick]

Each job runs in a process of its own, from call to collected frame, with the record's files in
the system's cache; imports are not counted. The pandas side reads the same tables and merges
them as its manual shows; shared memberships come from one matrix product a year there too, as a
merge of all members with each other would not fit. The time of R's peacesciencer 1.2.9 was
recorded once on another machine and is printed for comparison only.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

NINE = (
    "nmc",
    "atop",
    "contiguity",
    "majors",
    "capital_distance",
    "igos",
    "democracy",
    "min_distance",
    "rivalries",
)
PEACESCIENCER_S = 23.7
"""Recorded time of R peacesciencer 1.2.9 for the undirected panel."""

TARGETS = {"undirected": 0.8, "directed": 2.0}
WINDOWS = {"undirected": (1816, 2010), "directed": (1816, 2020)}
MEMORY_MB = 1536
PAIR = ["ccode1", "ccode2"]
CHECKED = (
    "cinc1",
    "polity22",
    "cowmaj2",
    "atop_nonagg",
    "capdist",
    "dyadigos",
    "mindist",
    "ideological",
)
"""Columns whose sums must be the same on both sides."""


def ours(kind: str) -> Any:
    """Our panel with nine joins."""
    import counterpoise.panel as cp

    return cp.dyad_years(*WINDOWS[kind], directed=kind == "directed").add(*NINE).frame


def merged(kind: str) -> pd.DataFrame:
    """The same panel by pandas merges."""
    frame = spine(*WINDOWS[kind], directed=kind == "directed")
    for table in (table_of("nmc"), table_of("democracy"), majors()):
        for side in ("1", "2"):
            names = {c: f"{c}{side}" for c in table.columns if c != "year"}
            frame = frame.merge(table.rename(columns=names), "left", [f"ccode{side}", "year"])
    for pairs in (atop(kind), borders(), distances(), igos(), rivalries(), capitals()):
        frame = frame.merge(pairs, "left", [*PAIR, "year"])
    return frame


def table_of(name: str) -> pd.DataFrame:
    from counterpoise import record

    return record.table(name).to_pandas()


def by_year(spells: pd.DataFrame, last: int) -> pd.DataFrame:
    """Spells unrolled to years."""
    if "start" in spells:
        start, end = (spells[c].astype("datetime64[s]").dt.year for c in ("start", "end"))
        spells = spells.drop(columns=["start", "end"])
    else:
        start, end = spells["start_year"], spells["end_year"]
        spells = spells.drop(columns=["start_year", "end_year"])
    ends = end.fillna(last).clip(upper=last).astype(int)
    spells = spells.assign(
        year=[list(range(a, b + 1)) for a, b in zip(start.astype(int), ends, strict=True)]
    )
    return spells.explode("year").dropna(subset="year").astype({"year": "int32"})


def spine(first: int, last: int, *, directed: bool) -> pd.DataFrame:
    """Pairs of states that were members on the same day of a year."""
    spells = table_of("states")[["ccode", "start", "end"]]
    dated = spells.assign(begun=spells["start"], ended=spells["end"].fillna("9999-12-31"))
    states = by_year(dated.astype({"begun": str, "ended": str}), last)
    states = states[states["year"] >= first]
    pairs = states.merge(states, on="year", suffixes=("1", "2"))
    keep = pairs["ccode1"] != pairs["ccode2"] if directed else pairs["ccode1"] < pairs["ccode2"]
    met = (pairs["begun1"] <= pairs["ended2"]) & (pairs["begun2"] <= pairs["ended1"])
    return pairs.loc[keep & met, [*PAIR, "year"]].sort_values([*PAIR, "year"])


def majors() -> pd.DataFrame:
    return by_year(table_of("majors"), 2016).drop_duplicates().assign(cowmaj=1)


def both(frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return pd.concat([frame, frame.rename(columns={"ccode1": "ccode2", "ccode2": "ccode1"})])


def atop(kind: str) -> pd.DataFrame:
    yearly = by_year(table_of("atop_dyads"), 2018)
    if kind == "directed":
        return yearly
    return both(yearly).groupby([*PAIR, "year"], as_index=False).max()


def borders() -> pd.DataFrame:
    return by_year(table_of("contiguity"), 2016).drop_duplicates([*PAIR, "year"])


def distances() -> pd.DataFrame:
    table = table_of("min_distance").rename(columns={"mindist_km": "mindist"})
    return both(by_year(table, 2019))


def rivalries() -> pd.DataFrame:
    return both(by_year(table_of("rivalries"), 2020))


def capitals() -> pd.DataFrame:
    import numpy as np

    first = by_year(table_of("capitals"), 2024).drop_duplicates(["ccode", "year"])
    pairs = first.merge(first, on="year", suffixes=("1", "2"))
    one, two = (
        np.radians(pairs[[f"latitude_deg{k}", f"longitude_deg{k}"]].to_numpy()) for k in "12"
    )
    across, along = (np.sin((two - one) / 2) ** 2).T
    chord = across + np.cos(one[:, 0]) * np.cos(two[:, 0]) * along
    pairs["capdist"] = 2 * 6378.137 * np.arcsin(np.sqrt(chord))
    return pairs[[*PAIR, "year", "capdist"]]


def igos() -> pd.DataFrame:
    import pandas as pd

    table = table_of("igo_memberships")
    members = by_year(table[table["status"].isin([1, 2])].drop(columns="status"), 2014)
    parts = []
    for year, rows in members.groupby("year"):
        matrix = pd.crosstab(rows["ccode"], rows["igo"]).clip(upper=1).astype("float32")
        counts = (matrix @ matrix.T).rename_axis("ccode1").rename_axis("ccode2", axis=1)
        parts.append(counts.stack().rename("dyadigos").reset_index().assign(year=year))
    return pd.concat(parts)


JOBS = {"ours": ours, "pandas": merged}


def measured(side: str, kind: str) -> dict[str, Any]:
    """Seconds, processor seconds and peak memory of one job in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.panel", "--job", side, kind]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def job(side: str, kind: str) -> dict[str, Any]:
    import pandas  # noqa: F401 - imported before the clock starts

    import counterpoise.panel  # noqa: F401

    start, used = perf_counter(), process_time()
    frame = JOBS[side](kind)
    spent = perf_counter() - start, process_time() - used
    return {
        "rows": len(frame),
        "sums": [round(float(frame[name].sum()), 3) for name in CHECKED],
        "seconds": spent[0],
        "processor": spent[1],
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def run(quick: bool = "--quick" in sys.argv) -> list[dict[str, Any]]:
    """Print and return one line per panel: ours beside pandas, least of a few runs."""
    lines = []
    for kind, target in TARGETS.items():
        best = min((measured("ours", kind) for _ in range(2 if quick else 5)), key=_seconds)
        other = measured("pandas", kind)
        first, last = WINDOWS[kind]
        line = {
            "job": f"{kind} dyad-years {first}–{last}, nine joins",
            "rows": best["rows"],
            "seconds": best["seconds"],
            "processor": best["processor"],
            "memory_mb": best["memory_mb"],
            "target_s": target,
            "pandas_s": other["seconds"],
            "pandas_memory_mb": other["memory_mb"],
            "same": best["sums"] == other["sums"],
        }
        lines.append(line)
        print(
            f"{line['job']:44s} {best['rows']:9,d} rows  ours {best['seconds']:6.2f} s "
            f"({best['processor']:.2f} s of processor, {best['memory_mb']:.0f} MB, target "
            f"{target} s and {MEMORY_MB} MB)  pandas {other['seconds']:6.2f} s "
            f"({other['memory_mb']:.0f} MB)  same sums: {line['same']}"
        )
    print(f"R peacesciencer 1.2.9, the undirected panel, recorded elsewhere: {PEACESCIENCER_S} s")
    return lines


def _seconds(result: dict[str, Any]) -> float:
    return float(result["seconds"])


if __name__ == "__main__":
    if "--job" in sys.argv:
        place = sys.argv.index("--job")
        print(json.dumps(job(*sys.argv[place + 1 : place + 3])))
    else:
        run()
