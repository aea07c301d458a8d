"""Addresses of pages and parts: of a server, or of a folder of files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

NAVIGATION = (
    ("home", "Home"),
    ("assess", "Bloc against target"),
    ("compare", "Compare"),
    ("scan", "Search"),
    ("leaders", "Leading states"),
    ("claims", "Claims"),
    ("cases", "Cases"),
    ("data", "Data"),
)
"""Pages in the bar on top of every page: name and title."""


class Links(Protocol):
    """Where things are; None for what is not there."""

    is_live: bool

    def page(self, name: str, query: str = "") -> str | None:
        """Address of a page."""

    def part(self, page: str, name: str, kind: str, query: str = "") -> str | None:
        """Address of one part of a page: kind is html, json, csv, svg, png or vl."""

    def asset(self, name: str) -> str:
        """Address of a file that pages need."""


@dataclass(frozen=True)
class Served:
    """Addresses of a running server; ``version`` makes browsers fetch changed files anew."""

    version: str
    is_live: bool = True

    def page(self, name: str, query: str = "") -> str:
        """Address of a page."""
        path = "/" if name == "home" else f"/{name}"
        return f"{path}?{query}" if query else path

    def part(self, page: str, name: str, kind: str, query: str = "") -> str:
        """Address of one part of a page."""
        path = f"/{page}/part/{name}" + ("" if kind == "html" else f".{kind}")
        return f"{path}?{query}" if query else path

    def asset(self, name: str) -> str:
        """Address of a file that pages need."""
        return f"/static/{name}?v={self.version}"


@dataclass
class Exported:
    """Addresses within a folder: only pages that are written have one."""

    files: dict[tuple[str, str], str] = field(default_factory=dict)
    is_live: bool = False

    def page(self, name: str, query: str = "") -> str | None:
        """File of a page, or None where it is not exported."""
        return self.files.get((name, query))

    def part(self, page: str, name: str, kind: str, query: str = "") -> str | None:
        """Parts are inside their pages; only their tables are files of their own."""
        return self.files.get((f"{page}/{name}.{kind}", query))

    def asset(self, name: str) -> str:
        """File that pages need."""
        return f"static/{name.rsplit('/', 1)[-1]}"
