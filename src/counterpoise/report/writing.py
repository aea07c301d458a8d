"""A report to a file, by suffix."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterpoise import files
from counterpoise.report.dossier import Dossier

if TYPE_CHECKING:
    from pathlib import Path

    from counterpoise.assessment.verdict import Verdict

SUFFIXES = (".html", ".md", ".pdf")


def write_report(
    verdict: Verdict, path: Path, *, pacts: Path | None = None, case: Path | None = None
) -> None:
    """Write the report on a verdict as .html, .md or .pdf, whole or not at all.

    Parameters
    ----------
    pacts, case : the user's own files that the verdict was given.

    Raises
    ------
    DataError : another suffix, the file cannot be written, or no browser to print a PDF.
    MissingExtraError : a library of the extra ``report`` is not installed.
    """
    files.require_writable(path, SUFFIXES)
    dossier = Dossier(verdict, pacts, case)
    files.write_bytes(path, _content(dossier, path.suffix.lower()))


def _content(dossier: Dossier, suffix: str) -> bytes:
    if suffix == ".md":
        from counterpoise.report.markdown import markdown

        return markdown(dossier).encode()
    from counterpoise.report.html import html

    page = html(dossier)
    if suffix == ".html":
        return page.encode()
    from counterpoise.report.pdf import pdf

    return pdf(page)
