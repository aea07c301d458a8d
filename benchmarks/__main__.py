"""Time every job against its alternative in one run: ``python -m benchmarks [NAME …]``.

Each file of this folder is a set of benchmarks, named by the file. Those with a function ``cases``
become rows of one table; the others are run as scripts and print their own lines.
"""

from __future__ import annotations

import importlib
import os
import platform
import runpy
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
if str(FOLDER.parent) not in sys.path:
    sys.path.insert(0, str(FOLDER.parent))

from benchmarks.case import Case, seconds  # noqa: E402

HEAD = ("job", "size", "ours s", "target s", "alternative", "its s", "ratio", "same")


def names() -> list[str]:
    """Sets of benchmarks in this folder."""
    return sorted(
        path.stem for path in FOLDER.glob("*.py") if path.stem not in {"__main__", "case"}
    )


def tabulate(name: str) -> bool:
    """Print one row per case as it is measured; whether all answers were the alternatives'."""
    print("\n| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD))
    is_same = True
    for case in importlib.import_module(f"benchmarks.{name}").cases():
        row = line(case)
        is_same &= row[-1] != "NO"
        print("| " + " | ".join(row) + " |", flush=True)
    return is_same


def line(case: Case) -> tuple[str, ...]:
    """Run one case."""
    ours, answer = seconds(case.ours)
    target = "" if case.target_s is None else f"{case.target_s:g}"
    if case.other is None:
        return case.job, case.size, f"{ours:.3f}", target, case.alternative or "none", "", "", ""
    theirs, other = seconds(case.other)
    same = "" if case.same is None else ("yes" if case.same(answer, other) else "NO")
    ratio = f"{theirs / ours:.1f}"
    return (
        case.job,
        case.size,
        f"{ours:.3f}",
        target,
        case.alternative,
        f"{theirs:.3f}",
        ratio,
        same,
    )


def main(chosen: list[str]) -> int:
    """Run the chosen sets, or all; 1 if an answer differs from the alternative's."""
    unknown = sorted(set(chosen) - set(names()))
    if unknown:
        print(f"No benchmark named {', '.join(unknown)}. There are: {', '.join(names())}")
        return 2
    load = (
        ", ".join(f"{x:.2f}" for x in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"
    )
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, load {load}")
    is_same = True
    for name in chosen or names():
        path = FOLDER / f"{name}.py"
        if "\ndef cases(" in path.read_text("utf-8"):
            is_same &= tabulate(name)
        else:
            print(f"\n{name}", flush=True)
            runpy.run_path(str(path), run_name="__main__")
    return 0 if is_same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
