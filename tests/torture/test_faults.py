"""Damage to the record, full disks, changed files: a plain error each time, and nothing lost.

Not collected by default: ``python -m pytest tests/torture``, or ``make torture``.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from counterpoise import record
from counterpoise.errors import CounterpoiseError, DataError
from counterpoise.record.store import PACKAGED
from counterpoise.sources import build, snapshot

TABLES = sorted(p.stem for p in PACKAGED.glob("*.parquet"))


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]


DAMAGE: dict[str, Callable[[bytes], bytes | None]] = {
    "flipped": flipped,
    "cut": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "noise": lambda data: b"PAR1" + os.urandom(500) + b"PAR1",
    "gone": lambda data: None,
}


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("record")
    return Path(shutil.copytree(PACKAGED, folder / "copy"))


@pytest.fixture
def elsewhere(copied: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("COUNTERPOISE_RECORD", str(copied))
    forget()
    yield copied
    forget()


def forget() -> None:
    record.table.cache_clear()
    record.manifest.cache_clear()


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("table", TABLES)
def test_each_table_of_the_record(elsewhere: Path, table: str, damage: str) -> None:
    path = elsewhere / f"{table}.parquet"
    good = path.read_bytes()
    bad = DAMAGE[damage](good)
    path.unlink()
    if bad is not None:
        path.write_bytes(bad)
    try:
        forget()
        for read in (record.table, record.scan):
            with pytest.raises(DataError, match=rf'Table "{table}".*data build'):
                read(table)
    finally:
        path.write_bytes(good)
    forget()
    assert record.table(table).height >= 0


def command(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "counterpoise", *arguments],
        capture_output=True, text=True, timeout=600, env=os.environ | variables, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("table", "arguments"),
    [
        ("nmc", ("assess", "SCO", "--against", "USA", "--year", "2006")),
        ("atop_members", ("scan", "--against", "Germany", "--year", "1900", "--draws", "100")),
        ("nmc", ("data", "export", "state-years", "--from", "1900", "--to", "1910", "--add", "nmc",
                 "--out", "x.csv")),
        ("nmc", ("data", "sql", "select * from nmc limit 1")),
        ("states", ("game", "--against", "USA", "--year", "2006")),
    ],
)  # fmt: skip
def test_a_command_on_a_damaged_record_says_so(
    elsewhere: Path, tmp_path: Path, table: str, arguments: tuple[str, ...]
) -> None:
    path = elsewhere / f"{table}.parquet"
    good = path.read_bytes()
    path.write_bytes(flipped(good))
    try:
        ran = command(*arguments, COUNTERPOISE_RECORD=str(elsewhere))
    finally:
        path.write_bytes(good)
    assert ran.returncode == 2, ran.stderr
    assert "Rebuild it" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_changed_hash_in_the_manifest_is_met(elsewhere: Path) -> None:
    path = elsewhere / "manifest.json"
    good = path.read_bytes()
    manifest = json.loads(good)
    manifest["tables"]["nmc"]["sha256"] = hashlib.sha256(b"other").hexdigest()
    path.write_text(json.dumps(manifest))
    try:
        forget()
        with pytest.raises(DataError, match="manifest declares"):
            record.table("nmc")
    finally:
        path.write_bytes(good)


@pytest.mark.sources
@pytest.mark.parametrize("key", ["nuclear_status", "arms_races", "us_bases"])
def test_damaged_downloads_never_reach_the_record(sources: Path, tmp_path: Path, key: str) -> None:
    (file,) = snapshot.load(key).files
    own, out = tmp_path / "sources", tmp_path / "record"
    path = own / file.path
    path.parent.mkdir(parents=True)
    good = (sources / file.path).read_bytes()
    path.write_bytes(good)
    build.build(own, out, [key])
    before = {p.name: p.read_bytes() for p in out.iterdir()}
    for bad in (good[:-1], good[: len(good) // 2], b"", flipped(good)):
        path.write_bytes(bad)
        with pytest.raises(DataError, match="not the declared release"):
            build.build(own, out, [key])
    path.unlink()
    with pytest.raises(DataError, match="is missing"):
        build.build(own, out, [key])
    assert {p.name: p.read_bytes() for p in out.iterdir() if p.is_file()} == before
    path.write_bytes(good)
    build.build(own, out, [key])
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[str]:
    """A file system that soon is full: a tmpfs where we may mount one, else a limit on files."""
    mounted = os.geteuid() == 0 and not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)],
        capture_output=True, check=False,
    ).returncode  # fmt: skip
    if mounted:
        try:
            yield "tmpfs"
        finally:
            subprocess.run(["umount", "-l", str(folder)], check=True)
        return
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, before[1]))
    try:
        yield "limit"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


WRITERS: dict[str, tuple[str, ...]] = {
    "csv": ("data", "export", "dyad-years", "--from", "1950", "--to", "1955", "--add", "nmc",
            "--out", "{}/kept.csv"),
    "parquet": ("data", "export", "dyad-years", "--from", "1950", "--to", "1990", "--add", "nmc",
                "--out", "{}/kept.parquet"),
    "xlsx": ("data", "export", "state-years", "--from", "1950", "--to", "1990", "--add", "nmc",
             "--out", "{}/kept.xlsx"),
    "dta": ("data", "export", "dyad-years", "--from", "1950", "--to", "1952", "--out",
            "{}/kept.dta"),
    "report": ("assess", "SCO", "--against", "USA", "--year", "2006", "--html", "{}/kept.html"),
    "sql": ("data", "sql", "select * from nmc", "--out", "{}/kept.csv"),
    "track": ("track", "SCO", "--against", "USA", "--from", "1996", "--to", "2018", "--out",
              "{}/kept.png"),
    "scan": ("scan", "--against", "Germany", "--from", "1900", "--to", "1901", "--draws", "100",
             "--draw-all", "--keep", "{}"),
    "histories": ("game", "--against", "RUS", "--year", "1960", "--simulate", "20", "--runs", "50",
                  "--keep", "{}"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRITERS)
def test_a_full_disk(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    with small_disk(folder, 8 if what == "scan" else 24) as kind:
        kept = [Path(part.format(folder)) for part in WRITERS[what] if "kept" in part]
        for path in kept:
            path.write_bytes(b"what was there before")
        ran = command(*(part.format(folder) for part in WRITERS[what]))
        assert ran.returncode == 2, (kind, ran.returncode, ran.stderr[-2000:])
        assert ran.stderr.startswith("counterpoise: "), ran.stderr
        assert "Traceback" not in ran.stderr
        for path in kept:
            assert path.read_bytes() == b"what was there before"
        assert not [p for p in folder.rglob(".*") if p.is_file()], "temporary files are left"


@pytest.mark.sources
def test_a_full_disk_leaves_the_record_as_it_was(sources: Path, tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    with small_disk(folder, 200):
        build.build(sources, folder, ["arms_races"])
        before = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
        with pytest.raises(CounterpoiseError, match="Cannot write"):
            build.build(sources, folder, ["arms_races", "nmc", "min_distance"])
        assert {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()} == before
