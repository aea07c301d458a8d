"""Event files reduced to dyads by month: counted by hand, in a stream, from a store, at odds."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import polars as pl
import pytest

import counterpoise as cp
from counterpoise.cli.entry import main
from counterpoise.errors import DataError, QuestionError

ICEWS_HEADER = (
    "Event ID\tEvent Date\tSource Country\tEvent Text\tCAMEO Code\tIntensity\tTarget Country"
)


def gdelt(day: str, one: str, two: str, quad: object, score: object) -> str:
    cells = [""] * 58
    for place, value in ((0, 1), (1, day), (7, one), (17, two), (29, quad), (30, score)):
        cells[place] = str(value)
    return "\t".join(cells)


def written(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


EVENTS = (
    gdelt("20060105", "RUS", "CHN", 1, 3.4),
    gdelt("20060131", "RUS", "CHN", 4, -10),
    gdelt("20060201", "RUS", "CHN", 2, 7),
    gdelt("20060110", "CHN", "RUS", 3, ""),
    gdelt("20060110", "ROM", "USA", "", 1),
    gdelt("20060110", "USA", "USA", 1, 1),
    gdelt("20060110", "EUR", "USA", 1, 1),
    gdelt("20060110", "", "USA", 1, 1),
    gdelt("2006011", "RUS", "CHN", 1, 1),
    gdelt("20110601", "SSD", "USA", 1, 1),
    gdelt("20110801", "SSD", "USA", 1, 1),
)


def test_counts_means_and_shares_by_hand(tmp_path: Path) -> None:
    found = cp.event_months(written(tmp_path / "a.csv", *EVENTS))
    rows = found.frame.select(
        "ccode1", "ccode2", "year", "month", "events", "verbal_cooperation", "goldstein",
        "verbal_cooperation_share", "material_conflict_share",
    ).rows()  # fmt: skip
    assert rows == [
        (360, 2, 2006, 1, 1, 0, 1.0, None, None),
        (365, 710, 2006, 1, 2, 1, -3.3, 0.5, 0.5),
        (710, 365, 2006, 1, 1, 0, None, 0.0, 0.0),
        (365, 710, 2006, 2, 1, 0, 7.0, 0.0, 0.0),
        (626, 2, 2011, 8, 1, 1, 1.0, 1.0, 0.0),
    ]
    assert dict(found.read) == {
        "kept": 6, "undated": 1, "without an actor": 1, "unmatched": 2, "inside one state": 1,
    }  # fmt: skip
    assert sum(found.read.values()) == len(EVENTS)
    # South Sudan was no state in June 2011.
    assert found.unmatched.rows() == [("EUR", 2006, 2006, 1), ("SSD", 2011, 2011, 1)]


def test_icews_is_read_by_names_and_codes(tmp_path: Path) -> None:
    rows = [
        f"{k}\t2014-03-0{k}\tRussian Federation\tx\t{code}\t{score}\tUkraine"
        for k, (code, score) in enumerate(
            [("042", 1.9), ("07", 7), ("112", -2), ("190", -10), ("", 0), ("300", 0)], 1
        )
    ]
    rows.append("9\t2014-03-09\tAtlantis\tx\t042\t1\tUkraine")
    found = cp.event_months(written(tmp_path / "a.tab", ICEWS_HEADER, *rows), "icews")
    (row,) = found.frame.rows(named=True)
    assert (row["ccode1"], row["ccode2"], row["events"]) == (365, 369, 6)
    classes = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")
    assert [row[c] for c in classes] == [1, 1, 1, 1]
    assert row["material_conflict_share"] == 0.25
    assert row["goldstein"] == pytest.approx(-3.1 / 6)
    assert found.unmatched["actor"].to_list() == ["Atlantis"]


def test_files_patterns_and_compression_give_the_same(tmp_path: Path) -> None:
    whole = cp.event_months(written(tmp_path / "a.csv", *EVENTS)).frame
    two = [written(tmp_path / "p1.csv", *EVENTS[:4]), written(tmp_path / "p2.csv", *EVENTS[4:])]
    assert cp.event_months(two[::-1]).frame.equals(whole)
    assert cp.event_months(str(tmp_path / "p*.csv")).frame.equals(whole)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress((tmp_path / "a.csv").read_bytes()))
    assert cp.event_months(tmp_path / "a.csv.gz").frame.equals(whole)


def test_relabelling_actors_permutes_the_answer(tmp_path: Path) -> None:
    turned = [row.replace("RUS", "?").replace("CHN", "RUS").replace("?", "CHN") for row in EVENTS]
    one = cp.event_months(written(tmp_path / "a.csv", *EVENTS)).frame
    two = cp.event_months(written(tmp_path / "b.csv", *turned)).frame
    swap = {365: 710, 710: 365}
    back = two.with_columns(pl.col("ccode1", "ccode2").replace(swap)).sort(
        "year", "month", "ccode1", "ccode2"
    )
    assert back.equals(one)


def test_a_million_rows_equal_their_pieces(tmp_path: Path) -> None:
    events = pl.DataFrame({"n": range(1_000_000)}).select(
        **{f"c{k}": pl.lit("") for k in range(58)}
        | {
            "c1": pl.lit("2006") + (pl.col("n") % 12 + 1).cast(pl.String).str.zfill(2) + "15",
            "c7": pl.Series(["USA", "RUS", "CHN"] * 333_334)[:1_000_000],
            "c17": pl.Series(["RUS", "CHN", "IND", "IRN", "USA"] * 200_000),
            "c29": (pl.col("n") % 4 + 1).cast(pl.String),
            "c30": ((pl.col("n") % 201 - 100) / 10).cast(pl.String),
        }
    )
    path = tmp_path / "big.csv"
    events.write_csv(path, separator="\t", include_header=False, quote_style="never")
    found = cp.event_months(path)
    assert found.read["kept"] + found.read["inside one state"] == 1_000_000
    one = found.frame.filter((pl.col("ccode1") == 2) & (pl.col("ccode2") == 365))
    chosen = [n for n in range(1_000_000) if n % 15 == 0 and n % 12 == 0]
    january = one.filter(pl.col("month") == 1)
    assert january["events"].item() == len(chosen)
    mean = sum(n % 201 - 100 for n in chosen) / 10 / len(chosen)
    assert january["goldstein"].item() == pytest.approx(mean, abs=1e-12)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[str]:
    """An object store that answers HEAD and GET, also of a range, and knows one object."""
    content = written(tmp_path / "object.csv", *EVENTS).read_bytes()

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            pass

        def answer(self, body: bool) -> None:
            if urlsplit(self.path).path != "/bucket/events.csv":
                self.send_response(404)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            span = self.headers.get("Range")
            first, last = 0, len(content) - 1
            if span:
                start, _, end = span.removeprefix("bytes=").partition("-")
                first, last = int(start), min(int(end or last), last)
            self.send_response(206 if span else 200)
            if span:
                self.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
            self.send_header("Content-Length", str(last - first + 1))
            self.send_header("ETag", '"one"')
            self.send_header("Last-Modified", "Mon, 02 Jan 2006 00:00:00 GMT")
            self.end_headers()
            if body:
                self.wfile.write(content[first : last + 1])

        def do_HEAD(self) -> None:
            self.answer(body=False)

        def do_GET(self) -> None:
            self.answer(body=True)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_object_store_is_read_like_a_disk(store: str, tmp_path: Path) -> None:
    options = {
        "aws_endpoint_url": store,
        "aws_access_key_id": "key",
        "aws_secret_access_key": "secret",
        "aws_region": "us-east-1",
        "aws_allow_http": "true",
    }
    found = cp.event_months("s3://bucket/events.csv", storage_options=options)
    assert found.frame.equals(cp.event_months(tmp_path / "object.csv").frame)
    with pytest.raises(DataError, match="cannot be read"):
        cp.event_months("s3://bucket/other.csv", storage_options=options)


def test_what_is_no_event_file_is_refused(tmp_path: Path) -> None:
    narrow = written(tmp_path / "narrow.csv", "a\tb\tc")
    with pytest.raises(DataError, match="3 columns"):
        cp.event_months(narrow)
    with pytest.raises(DataError, match="cannot be read as icews"):
        cp.event_months(narrow, "icews")
    with pytest.raises(DataError, match="cannot be read"):
        cp.event_months(tmp_path / "absent.csv")
    with pytest.raises(QuestionError, match="gdelt or icews"):
        cp.event_months(narrow, "acled")  # type: ignore[arg-type]
    with pytest.raises(QuestionError, match="at least one file"):
        cp.event_months([])
    (tmp_path / "noise.csv").write_bytes(bytes(range(256)) * 50)
    with pytest.raises(DataError):
        cp.event_months(tmp_path / "noise.csv")


def test_the_command_writes_a_file_and_says_what_was_left_out(tmp_path: Path, capsys) -> None:
    path, out = written(tmp_path / "a.csv", *EVENTS), tmp_path / "months.parquet"
    main_quietly("data", "events", str(path), "--out", str(out), "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["rows"] == pl.read_parquet(out).height == 5
    assert told["events"]["unmatched"] == 2
    main_quietly("data", "events", str(path), "--out", str(tmp_path / "months.csv"))
    assert "EUR (1)" in capsys.readouterr().out
    assert pl.read_csv(tmp_path / "months.csv").height == 5
    assert dt.date(2006, 1, 1).year == pl.read_parquet(out)["year"].min()


def main_quietly(*arguments: str) -> None:
    with pytest.raises(SystemExit) as stop:
        main(list(arguments))
    assert not stop.value.code
