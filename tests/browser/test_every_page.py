"""Each page in each dress: nothing overflows, fails, calls out, or shuts a reader out."""

from __future__ import annotations

import pytest

from .conftest import Opens

PAGES = {
    "home": "/",
    "assess": "/assess?bloc=SCO&against=USA&year=2006",
    "list": "/assess?bloc=RUS,CHN,IRN&against=USA&year=2010&power=net&extend=true",
    "unknown": "/assess?bloc=AUKUS&against=CHN&year=2021",
    "part": "/assess/part/network?bloc=NATO&against=365&year=1985",
    "compare": "/compare",
    "scan": "/scan",
    "leaders": "/leaders?year=1914",
    "claims": "/claims",
    "cases": "/cases",
    "case": "/cases/sco-2006-a",
    "editor": "/case-editor?case=sco-2006-a",
    "data": "/data",
    "api": "/api",
    "error": "/assess?bloc=Atlantis",
    "absent": "/nowhere",
}
DRESSES = [(1280, "light"), (360, "dark"), (768, "light"), (1920, "dark")]
CHARTS = {"home": 2, "assess": 7, "leaders": 1, "case": 1, "editor": 1, "data": 1, "part": 1}


@pytest.mark.parametrize(("width", "scheme"), DRESSES[:2], ids=lambda d: str(d))
@pytest.mark.parametrize("name", PAGES)
def test_a_page(visit: Opens, server: str, name: str, width: int, scheme: str) -> None:
    seen = visit(width, scheme)
    seen.go(server + PAGES[name])
    if name in CHARTS:
        seen.drawn(CHARTS[name])
    assert seen.overflow() <= 0
    assert not seen.faults
    assert all(url.startswith((server, "data:", "blob:")) for url in seen.requests)
    assert seen.page.locator("h1").count() == 1
    assert seen.page.title()
    assert not seen.violations()


@pytest.mark.parametrize(("width", "scheme"), DRESSES[2:], ids=lambda d: str(d))
@pytest.mark.parametrize("name", ["home", "assess", "compare", "case"])
def test_wider_and_narrower(visit: Opens, server: str, name: str, width: int, scheme: str) -> None:
    seen = visit(width, scheme)
    seen.go(server + PAGES[name])
    assert seen.overflow() <= 0
    assert not seen.faults


def test_every_chart_has_a_name_and_a_table(visit: Opens, server: str) -> None:
    seen = visit()
    seen.go(server + PAGES["assess"])
    seen.drawn(7)
    for chart in seen.page.locator(".chart").all():
        assert chart.get_attribute("role") == "img"
        assert len(chart.get_attribute("aria-label") or "") > 20
        assert chart.get_attribute("data-drawn") == "yes"
        section = chart.locator("xpath=ancestor::section")
        section.locator("summary", has_text="The same as a table").click()
        assert section.locator("details[open] table tbody tr").first.is_visible()
        assert section.locator(".source").count() == 1


def test_charts_change_their_dress_with_the_page(visit: Opens, server: str) -> None:
    seen = visit()
    seen.go(server + PAGES["part"])
    seen.drawn(1)
    label = seen.page.locator(".chart svg text", has_text="United States of America").first
    light = label.get_attribute("fill")
    seen.page.emulate_media(color_scheme="dark")
    seen.page.wait_for_function(
        "was => { const t = [...document.querySelectorAll('.chart svg text')]"
        ".find(e => e.textContent === 'United States of America');"
        "return t && t.getAttribute('fill') !== was; }",
        arg=light,
    )


def test_a_chart_tells_its_figures_under_the_pointer(visit: Opens, server: str) -> None:
    seen = visit()
    seen.go(server + PAGES["part"])
    seen.drawn(1)
    seen.page.locator(".chart svg .mark-symbol path").first.hover()
    box = seen.page.locator(".tooltip")
    box.wait_for(state="visible")
    assert "world power" in box.inner_text()


def test_without_scripts_every_part_is_a_link(visit: Opens, server: str) -> None:
    seen = visit(scripts=False)
    seen.go(server + PAGES["assess"])
    assert "Not a hard-balancing coalition" in seen.page.locator("#verdict").inner_text()
    seen.page.locator("input[name=year]").fill("2010")
    seen.page.locator("button", has_text="Answer").click()
    assert "year=2010" in seen.page.url
    seen.page.locator("a", has_text="Network of pacts: open by itself").click()
    assert seen.page.locator("noscript img, img").first.get_attribute("src")
    assert "bound" in seen.page.locator(".says").inner_text()
