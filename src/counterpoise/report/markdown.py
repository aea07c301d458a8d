"""A verdict as Markdown: the same parts as the HTML report, pictures as tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from counterpoise.report.exhibits import every
from counterpoise.report.pages import report_values, templates

if TYPE_CHECKING:
    from counterpoise.report.dossier import Dossier


def markdown(dossier: Dossier) -> str:
    """The whole report in Markdown."""
    text: str = (
        templates()
        .get_template("report.md")
        .render(exhibits=every(dossier), **report_values(dossier))
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
