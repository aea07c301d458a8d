"""The export: whole, linked, and without a server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from counterpoise.errors import DataError
from counterpoise.web.site import export_site


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("site") / "pages"
    written = export_site(place)
    assert {str(p) for p in written} == {
        str(p.relative_to(place)) for p in place.rglob("*") if p.is_file()
    }
    return place


def test_every_link_leads_to_a_file(folder: Path) -> None:
    pages = list(folder.glob("*.html"))
    assert len(pages) > 12
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for where in re.findall(
            r'(?:href|src|data-vega|data-lite|data-interpreter)="([^"#]+)"', text
        ):
            assert (folder / where).is_file(), f"{page.name}: {where}"
        assert "None" not in re.findall(r'href="([^"]*)"', text)
        assert "<form" not in text


def test_every_question_is_whole(folder: Path) -> None:
    text = (folder / "assess-sco-usa-2006.html").read_text(encoding="utf-8")
    for name in ("timeline", "map", "network", "consensus", "threat", "resemblance"):
        assert f'id="part-{name}"' in text
    assert text.count('class="spec"') >= 6


def test_an_export_can_be_repeated_and_spares_other_files(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(DataError, match=r"thesis\.docx"):
        export_site(tmp_path)
    assert (tmp_path / "thesis.docx").read_text() == "mine"
