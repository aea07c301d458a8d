"""Downloads from a server that is slow, breaks off, lies, or sends elsewhere."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from counterpoise.cli.entry import main
from counterpoise.errors import DataError, UnknownNameError
from counterpoise.record.manifest import FileEntry
from counterpoise.sources import snapshot, store
from counterpoise.sources.snapshot import Snapshot

BYTES = np.random.default_rng(11).bytes(300_000)


@dataclass
class Home:
    """A provider: its files by path, and how it behaves."""

    files: dict[str, bytes]
    manner: str = "honest"
    broken: int = 0
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    url: str = ""


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    home: Home

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        span = self.headers.get("Range")
        self.home.asked.append((self.path, span))
        content = self.home.files.get(self.path.strip("/"))
        self.close_connection = True
        if content is None:
            self.send_error(404)
        else:
            getattr(self, "answer_" + self.home.manner)(content, span)

    def head(self, status: int, length: int | None, *more: tuple[str, str]) -> None:
        self.send_response(status)
        for name, value in more:
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.send_header("Connection", "close")
        self.end_headers()

    def rest(self, content: bytes, span: str | None) -> bytes:
        start = int(span.removeprefix("bytes=").rstrip("-")) if span else 0
        if span and start >= len(content):
            self.head(416, 0)
            return b""
        where = ("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.head(206 if span else 200, len(content) - start, *([where] if span else []))
        return content[start:]

    def answer_honest(self, content: bytes, span: str | None) -> None:
        self.wfile.write(self.rest(content, span))

    def answer_breaking(self, content: bytes, span: str | None) -> None:
        """Break off in the middle the first times."""
        rest = self.rest(content, span)
        if self.home.broken:
            self.home.broken -= 1
            rest = rest[: 100_000 if not span else 1000]
        self.wfile.write(rest)

    def answer_forgetful(self, content: bytes, span: str | None) -> None:
        """Break off once, and never heed a range."""
        self.answer_breaking(content, None)

    def answer_other(self, content: bytes, span: str | None) -> None:
        self.wfile.write(self.rest(content[::-1], span))

    def answer_silent(self, content: bytes, span: str | None) -> None:
        self.rest(content, span)
        time.sleep(1.0)

    def answer_trickling(self, content: bytes, span: str | None) -> None:
        rest = self.rest(content, span)
        for k in range(12):
            self.wfile.write(rest[k : k + 1])
            self.wfile.flush()
            time.sleep(0.05)

    def answer_short(self, content: bytes, span: str | None) -> None:
        """Announce less than is sent."""
        self.head(200, len(content) // 2)
        self.wfile.write(content)

    def answer_long(self, content: bytes, span: str | None) -> None:
        """Announce more than is sent; heed ranges."""
        if span:
            self.wfile.write(self.rest(content, span))
        else:
            self.head(200, 2 * len(content))
            self.wfile.write(content)

    def answer_huge(self, content: bytes, span: str | None) -> None:
        self.head(200, 1 << 40)

    def answer_endless(self, content: bytes, span: str | None) -> None:
        """Announce nothing and send without end."""
        self.head(200, None)
        for _ in range(100):
            self.wfile.write(content)

    def answer_elsewhere(self, content: bytes, span: str | None) -> None:
        self.head(302, 0, ("Location", "file:///etc/hostname"))

    def answer_around(self, content: bytes, span: str | None) -> None:
        self.head(302, 0, ("Location", self.path))

    def answer_failing(self, content: bytes, span: str | None) -> None:
        self.head(503, 0)


@pytest.fixture
def home() -> Iterator[Home]:
    found = Home({"a/big.csv": BYTES})
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Here", (Answer,), {"home": found}))
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    found.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()


Fetch = Callable[..., list[store.Outcome]]


@pytest.fixture
def declared(home: Home, monkeypatch: pytest.MonkeyPatch) -> dict[str, Snapshot]:
    """Two sources of that home: one may be passed on, one may not."""

    def source(embed: str, *paths: str, where: str = home.url) -> Snapshot:
        files = [
            FileEntry(path=p, sha256=hashlib.sha256(home.files[p]).hexdigest(), url=f"{where}/{p}")
            for p in paths
        ]
        about = dict.fromkeys(("title", "release", "homepage", "citation", "bibtex"), "x")
        return Snapshot(**about, licence="CC BY-NC", embed=embed, tables={}, files=tuple(files))  # type: ignore[arg-type]

    home.files["b/closed.csv"] = b"x,y\n1,2\n"
    found = {"open": source("yes", "a/big.csv"), "closed": source("no", "b/closed.csv")}
    monkeypatch.setattr(snapshot, "names", lambda: tuple(sorted(found)))
    monkeypatch.setattr(snapshot, "load", found.__getitem__)
    monkeypatch.setattr(store, "TRIES", 3)
    return found


def one(folder: Path, **terms: object) -> store.Outcome:
    patience = terms.pop("patience", 0.4)
    (found,) = store.fetch(["open"], folder, store.Terms(patience=patience, **terms))  # type: ignore[arg-type]
    return found


def left(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.rglob("*") if p.is_file())


def test_fetches_verifies_and_leaves_what_is_right_alone(home, declared, tmp_path) -> None:
    told: list[tuple[str, int, int | None]] = []
    first = store.fetch(["open"], tmp_path, tell=lambda *line: told.append(line))
    assert [o.state for o in first] == ["fetched"]
    assert (tmp_path / "a/big.csv").read_bytes() == BYTES
    assert told[-1] == ("a/big.csv", len(BYTES), len(BYTES))
    assert [o.state for o in store.fetch(["open"], tmp_path)] == ["present"]
    assert len(home.asked) == 1
    assert left(tmp_path) == ["big.csv"]


def test_goes_on_where_a_broken_connection_stopped(home, declared, tmp_path) -> None:
    home.manner, home.broken = "breaking", 2
    assert one(tmp_path).state == "fetched"
    assert [span for _, span in home.asked] == [None, "bytes=100000-", "bytes=101000-"]
    assert (tmp_path / "a/big.csv").read_bytes() == BYTES


def test_goes_on_in_a_later_run_and_keeps_what_came(home, declared, tmp_path) -> None:
    home.manner, home.broken = "breaking", 3
    failed = one(tmp_path)
    assert failed.state == "failed"
    assert "102,000 bytes are kept" in failed.note
    assert left(tmp_path) == ["big.csv.part"]
    assert one(tmp_path).state == "fetched"
    assert home.asked[-1][1] == "bytes=102000-"
    assert left(tmp_path) == ["big.csv"]


def test_begins_anew_where_the_server_knows_no_ranges(home, declared, tmp_path) -> None:
    home.manner, home.broken = "forgetful", 1
    assert one(tmp_path).state == "fetched"
    assert (tmp_path / "a/big.csv").read_bytes() == BYTES


def test_the_part_of_an_older_release_is_given_up(home, declared, tmp_path) -> None:
    (tmp_path / "a").mkdir()
    for old in (b"old release", b"z" * (len(BYTES) + 5)):
        (tmp_path / "a/big.csv.part").write_bytes(old)
        assert one(tmp_path).state == "fetched"
        assert (tmp_path / "a/big.csv").read_bytes() == BYTES
        (tmp_path / "a/big.csv").unlink()


@pytest.mark.parametrize(
    ("manner", "says"),
    [
        ("other", "other bytes than the declared release"),
        ("silent", "does not answer"),
        ("trickling", "under 1024 bytes came in 0.3 seconds"),
        ("short", "other bytes than the declared release"),
        ("huge", "at most 1,073,741,824 are taken"),
        ("elsewhere", "not of the web"),
        ("around", "more than 5 times"),
        ("failing", "503"),
    ],
)
def test_a_bad_server_leaves_the_file_that_was_there(
    home, declared, tmp_path, manner: str, says: str
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/big.csv").write_bytes(b"my own copy")
    home.manner = manner
    found = one(tmp_path, patience=0.3)
    assert found.state == "failed"
    assert says in found.note
    assert (tmp_path / "a/big.csv").read_bytes() == b"my own copy"
    assert set(left(tmp_path)) <= {"big.csv", "big.csv.part"}
    with pytest.raises(DataError, match=r"1 files could not be fetched:\n  a/big\.csv"):
        store.require([found])


def test_a_file_without_announced_end_stops_at_the_limit(home, declared, tmp_path) -> None:
    home.manner = "endless"
    found = one(tmp_path, limit=1 << 20)
    assert found.state == "failed"
    assert "at most 1,048,576 are taken" in found.note
    assert left(tmp_path) == []


def test_a_length_too_long_does_no_harm_where_the_bytes_are_right(home, declared, tmp_path) -> None:
    home.manner = "long"
    assert one(tmp_path).state == "fetched"


def test_missing_and_no_server(home, declared, tmp_path) -> None:
    del home.files["a/big.csv"]
    assert "404" in one(tmp_path).note
    assert len(home.asked) == 1, "a 404 is not asked for again"
    gone = one(tmp_path, mirror="http://127.0.0.1:9", patience=0.1)
    assert "no connection" in gone.note


def test_offline_opens_no_connection(home, declared, tmp_path) -> None:
    found = one(tmp_path, offline=True)
    assert found.state == "failed"
    assert "is missing, and nothing is fetched offline" in found.note
    (tmp_path / "a").mkdir()
    (tmp_path / "a/big.csv").write_bytes(BYTES)
    assert one(tmp_path, offline=True).state == "present"
    (tmp_path / "a/big.csv").write_bytes(BYTES[:-1])
    assert "not the declared release" in one(tmp_path, offline=True).note
    assert home.asked == []


def test_a_mirror_is_asked_by_path(home, declared, tmp_path) -> None:
    home.files["copy/a/big.csv"] = BYTES
    assert one(tmp_path, mirror=f"{home.url}/copy/").state == "fetched"
    assert home.asked == [("/copy/a/big.csv", None)]


def test_licences_are_said_and_closed_sources_wait_to_be_named(home, declared, tmp_path) -> None:
    found = {o.source: o for o in store.fetch(None, tmp_path)}
    assert found["closed"].state == "closed"
    assert "CC BY-NC" in found["closed"].note
    assert not (tmp_path / "b").exists()
    (named,) = store.fetch(["closed"], tmp_path)
    assert named.state == "fetched"
    assert named.note == "not to be passed on: CC BY-NC"
    states = {o.source: o.state for o in store.fetch(None, tmp_path, restricted=True)}
    assert states == {"open": "present", "closed": "present"}


def test_pages_are_left_to_people(home, declared, tmp_path) -> None:
    file = declared["open"].files[0].model_copy(update={"url": "https://example.org/data.html"})
    declared["open"] = declared["open"].model_copy(update={"files": (file,)})
    assert one(tmp_path).state == "by hand"
    assert one(tmp_path, mirror=home.url).state == "fetched"


@pytest.mark.parametrize("url", ["file:///etc", "ftp://example.org", "data:,x", "example.org", ""])
def test_only_addresses_of_the_web(url: str) -> None:
    with pytest.raises(DataError, match="http or https"):
        store.Terms(mirror=url)


def test_unknown_sources_and_folders_that_cannot_be(declared, tmp_path) -> None:
    with pytest.raises(UnknownNameError, match="closed, open"):
        store.fetch(["elsewhere"], tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="Cannot write"):
        store.fetch(["open"], tmp_path / "file" / "below")


def test_every_declared_file_has_an_address_of_the_web() -> None:
    direct = 0
    for name in snapshot.names():
        for file in snapshot.load(name).files:
            store._require_web(file.url)
            assert not Path(file.path).is_absolute()
            assert ".." not in Path(file.path).parts
            direct += store.is_direct(file.url)
    assert direct > 30


def test_the_command_says_what_came_and_exits_with_2_where_something_did_not(
    home, declared, tmp_path, capsys, undescribed
) -> None:
    for manner, code in (("failing", 2), ("honest", 0)):
        home.manner = manner
        arguments = ["data", "fetch", "open", "closed", "--to", str(tmp_path), "--json"]
        with pytest.raises(SystemExit) as stop:
            main([*arguments, "--patience", "0.2"])
        assert int(stop.value.code or 0) == code
        out, err = capsys.readouterr()
        answer = json.loads(out)
        assert undescribed("data fetch", answer) == (set(), set())
        states = [f["state"] for f in answer["files"]]
        assert states == (["fetched"] * 2 if code == 0 else ["failed"] * 2)
        assert ("counterpoise: 2 files could not be fetched" in err) == (code == 2)


@pytest.mark.sources
def test_fetches_the_providers_files_from_a_mirror(sources: Path, home, tmp_path) -> None:
    names = ["nmc", "atop", "cow_states", "icews"]
    paths = [f.path for name in names for f in snapshot.load(name).files]
    home.files.update({p: (sources / p).read_bytes() for p in paths})
    home.manner, home.broken = "breaking", 1
    found = store.fetch(names, tmp_path, store.Terms(mirror=home.url))
    assert {o.state for o in found} == {"fetched"}
    assert left(tmp_path) == sorted(Path(p).name for p in paths)
