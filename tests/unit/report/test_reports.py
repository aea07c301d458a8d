"""Whole reports: self-contained, escaped, printable, the same in each form."""

from __future__ import annotations

import html.parser
import os
from pathlib import Path

import pytest

import counterpoise as cp
from counterpoise.errors import DataError
from counterpoise.report import pdf as printing
from counterpoise.report.writing import write_report

BARE = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}


class Reader(html.parser.HTMLParser):
    """Collects what a browser would act on, and whether every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in BARE:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


def read(path: Path) -> Reader:
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader


@pytest.fixture(scope="module")
def verdict() -> cp.Verdict:
    return cp.assess("SCO", against="USA", year=2006)


@pytest.fixture(scope="module")
def page(verdict: cp.Verdict, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(verdict, path)
    return path


def test_the_page_asks_for_nothing_and_runs_nothing(page: Path) -> None:
    reader = read(page)
    assert not reader.faults
    assert not reader.open
    assert not {"script", "link", "iframe", "object"} & set(reader.tags)
    for _, name, value in reader.attributes:
        assert not name.startswith("on")
        if name in ("src", "href", "xlink:href", "srcset"):
            assert value.startswith(("#", "data:image/")), value


def test_ids_are_unique_and_links_lead_somewhere(page: Path) -> None:
    reader = read(page)
    ids = [value for _, name, value in reader.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    links = {value[1:] for tag, name, value in reader.attributes if tag == "a" and name == "href"}
    assert links <= set(ids)


def test_it_can_be_mailed(page: Path) -> None:
    assert page.stat().st_size < 3_000_000


def test_it_says_what_the_verdict_says(page: Path, verdict: cp.Verdict) -> None:
    text = page.read_text(encoding="utf-8")
    answer = verdict.to_dict()
    assert "Not a hard-balancing coalition" in text
    assert str(answer["provenance"]["record"]) in text  # type: ignore[index]
    assert "counterpoise assess SCO --against USA --year 2006" in text
    for why in verdict.coverage.values():
        assert why in text


def test_names_from_a_file_are_escaped(tmp_path: Path) -> None:
    roster = tmp_path / "<img src=x onerror=alert(1)>&.csv"
    roster.write_text("state\nRUS\nCHN\nIRN\n", encoding="utf-8")
    out, marked = tmp_path / "out.html", tmp_path / "out.md"
    found = cp.assess(str(roster), against="USA", year=2006)
    assert "<img" in found.question.bloc.name
    write_report(found, out)
    write_report(found, marked)
    reader = read(out)
    assert not any(name.startswith("on") for _, name, _ in reader.attributes)
    assert "&lt;img src=x" in out.read_text(encoding="utf-8")


def test_markdown_tables_have_whole_rows(verdict: cp.Verdict, tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    write_report(verdict, path)
    text = path.read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert len(rows) > 50
    block: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            block.append(line)
            continue
        if block:
            pipes = {row.replace("\\|", "").count("|") for row in block}
            assert len(pipes) == 1, block[0]
            assert set(block[1]) <= set("|-: ")
        block = []


def test_another_suffix_is_refused_and_nothing_is_written(
    verdict: cp.Verdict, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=r"\.html, \.md, \.pdf"):
        write_report(verdict, tmp_path / "report.docx")
    assert list(tmp_path.iterdir()) == []


def test_pdf_needs_a_browser_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERPOISE_CHROMIUM", "no-such-browser")
    with pytest.raises(DataError, match="COUNTERPOISE_CHROMIUM"):
        printing.pdf("<p>x</p>")


def test_a_browser_that_fails_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNTERPOISE_CHROMIUM", "false")
    with pytest.raises(DataError, match="did not print"):
        printing.pdf("<p>x</p>")


def test_pdf(verdict: cp.Verdict, tmp_path: Path) -> None:
    if printing.browser() is None:
        if os.environ.get("COUNTERPOISE_REQUIRE_BROWSER") == "1":
            pytest.fail("no Chromium browser, and COUNTERPOISE_REQUIRE_BROWSER asks for one")
        pytest.skip("no Chromium browser on this machine")
    path = tmp_path / "report.pdf"
    write_report(verdict, path)
    content = path.read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(content) > 100_000
