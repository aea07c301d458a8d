"""Build the wheel and the sdist, and try them as a stranger would.

``python tools/dist.py build`` writes both to dist/. Times in them are those of the last commit (or
``SOURCE_DATE_EPOCH``), so that the same commit gives the same bytes.
``python tools/dist.py check`` builds twice and compares, then, for every Python found, installs the
wheel in an empty environment and asks the README's question. ``--suite`` also unpacks the sdist and
runs the whole suite there. ``--python 3.12`` keeps to one Python; it may be repeated.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
VERSIONS = ("3.11", "3.12", "3.13")
QUESTION = ("assess", "SCO", "--against", "USA", "--year", "2006")
ANSWER = "not a hard-balancing coalition"


def run(*command: str | Path, cwd: Path | None = None, **more: str) -> str:
    """Run a command, in an environment without Python's own settings; stop if it fails."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=kept | more,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done.stdout


def epoch() -> str:
    """Time that the files in the archives bear."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    return given or run("git", "log", "-1", "--format=%ct", cwd=ROOT).strip()


def build(folder: Path) -> dict[str, str]:
    """Build both archives into a folder; their names and SHA-256."""
    shutil.rmtree(folder, ignore_errors=True)
    hatch = (sys.executable, "-m", "hatchling", "build", "-d", folder)
    run(*hatch, cwd=ROOT, SOURCE_DATE_EPOCH=epoch())
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
    }


def pythons(versions: list[str]) -> dict[str, Path | None]:
    """An interpreter that runs for each version: on the path, of pyenv, or none."""
    home = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found: dict[str, Path | None] = {}
    for version in versions:
        named = shutil.which(f"python{version}")
        places = [Path(named)] if named else []
        places += sorted(home.glob(f"{version}.*/bin/python"))
        found[version] = next((place for place in places if _is(place, version)), None)
    return found


def _is(python: Path, version: str) -> bool:
    code = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.strip() == version


def install(python: Path, folder: Path, wheel: Path, requirements: Path) -> Path:
    """An environment that holds what is pinned and the wheel; its folder of programs."""
    run(python, "-m", "venv", folder)
    pip = (folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-compile")
    run(*pip, "--disable-pip-version-check", "--require-hashes", "-r", requirements)
    run(*pip, "--disable-pip-version-check", "--no-deps", wheel)
    return folder / "bin"


def ask(programs: Path, folder: Path) -> float:
    """Ask the README's question far from the checkout; seconds."""
    begin = time.perf_counter()
    answer = run(programs / "counterpoise", *QUESTION, cwd=folder)
    if ANSWER not in answer:
        sys.exit(f"The installed program does not answer as it should:\n{answer}")
    return time.perf_counter() - begin


def suite(programs: Path, sdist: Path, folder: Path) -> str:
    """Run the suite of the unpacked sdist against the installed wheel; its last line."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (inside,) = (path for path in folder.iterdir() if path.is_dir())
    # src/ is not on the path: the installed wheel is what is tested.
    tests = run(programs / "python", "-m", "pytest", "-n", "auto", cwd=inside)
    return tests.strip().splitlines()[-1]


def check(versions: list[str], *, with_suite: bool) -> None:
    """Compare two builds, then try the wheel under every Python."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        one, two = build(place / "one"), build(place / "two")
        if one != two:
            sys.exit(f"Two builds of one commit differ: {one} {two}")
        for archive, digest in one.items():
            print(f"{archive}  {digest}  the same in two builds", flush=True)
        wheel, sdist = (place / "one" / n for n in sorted(one, key=lambda n: n.endswith(".gz")))
        for version, python in pythons(versions).items():
            if python is None:
                print(f"Python {version}: not on this machine, not tried", flush=True)
                continue
            here = place / version
            needs = ROOT / "requirements" / ("dev.txt" if with_suite else "core.txt")
            programs = install(python, here / "env", wheel, needs)
            print(
                f"Python {version}: installed; answered in {ask(programs, here):.1f} s", flush=True
            )
            if with_suite:
                print(f"Python {version}: {suite(programs, sdist, here / 'sdist')}", flush=True)


def main() -> None:
    """Build, or check."""
    read = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    read.add_argument("task", choices=("build", "check"))
    read.add_argument("--suite", action="store_true", help="run the suite of the sdist as well")
    read.add_argument("--python", action="append", choices=VERSIONS, help="only this Python")
    asked = read.parse_args()
    if asked.task == "check":
        check(asked.python or list(VERSIONS), with_suite=asked.suite)
        return
    for archive, digest in build(ROOT / "dist").items():
        print(f"dist/{archive}  {digest}")


if __name__ == "__main__":
    main()
