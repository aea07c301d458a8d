"""A verdict as one HTML file that opens offline, prints, and can be mailed."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING

from counterpoise.figures import render
from counterpoise.report.exhibits import every
from counterpoise.report.pages import read, report_values, templates

if TYPE_CHECKING:
    from counterpoise.report.dossier import Dossier
    from counterpoise.report.exhibit import Exhibit

LARGEST_SPEC = 400_000
"""A chart of more characters is put in as pixels, so that the file can still be mailed."""

_ID = re.compile(r'(\bid="|url\(#|href="#)')


def html(dossier: Dossier) -> str:
    """The whole report; it holds its style and pictures, no script, and asks for no other file."""
    layout = templates()
    from markupsafe import Markup

    parts = every(dossier)
    pictures = {p.name: Markup(picture(p)) for p in parts if p.draw}  # noqa: S704
    style = Markup(read("style.css") + read("report.css"))  # noqa: S704
    page: str = layout.get_template("report.html").render(
        exhibits=parts, pictures=pictures, style=style, **report_values(dossier)
    )
    return page


def picture(part: Exhibit) -> str:
    """The chart of a part as SVG, or as an image where the SVG would be very large."""
    assert part.draw is not None
    spec = render.specification(part.draw())
    if len(json.dumps(spec)) > LARGEST_SPEC:
        pixels = base64.b64encode(render.png(spec, 1.0)).decode()
        return f'<img alt="" src="data:image/png;base64,{pixels}">'
    # Ids must not meet those of the other drawings in the file.
    return _ID.sub(rf"\1{part.name}-", render.svg(spec))
