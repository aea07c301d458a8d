"""Views to bytes: HTML through the templates, JSON, and charts in every form."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from counterpoise import record
from counterpoise.figures import render
from counterpoise.report import exhibits
from counterpoise.report.pages import templates
from counterpoise.report.plain import plain
from counterpoise.version import __version__
from counterpoise.web.links import NAVIGATION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from counterpoise.report.exhibit import Exhibit
    from counterpoise.web.links import Links
    from counterpoise.web.views import View

TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "vl": "application/json",
}
"""Content types of the forms that a part comes in; vl is Vega-Lite."""


@dataclass(frozen=True)
class Sent:
    """What goes over the wire."""

    body: bytes
    kind: str
    status: int = 200
    address: str = ""

    def __len__(self) -> int:
        return len(self.body)


def page(view: View, links: Links, *, inside: str | None = None, **more: Any) -> Sent:
    """A view as HTML: the whole page, or the template ``inside`` alone."""
    values: dict[str, Any] = {
        "title": view.title,
        "nav": view.nav,
        "query": view.query,
        "links": links,
        "navigation": NAVIGATION,
        "json_address": twin(view),
        "version_line": f"Counterpoise {__version__}, record {record.manifest().record}.",
        "specs": {},
        "job": None,
        "year": None,
        **view.values,
        **more,
    }
    text: str = templates().get_template(inside or view.template).render(values)
    return Sent(text.encode(), "text/html; charset=utf-8", view.status)


def twin(view: View) -> str:
    """Address of the JSON twin of a page."""
    path = "/index.json" if view.nav == "home" else f"/{view.values.get('path', view.nav)}.json"
    return f"{path}?{view.query}" if view.query else path


def as_json(data: Any, status: int = 200) -> Sent:
    """Plain values as a JSON document; what is not a number is null."""
    text = json.dumps(plain(data), ensure_ascii=False, allow_nan=False)
    return Sent(text.encode(), "application/json", status)


def specification(part: Exhibit) -> dict[str, Any] | None:
    """The chart of a part as Vega-Lite; None without one."""
    return None if part.draw is None else render.specification(part.draw())


def inline(part: Exhibit) -> str | None:
    """The chart of a part as text inside an element of a page: what opens a tag is escaped."""
    from markupsafe import Markup

    spec = specification(part)
    if spec is None:
        return None
    return Markup(html.escape(json.dumps(spec, ensure_ascii=False), quote=False))  # noqa: S704


def part_as(part: Exhibit, kind: str) -> Sent:
    """One part of a page in one form.

    Raises
    ------
    KeyError : the part has no chart, and a chart was asked for.
    """
    if kind == "json":
        return as_json(exhibits.plain_table(part))
    if kind == "csv":
        return Sent(exhibits.csv(part).encode(), TYPES["csv"])
    spec = specification(part)
    if spec is None:
        raise KeyError(kind)
    return Sent(_drawn(spec, kind), TYPES[kind])


def _drawn(spec: Mapping[str, Any], kind: str) -> bytes:
    if kind == "vl":
        return json.dumps(spec, ensure_ascii=False).encode()
    return render.svg(spec).encode() if kind == "svg" else render.png(spec)
