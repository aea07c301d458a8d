"""Kill work at random moments: never a half-written file, and what is begun again ends the same.

``python tests/torture/kill.py [--kills 200] [--seed 1] [--only NAME …]``

Each task runs once undisturbed, then again and again in a process that is killed (SIGKILL) after a
random share of that time. After every kill each file that it leaves under its own name must be one
that the undisturbed run wrote, byte for byte; in the end the task is run to its end over what the
kills have left, and must give the same.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np

SOURCES = Path(os.environ.get("COUNTERPOISE_SOURCES", Path(__file__).parents[3] / "shared/sources"))
KEYS = "arms_races,cow_majors,nuclear_status,us_bases"
SHARE = {
    "build": 40, "fetch": 30, "export": 35, "report": 25, "scan": 30, "histories": 30,
    "explain": 10, "site": 8, "server": 12,
}  # fmt: skip
"""Kills of each task in two hundred and twenty."""


@dataclass(frozen=True)
class Task:
    """One task: its command for a folder, and how its files are held against the whole ones."""

    command: Callable[[Path], list[str]]
    resumes: bool = False
    """Does it go on from what is there? Otherwise each run begins in an empty folder."""


class Slow(BaseHTTPRequestHandler):
    """A provider that sends a megabyte in a second and heeds ranges."""

    content = np.random.default_rng(3).bytes(1 << 20)

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        span = self.headers.get("Range")
        start = int(span.removeprefix("bytes=").rstrip("-")) if span else 0
        self.send_response(206 if span else 200)
        if span:
            last = len(self.content) - 1
            self.send_header("Content-Range", f"bytes {start}-{last}/{len(self.content)}")
        self.send_header("Content-Length", str(len(self.content) - start))
        self.end_headers()
        try:
            for place in range(start, len(self.content), 1 << 15):
                self.wfile.write(self.content[place : place + (1 << 15)])
                time.sleep(0.03)
        except OSError:
            pass


def provider() -> str:
    """Start the slow provider and declare its one file as the only source."""
    from counterpoise.record.manifest import FileEntry
    from counterpoise.sources import snapshot
    from counterpoise.sources.snapshot import Snapshot

    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/big.csv"
    digest = hashlib.sha256(Slow.content).hexdigest()
    about = dict.fromkeys(("title", "release", "licence", "homepage", "citation", "bibtex"), "x")
    files = (FileEntry(path="big.csv", sha256=digest, url=url),)
    declared = Snapshot(**about, embed="yes", tables={}, files=files)  # type: ignore[arg-type]
    names, load = snapshot.names, snapshot.load
    snapshot.names = lambda: (*names(), "slow")  # type: ignore[assignment]
    snapshot.load = lambda name: declared if name == "slow" else load(name)  # type: ignore[assignment]
    return url


def tasks() -> dict[str, Task]:
    """Every task that this machine can do."""
    sco = ["SCO", "--against", "USA", "--year", "2006"]
    found = {
        "export": Task(
            lambda f: ["data", "export", "dyad-years", "--from", "1950", "--to", "1960", "--add",
                       "nmc,atop", "--out", str(f / "dyads.csv")]
        ),
        "report": Task(lambda f: ["assess", *sco, "--html", str(f / "report.html")]),
        "scan": Task(
            lambda f: ["scan", "--against", "Germany", "--from", "1900", "--to", "1902", "--draws",
                       "100", "--most", "100", "--draw-all", "--keep", str(f), "--json"], True
        ),
        "histories": Task(
            lambda f: ["game", "--against", "RUS", "--year", "1960", "--simulate", "8", "--runs",
                       "60", "--keep", str(f), "--json"], True
        ),
        "explain": Task(
            lambda f: ["explain", "--against", "USA", "--draws", "40", "--null-draws", "4",
                       "--no-cache", "--keep", str(f), "--json"], True
        ),
        "site": Task(lambda f: ["export", "site", str(f / "site")]),
        "fetch": Task(lambda f: ["data", "fetch", "slow", "--to", str(f)], True),
    }  # fmt: skip
    if SOURCES.is_dir():
        found["build"] = Task(
            lambda f: ["data", "build", "--sources", str(SOURCES), "--out", str(f), "--only", KEYS],
            True,
        )
    return found


def begin(command: list[str], output: Path) -> int:
    """Start a command in a fork, so that the libraries are loaded once; its process."""
    child = os.fork()
    if child:
        return child
    with output.open("wb") as answer, output.with_suffix(".err").open("wb") as rest:
        os.dup2(answer.fileno(), 1)
        os.dup2(rest.fileno(), 2)
    from counterpoise.cli.entry import main

    code = 0
    try:
        main(command)
    except SystemExit as stop:
        code = int(stop.code or 0)
    except BaseException:
        import traceback

        traceback.print_exc()
        code = 70
    sys.stdout.flush()
    os._exit(code)


def ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def written(folder: Path) -> dict[str, str]:
    """Hash of each file under its own name; temporary ones begin with a point."""
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and not any(part.startswith(".") for part in p.relative_to(folder).parts)
    }


ALLOWED_PARTS = (".part", ".npy", "manifest.json")
"""Files that grow or change by design: unfinished downloads, arrays whose pieces are marked apart,
and a manifest, which names the tables that are there."""


def half_written(left: dict[str, str], whole: dict[str, str]) -> list[str]:
    """Files that are not as the undisturbed run wrote them."""
    return [
        name
        for name, digest in left.items()
        if whole.get(name) != digest and not name.endswith(ALLOWED_PARTS)
    ]


def torture(name: str, task: Task, kills: int, rng: np.random.Generator, place: Path) -> list[str]:
    """Kill one task so often; what went wrong."""
    folder, output = place / "whole", place / "output"
    folder.mkdir(parents=True)
    began = time.monotonic()
    code = ended(begin(task.command(folder), output))
    took, told = time.monotonic() - began, output.read_bytes()
    if code:
        print(f"{name}: no kills, for it fails undisturbed", flush=True)
        return [f"{name} fails undisturbed: {_complaint(output)}"]
    whole, faults, struck = written(folder), [], 0
    target = place / "killed"
    for _ in range(kills):
        if not task.resumes or _is_complete(target, whole):
            shutil.rmtree(target, ignore_errors=True)
        target.mkdir(exist_ok=True)
        child = begin(task.command(target), output)
        time.sleep(float(rng.uniform(0.02, 1.0)) * took)
        os.kill(child, signal.SIGKILL)
        struck += ended(child) == -signal.SIGKILL
        faults += [
            f"{name}: {file} is half written" for file in half_written(written(target), whole)
        ]
    code = ended(begin(task.command(target), output))
    if code:
        faults.append(f"{name} is not taken up again: {_complaint(output)}")
    if written(target) != whole:
        faults.append(f"{name} ends otherwise: {sorted(set(written(target)) ^ set(whole))}")
    if _plain(output, target) != _plain(told, folder):
        faults.append(f"{name} answers otherwise after kills")
    print(f"{name}: {kills} kills, {struck} of them at work ({took:.1f} s undisturbed), "
          f"{len(faults)} faults", flush=True)  # fmt: skip
    return faults


def _complaint(output: Path) -> str:
    """The end of what a command said on its error stream."""
    return output.with_suffix(".err").read_text(errors="replace")[-300:]


def _plain(told: Path | bytes, folder: Path) -> bytes:
    """An answer without the folder's name, and whether a file had come before."""
    content = told.read_bytes() if isinstance(told, Path) else told
    return content.replace(bytes(folder), b"").replace(b" present ", b" fetched ")


def _is_complete(target: Path, whole: dict[str, str]) -> bool:
    return target.is_dir() and written(target) == whole


def server(kills: int, rng: np.random.Generator, place: Path) -> list[str]:
    """Kill the server while it is asked, start it again on the same cache, ask again."""
    place.mkdir()
    os.environ["COUNTERPOISE_CACHE"] = os.environ["XDG_CACHE_HOME"] = str(place / "cache")
    faults = []
    page = "/assess.json?bloc=SCO&against=USA&year=2006"
    answers = set()
    for number in range(kills):
        port = 18700 + number
        child = begin(["serve", "--port", str(port)], place / "output")
        answer = _asked(f"http://127.0.0.1:{port}{page}")
        if answer is None:
            faults.append(f"server {number} does not answer: {_complaint(place / 'output')}")
        else:
            answers.add(answer)
        threading.Thread(target=_asked, args=(f"http://127.0.0.1:{port}/", 1), daemon=True).start()
        time.sleep(float(rng.uniform(0.0, 0.6)))
        os.kill(child, signal.SIGKILL)
        ended(child)
        empty = [p for p in (place / "cache").rglob("*.json") if not _is_json(p)]
        faults += [f"server: {p.name} in the cache is half written" for p in empty]
    if len(answers) > 1:
        faults.append("the server answers otherwise after kills")
    print(f"server: {kills} kills, {len(faults)} faults", flush=True)
    return faults


def _asked(url: str, tries: int = 60) -> bytes | None:
    for _ in range(tries):
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:
                return bytes(answer.read())
        except OSError:
            time.sleep(0.5)
    return None


def _is_json(path: Path) -> bool:
    import json

    try:
        json.loads(path.read_bytes())
    except ValueError:
        return False
    return True


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=220)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*")
    given = parser.parse_args()
    provider()
    import counterpoise.cli.entry  # noqa: F401

    known = {**tasks(), "server": None}
    rng = np.random.default_rng(given.seed)
    faults: list[str] = []
    total = 0
    began = time.monotonic()
    for name, task in known.items():
        if given.only and name not in given.only:
            continue
        kills = max(1, round(SHARE[name] * given.kills / sum(SHARE.values())))
        total += kills
        with tempfile.TemporaryDirectory() as place:
            if task is None:
                faults += server(kills, rng, Path(place) / "server")
            else:
                faults += torture(name, task, kills, rng, Path(place))
    print(f"{total} kills, seed {given.seed}, in {time.monotonic() - began:.0f} s: "
          f"{len(faults)} faults")  # fmt: skip
    for fault in sorted(set(faults)):
        print(f"  {fault}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
