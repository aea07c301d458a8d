"""Files of users that hold junk: the message says what is wrong and does not repeat the junk."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from counterpoise import blocs, cases, files
from counterpoise.assessment import claims, game_changes
from counterpoise.assessment.added_pacts import read_pacts
from counterpoise.errors import CounterpoiseError, DataError, excerpt, spelled
from counterpoise.measures import votes
from counterpoise.measures.event_months import event_months
from counterpoise.measures.propensities import read_groups
from counterpoise.models.inputs import read_landscape, read_signed_graph, read_strengths
from counterpoise.panel import own_tables
from counterpoise.sources import correction

LONGEST = 80
LETTERS = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz", k=500))
ESCAPES = "\x1b[31m\x07\x9b2J"


def strengths_beside(path: Path) -> Path:
    beside = path.with_name("strengths.csv")
    beside.write_text("code,strength\nA,1\nB,2\n", encoding="utf-8")
    return beside


READERS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "roster": ("csv", lambda p: blocs.bloc(str(p), 2006)),
    "pacts": ("csv", lambda p: read_pacts(p, 2020)),
    "groups": ("csv", lambda p: read_groups("religion", p, 2006)),
    "strengths": ("csv", read_strengths),
    "propensities": ("csv", lambda p: read_landscape(strengths_beside(p), p)),
    "ties": ("csv", read_signed_graph),
    "votes": ("csv", lambda p: votes.from_own(p)),
    "votes of Parquet": ("parquet", lambda p: votes.from_own(p)),
    "events": ("tab", lambda p: event_months(str(p), "icews")),
    "case": ("toml", cases.read),
    "claim": ("toml", claims.read),
    "corrections": ("toml", lambda p: correction.parse(p.read_text("utf-8", "replace"), "nmc")),
}
FIRST_LINES = {
    "roster": "state,start",
    "pacts": "pact,state,start",
    "groups": "state,group",
    "strengths": "code,strength",
    "propensities": ",A,B",
    "ties": "a,b,sign",
    "votes": "ccode,rcid,year,vote",
    "events": "Event Date\tSource Country\tCAMEO Code\tIntensity\tTarget Country",
}


def junk(name: str) -> dict[str, bytes]:
    """Files in which something is wrong, by what."""
    head = FIRST_LINES.get(name, "")
    by = "\t" if name == "events" else ","
    width = head.count(by) + 1
    row = by.join([LETTERS] * width)
    strange = by.join([f"Atlantis {ESCAPES}"] * width)
    return {
        "random bytes": random.Random(2).randbytes(2000),
        "bytes that are text in Latin-1": "\n".join(["Österreich"] * 30).encode("latin-1"),
        "random characters": random.Random(3).randbytes(2000).decode("latin-1").encode(),
        "nothing": b"",
        "a long first line": LETTERS.encode(),
        "long columns": f"{LETTERS},{LETTERS[::-1]}\n1,2\n".encode(),
        "long cells": f"{head}\n{row}\n{row}\n".encode(),
        "too many cells": f"{head}\n{row}{by}{row}\n".encode(),
        "control characters": f"{head}\n{strange}\n".encode(),
        "an open quote": f'{head}\n"{LETTERS}\n{LETTERS}\n'.encode(),
        "a long key": f'{LETTERS} = "{LETTERS[::-1]}"\n'.encode(),
        "a key with control characters": b'"\\u001b[31m" = 1\n[[correction]]\n"\\u001b" = 1\n',
    }


def telling(message: str, content: bytes) -> None:
    """A message of some length, without control characters or much of what the file holds."""
    assert 10 < len(message) < 1500
    assert all(c.isprintable() or c == "\n" for c in message), repr(message)
    text = content.decode("latin-1")
    for start in range(len(message) - LONGEST):
        assert message[start : start + LONGEST + 1] not in text, message


@pytest.mark.parametrize("name", READERS)
def test_what_is_wrong_is_said_and_junk_is_not_repeated(name: str, tmp_path: Path) -> None:
    kind, read = READERS[name]
    refused = 0
    for number, content in enumerate(junk(name).values()):
        path = tmp_path / f"own{number}.{kind}"
        path.write_bytes(content)
        try:
            read(path)
        except CounterpoiseError as error:
            refused += 1
            telling(str(error).replace(str(path), ""), content)
    # Events with unknown actors are counted, not refused.
    assert refused >= (5 if name == "events" else 11)


def test_a_roster_of_random_bytes_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(b"state\n\xff\xfe\x00")
    with pytest.raises(DataError, match="csv: not a text, as a roster is: byte 7 is not UTF-8"):
        blocs.bloc(str(path), 2006)
    path.write_bytes(b"state\nRUS\x00\n")
    with pytest.raises(DataError, match="line 2 holds a control character"):
        blocs.bloc(str(path), 2006)


def test_a_table_of_ones_own_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(random.Random(4).randbytes(500))
    with pytest.raises(DataError, match="not a text, as a table of CSV is"):
        own_tables.read_file(path)
    path.write_text("a,b\n1,2,3,4\n", encoding="utf-8")
    with pytest.raises(DataError, match="every line has as many cells"):
        own_tables.read_file(path)


def test_a_text_comes_without_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(b"\xef\xbb\xbfstate\r\n\tRUS\r\n")
    assert files.text(path, 100, "a roster") == "state\r\n\tRUS\r\n"
    with pytest.raises(DataError, match="larger than 10 bytes; not a roster"):
        files.text(path, 10, "a roster")
    with pytest.raises(DataError, match="No such file"):
        files.text(tmp_path / "none.csv", 10, "a roster")
    with pytest.raises(DataError, match="no path of a file"):
        files.text(Path("\x00"), 10, "a roster")


@pytest.mark.parametrize("change", [LETTERS, f"power:{LETTERS}=+1%", f"power:CHN={ESCAPES}"])
def test_a_change_that_is_none(change: str) -> None:
    with pytest.raises(CounterpoiseError) as found:
        game_changes.read(change, 2006)
    telling(str(found.value), change.encode("latin-1"))


def test_every_error_is_printable() -> None:
    message = str(CounterpoiseError(f"two\nlines {ESCAPES}\u202e\ud800 Österreich"))
    assert message == "two\nlines �[31m��2J�� Österreich"
    message.encode()


def test_an_excerpt_is_one_short_line() -> None:
    assert excerpt("  as\nit\t is ") == "as it is"
    assert excerpt(LETTERS) == LETTERS[:60] + "…"
    assert excerpt("x" * 10, 4) == "xxxx…"
    assert spelled("abc") == "a; b; c"
    assert spelled("abcdefg") == "a; b; c; d; e; and 2 more"


def test_every_wrong_line_of_a_roster_is_named(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text("state\n" + "".join(f"Atlantis {k}\n" for k in range(30)), encoding="utf-8")
    with pytest.raises(DataError) as found:
        blocs.bloc(str(path), 2006)
    assert all(f"line {line}: " in str(found.value) for line in range(2, 32))


def test_what_a_disk_says_of_event_files_is_told_whole(tmp_path: Path) -> None:
    absent = tmp_path / ("a" * 100) / "events.tab"
    with pytest.raises(DataError, match=r"(?s)cannot be read as icews: .*No such file"):
        event_months(str(absent), "icews")
