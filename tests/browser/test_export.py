"""The exported pages, opened as files."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterpoise.web.site import export_site

from .conftest import Opens


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("export")
    export_site(place)
    return place


@pytest.mark.parametrize("name", ["index", "assess-sco-usa-2006", "leaders", "case-sco-2006-a"])
def test_an_exported_page_needs_no_server(visit: Opens, folder: Path, name: str) -> None:
    seen = visit(360 if name == "index" else 1280)
    seen.go((folder / f"{name}.html").as_uri())
    seen.drawn(1)
    assert seen.page.locator(".chart[data-drawn=no]").count() == 0
    assert not seen.faults
    assert seen.overflow() <= 0
    assert all(url.startswith(("file:", "data:")) for url in seen.requests)
    assert not seen.violations()
