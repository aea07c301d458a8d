"""Every reader of what a user or a provider gives, as a function of bytes, with good examples."""

from __future__ import annotations

import functools
import io
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from counterpoise import blocs, cases, record, states
from counterpoise.assessment import added_pacts, claims, game_changes, propositions
from counterpoise.blocs import listed
from counterpoise.cases import reader as case_reader
from counterpoise.cli import measures as measures_cli
from counterpoise.measures import propensities, statecraft
from counterpoise.models import inputs
from counterpoise.panel import state_years
from counterpoise.record import store
from counterpoise.record.manifest import FileEntry
from counterpoise.record.manifest import read as read_manifest
from counterpoise.record.sql import sql
from counterpoise.sources import build, correction, snapshot
from counterpoise.sources.raw import Raw, memberships, sha256
from counterpoise.states import StateNames

SOURCES = Path(os.environ.get("COUNTERPOISE_SOURCES", Path(__file__).parents[3] / "shared/sources"))
SMALL = 250_000
"""Provider files up to this size are taken as examples: a larger one takes too long to parse."""

Read = Callable[[Path], object]


@dataclass(frozen=True)
class Target:
    """One reader: how it is called with a file, the file's suffix, and good files."""

    read: Read
    suffix: str
    examples: tuple[bytes, ...]
    words: tuple[str, ...] = ()


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


def lines(*rows: str) -> bytes:
    return "\n".join(rows).encode() + b"\n"


def user_files() -> dict[str, Target]:
    """Files that a user hands in."""
    names = ("state", "status", "start", "end", "RUS", "CHN", "Soviet Union", "2006-01-01", "KGZ")
    pact = b"pact,state,start,end,defense,threat\nP,RUS,2001-06-15,,1,USA\nP,CHN,2001-06-15,,1,\n"
    square = b",A,B,C\nA,0,1,-2\nB,1,0,3.5\nC,-2,3.5,0\n"
    strong = b"code,actor,strength\nA,One,1\nB,Two,2.5\nC,Three,3e2\n"
    case_files = tuple(p.read_bytes() for p in sorted(Path(cases.__file__).parent.glob("*.toml")))
    ledger = tuple(p.read_bytes() for p in sorted(claims.SHIPPED.glob("*.toml")))[:20]
    roster = b"state,status,start,end\nRUS,member,2001-06-15,\nCHN,observer,,2010-01-01\n"
    flows = b"exporter,importer,year,quantity\nRUS,CHN,2006,1.5\nUSA,JPN,2006,\n"
    own = b"ccode,year,x\n2,2000,1.5\n365,2001,\n"

    def landscape(path: Path) -> object:
        other = path.with_name("strengths.csv")
        other.write_bytes(strong)
        return inputs.read_landscape(other, path)

    return {
        "case": Target(case_reader.read, ".toml", case_files, ("[[positions]]", "[[issues]]")),
        "claim": Target(lambda p: claims.read(p).outcome(), ".toml", ledger, ("hedge =", "made =")),
        "roster": Target(lambda p: listed.from_file(p, 2006), ".csv", (roster,), names),
        "pacts": Target(lambda p: added_pacts.read_pacts(p, 2006), ".csv", (pact,), names),
        "groups": Target(
            lambda p: propensities.read_groups("g", p, 2006), ".csv",
            (b"state,group\nRUS,a\nCHN,a\nUSA,b\n", b"state,a,b\nRUS,1,0\nCHN,0.5,1\n"), names,
        ),
        "strengths": Target(inputs.read_strengths, ".csv", (strong,), ("1e308", "-1", "NaN")),
        "propensities": Target(landscape, ".csv", (square,), ("1e308", "inf", "-0")),
        "edges": Target(
            inputs.read_signed_graph, ".csv", (b"a,b,sign\nx,y,1\ny,z,-1\n",), ("1", "-1", "0")
        ),
        "flows": Target(
            lambda p: statecraft.read_flows(_table(p)), ".csv", (flows,), names
        ),
        "own table": Target(
            lambda p: state_years(2000, 2001).join(p, on=["ccode", "year"]), ".csv", (own,)
        ),
        "own parquet": Target(
            lambda p: state_years(2000, 2001).join(p, on=["ccode", "year"]), ".parquet",
            (parquet_of(pl.DataFrame({"ccode": [2, 365], "year": [2000, 2001], "x": [1, None]})),),
        ),
    }  # fmt: skip


def _table(path: Path) -> pl.DataFrame:
    found = measures_cli._table(path)
    assert found is not None
    return found


def parquet_of(frame: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.write_parquet(stream)
    return stream.getvalue()


def grammars() -> dict[str, Target]:
    """Texts of small languages: propositions, changes, names, blocs, SQL."""
    words = ("hard(", "SCO", "USA", " by ", " in ", "2011", "and", "or", "not ", ")", "bound(", "<")
    claimed = tuple(claims.read(p).proposition.encode() for p in sorted(claims.SHIPPED.glob("*")))
    changes = (b"power:CHN=+20%", b"base:KGZ=off", b"pact:RUS+CHN=on", b"threat:all=x2")
    queries = (b"select year, cinc from nmc where ccode = 2", b"show tables", b"describe nmc")
    return {
        "proposition": Target(lambda p: propositions.parse(text_of(p)), ".txt", claimed, words),
        "change": Target(lambda p: game_changes.read(text_of(p), 2006), ".txt", changes),
        "state": Target(
            lambda p: states.state(text_of(p), 2006), ".txt", (b"Russia", b"RUS", b"365", b"Kosovo")
        ),
        "bloc": Target(
            lambda p: blocs.bloc(text_of(p), 2006), ".txt", (b"SCO", b"atop:4810", b"RUS,CHN,IRN")
        ),
        "sql": Target(
            lambda p: sql(text_of(p)), ".txt", queries, ("from", "nmc", "range(", "limit 1")
        ),
    }


def declarations() -> dict[str, Target]:
    """Files that describe sources and the record."""
    manifest = (record.folder() / "manifest.json").read_bytes()
    shots = tuple(p.read_bytes() for p in sorted(Path(snapshot.__file__).parent.glob("snap*/*")))

    def shot(path: Path) -> object:
        return snapshot.parse(text_of(path), "fuzz")

    mended = tuple(
        p.read_bytes() for p in sorted(Path(correction.__file__).parent.glob("corrections/*.toml"))
    )
    return {
        "manifest": Target(read_manifest, ".json", (manifest[:4000], manifest[-3000:], manifest)),
        "snapshot": Target(shot, ".toml", shots[:8]),
        "correction": Target(lambda p: correction.parse(text_of(p), "fuzz"), ".toml", mended),
    }


def record_tables() -> dict[str, Target]:
    """Tables of the record, opened as the record opens them."""
    small = sorted(store.PACKAGED.glob("*.parquet"), key=lambda p: p.stat().st_size)[:3]

    return {
        f"table {p.stem}": Target(functools.partial(_open_table, p.stem), ".parquet",
                                  (p.read_bytes(),))
        for p in small
    }  # fmt: skip


def _open_table(name: str, path: Path) -> object:
    os.environ["COUNTERPOISE_RECORD"] = str(path.parent)
    store.table.cache_clear()
    path.replace(path.with_name(f"{name}.parquet"))
    (path.parent / "manifest.json").write_bytes((store.PACKAGED / "manifest.json").read_bytes())
    try:
        return store.table(name)
    finally:
        del os.environ["COUNTERPOISE_RECORD"]
        store.table.cache_clear()


def providers() -> dict[str, Target]:
    """Readers of providers' formats, for sources whose files are small and in the folder."""
    found = {}
    named = record.coded("state_names")
    names, members = StateNames.from_coded(named), memberships(named)
    for key in snapshot.names():
        declared = snapshot.load(key)
        paths = [SOURCES / f.path for f in declared.files]
        if not all(p.is_file() for p in paths) or max(p.stat().st_size for p in paths) > SMALL:
            continue
        for file in declared.files:
            good = {f.path: (SOURCES / f.path).read_bytes() for f in declared.files}
            read = functools.partial(_provider, key, file.path, good, names, members)
            suffix = Path(file.path).suffix
            found[f"{key} {Path(file.path).name}"] = Target(read, suffix, (good[file.path],))
    return found


def _provider(
    key: str,
    damaged: str,
    good: dict[str, bytes],
    names: StateNames,
    members: dict[int, list[tuple[int, int]]],
    path: Path,
) -> object:
    folder = path.parent / "sources"
    entries = []
    for name, content in good.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes() if name == damaged else content)
        entries.append(FileEntry(path=name, sha256=sha256(place), url="https://example.org"))
    return build._frames(key, Raw(folder, tuple(entries), names, members))


def every() -> dict[str, Target]:
    """All targets by name."""
    return {**user_files(), **grammars(), **declarations(), **record_tables(), **providers()}


def mutated(rng: np.random.Generator, target: Target) -> bytes:
    """A good example with some bytes, words, lines or numbers changed."""
    data = bytearray(target.examples[int(rng.integers(len(target.examples)))])
    for _ in range(int(rng.geometric(0.4))):
        _CHANGES[int(rng.integers(len(_CHANGES)))](rng, data, target)
    return bytes(data[:2_000_000])


NUMBERS = (b"0", b"-1", b"1e309", b"nan", b"9" * 30, b"2147483648", b"0.1", b"", b"9999-99-99")
ODD = (b"\x00", b"\xff\xfe", "é".encode(), b'"', b"'", b"\r", b",,,,", b"[[", b"\\u0000", b"\n\n")


def _where(rng: np.random.Generator, data: bytearray) -> int:
    return int(rng.integers(len(data) + 1))


def _flip(rng: np.random.Generator, data: bytearray, target: Target) -> None:
    if data:
        data[int(rng.integers(len(data)))] = int(rng.integers(256))


def _cut(rng: np.random.Generator, data: bytearray, target: Target) -> None:
    del data[_where(rng, data) :]


def _drop(rng: np.random.Generator, data: bytearray, target: Target) -> None:
    start = _where(rng, data)
    del data[start : start + int(rng.geometric(0.05))]


def _repeat(rng: np.random.Generator, data: bytearray, target: Target) -> None:
    start = _where(rng, data)
    piece = data[start : start + int(rng.geometric(0.02))]
    data[start:start] = piece * int(rng.integers(1, 5))


def _insert(rng: np.random.Generator, data: bytearray, target: Target) -> None:
    pool = [*ODD, *NUMBERS, *(w.encode() for w in target.words)]
    at = _where(rng, data)
    data[at:at] = pool[int(rng.integers(len(pool)))]


def _line(rng: np.random.Generator, data: bytearray, target: Target) -> None:
    """Swap, drop or double a line."""
    rows = bytes(data).split(b"\n")
    one, two = (int(rng.integers(len(rows))) for _ in range(2))
    rows[one : one + 1] = [rows[two]] * int(rng.integers(0, 3))
    data[:] = b"\n".join(rows)


def _number(rng: np.random.Generator, data: bytearray, target: Target) -> None:
    """Replace a run of digits."""
    runs = list(re.finditer(rb"[-+]?\d[\d.eE+-]*", bytes(data[:20_000])))
    if runs:
        run = runs[int(rng.integers(len(runs)))]
        data[run.start() : run.end()] = NUMBERS[int(rng.integers(len(NUMBERS)))]


_CHANGES = (_flip, _flip, _cut, _drop, _repeat, _insert, _line, _number, _number)
