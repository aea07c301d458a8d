"""Feed every reader with damaged files, and list whatever is raised that is not our own error.

``python tests/torture/fuzz.py --seconds 60 --engine mutate|hypothesis|atheris [TARGET …]``

Time is processor time, divided evenly over the targets. The same seed draws the same files.
Atheris guides its changes by the lines that a file reaches; it is installed apart
(``pip install atheris``), since it is not offered for every Python that we support.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
sys.setrecursionlimit(1000)

MEMORY = 6 << 30
SLOW = 20.0
"""Seconds after which one file counts as a finding: a reader must not hang."""


class Log:
    """Counts of a run, and each kind of failure once, with the bytes that caused it."""

    def __init__(self, keep: Path | None) -> None:
        self.tried: collections.Counter[str] = collections.Counter()
        self.read: collections.Counter[str] = collections.Counter()
        self.found: dict[str, str] = {}
        self.keep = keep

    def note(self, name: str, error: BaseException, data: bytes) -> None:
        """Record a failure under the place in our code where it came through."""
        ours = [
            f for f in traceback.extract_tb(error.__traceback__) if "counterpoise" in f.filename
        ]
        where = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
        kind = f"{name} {type(error).__name__} {where}"
        if kind not in self.found:
            self.found[kind] = str(error)[:200]
            sys.stderr.write(f"FOUND {kind}: {str(error)[:200]}\n")
            if self.keep:
                self.keep.mkdir(parents=True, exist_ok=True)
                digest = hashlib.sha256(data).hexdigest()[:12]
                (self.keep / f"{name.replace(' ', '_')}-{digest}").write_bytes(data)


def attempt(name: str, target: object, data: bytes, folder: Path, log: Log) -> None:
    """Read one file; our own errors are an answer."""
    from counterpoise.errors import CounterpoiseError

    path = folder / f"file{target.suffix}"  # type: ignore[attr-defined]
    path.write_bytes(data)
    log.tried[name] += 1
    began = time.process_time()
    try:
        target.read(path)  # type: ignore[attr-defined]
        log.read[name] += 1
    except CounterpoiseError:
        pass
    except (Exception, RecursionError, MemoryError) as error:
        log.note(name, error, data)
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        log.note(name, error, data)
    if time.process_time() - began > SLOW:
        log.note(name, TimeoutError(f"over {SLOW} seconds"), data)


Try = Callable[[bytes], None]


def by_mutation(target: object, attempt_: Try, seconds: float, seed: int) -> None:
    """Random changes of good examples."""
    from targets import mutated

    rng = np.random.default_rng(seed)
    end = time.process_time() + seconds
    while time.process_time() < end:
        attempt_(mutated(rng, target))  # type: ignore[arg-type]


def by_hypothesis(target: object, attempt_: Try, seconds: float, seed: int) -> None:
    """Examples that Hypothesis makes from words, lines and pieces of good examples."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as st

    pieces = sorted({p for e in target.examples for p in e[:20_000].splitlines()})  # type: ignore[attr-defined]
    words = [w.encode() for w in target.words] or [b"x"]  # type: ignore[attr-defined]
    piece = st.one_of(
        st.sampled_from(pieces or [b""]), st.sampled_from(words), st.binary(max_size=12),
        st.text(max_size=12).map(lambda s: s.encode("utf-8", "surrogatepass")),
        st.integers().map(lambda n: str(n).encode()), st.floats().map(lambda x: str(x).encode()),
        st.dates().map(lambda d: str(d).encode()),
    )  # fmt: skip
    joint = st.sampled_from([b"\n", b",", b" ", b"", b" = ", b";"])
    end = time.process_time() + seconds
    number = seed
    while time.process_time() < end:

        @seeded(number)
        @settings(
            max_examples=200, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(joint, st.lists(piece, max_size=30))
        def run(between: bytes, parts: list[bytes]) -> None:
            attempt_(between.join(parts))

        run()
        number += 1


def by_atheris(target: object, attempt_: Try, seconds: float, seed: int) -> None:
    """Changes guided by the lines of our code that a file reaches. Ends the process."""
    import atheris

    began = time.process_time()

    def one(data: bytes) -> None:
        attempt_(data)
        if time.process_time() - began > seconds:
            os._exit(0)

    with tempfile.TemporaryDirectory() as corpus:
        for k, example in enumerate(target.examples):  # type: ignore[attr-defined]
            (Path(corpus) / str(k)).write_bytes(example)
        options = [f"-seed={seed + 1}", "-rss_limit_mb=0", "-verbosity=0", "-max_len=20000"]
        options += ["-artifact_prefix=" + corpus + "/", "-timeout=60"]
        atheris.Setup([sys.argv[0], *options, corpus], one)
        atheris.Fuzz()


ENGINES = {"mutate": by_mutation, "hypothesis": by_hypothesis, "atheris": by_atheris}


def one_target(name: str, engine: str, seconds: float, seed: int, folder: Path, keep: Path) -> None:
    """Fuzz one reader in this process; the last line printed holds the counts."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    warnings.simplefilter("ignore")
    if engine == "atheris":
        import atheris

        with atheris.instrument_imports(include=["counterpoise"]):
            import targets
    else:
        import targets
    target, log = targets.every()[name], Log(keep)
    leave = os._exit

    def tell(code: int = 0) -> None:
        """Atheris does not give back its process: tell, and leave."""
        print(json.dumps([log.tried[name], log.read[name], log.found]), flush=True)
        leave(code)

    os._exit = tell  # type: ignore[assignment]
    ENGINES[engine](target, lambda data: attempt(name, target, data, folder, log), seconds, seed)
    tell()


def in_process(name: str, arguments: argparse.Namespace, each: float) -> tuple[int, int, dict]:
    """Fuzz one reader in a process of its own, so that one that dies is one finding."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, name, "--alone", folder, "--seconds", str(each)]
        command += ["--engine", arguments.engine, "--seed", str(arguments.seed)]
        command += ["--keep", str(arguments.keep)]
        ran = subprocess.run(command, capture_output=True, timeout=20 * each + 600, check=False)
        lines = ran.stdout.decode().splitlines()
        if ran.returncode >= 0 and lines and lines[-1].startswith("["):
            tried, read, found = json.loads(lines[-1])
            return tried, read, found
        last = [p for p in Path(folder).rglob("*") if p.is_file()]
        arguments.keep.mkdir(parents=True, exist_ok=True)
        for path in last[:1]:
            (arguments.keep / f"{name.replace(' ', '_')}-died{path.suffix}").write_bytes(
                path.read_bytes()
            )
        said = ran.stderr.decode(errors="replace").strip().splitlines()
        told = next((s for s in said if "panicked" in s or "alloc" in s or "Error" in s), "")
        return 0, 0, {f"{name} died with {ran.returncode}": told[:200]}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("target", nargs="*")
    parser.add_argument("--engine", choices=list(ENGINES), default="mutate")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--skip", default="", help="Leave out targets that contain this text.")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "fuzz-findings")
    parser.add_argument("--alone", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.alone:
        one_target(
            arguments.target[0], arguments.engine, arguments.seconds, arguments.seed,
            arguments.alone, arguments.keep,
        )  # fmt: skip
    import targets

    names = arguments.target or list(targets.every())
    names = [n for n in names if not (arguments.skip and arguments.skip in n)]
    total, good, findings = 0, 0, {}
    for name in names:
        tried, read, found = in_process(name, arguments, arguments.seconds / len(names))
        total, good, findings = total + tried, good + read, findings | found
        print(f"{name}: {tried:,} files, {read:,} of them read, {len(found)} findings", flush=True)
    own = os.times()
    print(
        f"{arguments.engine}, seed {arguments.seed}: {total:,} files to {len(names)} readers in "
        f"{own.children_user + own.children_system:.0f} s of processor time, {good:,} read, "
        f"{len(findings)} findings"
    )
    for kind, text in sorted(findings.items()):
        print(f"  {kind}: {text!r}")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
