"""What a reader does: moves controls, goes back, copies links, downloads, uploads, waits, stops."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .conftest import PATIENCE, Opens, Visit

SCO = "/assess?bloc=SCO&against=USA&year=2006"
PACT = "/assess?bloc=Warsaw+Pact&against=USA&year=1985"


def asked(seen: Visit) -> str:
    text: str = seen.page.locator("#answer .asked").inner_text()
    return text


def waits(seen: Visit, pattern: str) -> None:
    seen.page.wait_for_function(
        "p => { const a = document.querySelector('#answer .asked, #answer [role=alert]');"
        "return a && new RegExp(p).test(a.textContent); }",
        arg=pattern,
    )


def test_the_slider_moves_the_year_the_verdict_and_the_address(visit: Opens, server: str) -> None:
    seen = visit()
    seen.go(server + SCO)
    slide = seen.page.locator("#slide")
    assert slide.get_attribute("min") == "2001"
    slide.focus()
    seen.page.keyboard.press("ArrowRight")
    waits(seen, "2007")
    assert "year=2007" in seen.page.url
    assert seen.page.locator("#year").input_value() == "2007"
    assert seen.page.evaluate("document.activeElement.id") == "slide"
    assert not seen.faults


def test_each_control_moves_the_answer(visit: Opens, server: str) -> None:
    seen = visit()
    seen.go(server + PACT)
    assert "A hard-balancing coalition" in seen.page.locator("#verdict").inner_text()
    seen.page.locator("select[name=power]").select_option("net")
    seen.page.wait_for_url("**power=net**")
    seen.page.locator("summary", has_text="Move the cut-offs").click()
    cut = seen.page.locator("#cut-directedness")
    cut.focus()
    seen.page.keyboard.press("End")
    seen.page.wait_for_function(
        "() => !document.querySelector('#verdict').textContent.includes('A hard-balancing')"
    )
    assert "directedness=1" in seen.page.url
    assert seen.page.locator("output[for=cut-directedness]").inner_text() == "1.00"
    assert "vision=" not in seen.page.url
    seen.page.locator("a", has_text="Standard cut-offs").click()
    seen.page.wait_for_url(re.compile(r"year=1985$"))
    seen.page.locator("input[name=against]").fill("FRN")
    seen.page.locator("input[name=against]").press("Enter")
    waits(seen, "against France")
    seen.page.locator("input[name=extend]").check()
    seen.page.wait_for_url("**extend=true**")
    assert not seen.faults


def test_a_bloc_sets_the_years_of_the_slider(visit: Opens, server: str) -> None:
    seen = visit()
    seen.go(server + SCO)
    seen.page.locator("input[name=bloc]").fill("NATO")
    seen.page.locator("input[name=against]").fill("RUS")
    seen.page.locator("input[name=against]").press("Enter")
    waits(seen, "North Atlantic")
    seen.page.wait_for_function("document.getElementById('slide').min === '1949'")


def test_back_and_forward_and_a_copied_link(visit: Opens, server: str) -> None:
    seen = visit()
    seen.go(server + SCO)
    seen.page.locator("#slide").focus()
    seen.page.keyboard.press("ArrowRight")
    waits(seen, "2007")
    seen.page.keyboard.press("ArrowRight")
    waits(seen, "2008")
    copied = seen.page.url
    seen.page.go_back()
    waits(seen, "2007")
    assert seen.page.locator("#year").input_value() == "2007"
    seen.page.go_forward()
    waits(seen, "2008")
    other = visit()
    other.go(copied)
    assert asked(other) == asked(seen)
    assert other.page.locator("#year").input_value() == "2008"


def test_a_deep_link_into_moved_cut_offs(visit: Opens, server: str) -> None:
    seen = visit()
    seen.go(server + PACT + "&directedness=0.99&window=15&rivalries=false")
    assert "A hard-balancing coalition" not in seen.page.locator("#verdict").inner_text()
    assert seen.page.locator("#cut-directedness").input_value() == "0.99"
    assert seen.page.locator("#cut-directedness").is_visible()
    assert seen.page.locator("select[name=rivalries]").input_value() == "false"


def test_a_wrong_question_is_told_in_place_and_mended(visit: Opens, server: str) -> None:
    seen = visit()
    seen.go(server + SCO)
    seen.page.locator("#year").fill("1990")
    seen.page.locator("#year").press("Enter")
    waits(seen, "did not exist in 1990")
    seen.page.locator("a", has_text="SCO against USA in 2001").click()
    waits(seen, "2001")
    seen.page.locator("input[name=bloc]").fill("Shanghai Pakt")
    seen.page.locator("input[name=bloc]").press("Enter")
    waits(seen, "Did you mean")


def test_the_whole_way_by_keyboard(visit: Opens, server: str) -> None:
    seen = visit()
    seen.go(server + "/")
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.textContent") == "To the content"
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate("document.activeElement.id") == "main"
    for _ in range(40):
        seen.page.keyboard.press("Tab")
        if seen.page.evaluate("document.activeElement.name") == "year":
            break
    seen.page.keyboard.press("ControlOrMeta+A")
    seen.page.keyboard.type("1999")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url("**/assess?**year=1999**")
    reached = set()
    for _ in range(60):
        seen.page.keyboard.press("Tab")
        found = seen.page.evaluate(FOCUSED)
        if found["tag"] == "BODY":
            break
        assert found["outline"] != "none", found
        reached.add(found["name"] or found["tag"])
    assert {"bloc", "against", "year", "power", "extend", "SUMMARY", "BUTTON", "A"} <= reached


FOCUSED = """() => {
  const e = document.activeElement;
  return { tag: e.tagName, name: e.name || '', outline: getComputedStyle(e).outlineStyle };
}"""


def test_the_focus_stays_where_a_part_arrives(visit: Opens, server: str) -> None:
    seen = visit()
    seen.go(server + "/assess?bloc=CSTO&against=USA&year=2004")
    seen.page.locator("#part-resemblance a").first.focus()
    seen.page.wait_for_selector("#part-resemblance:not(.later)")
    seen.page.wait_for_function(
        "document.getElementById('part-resemblance').contains(document.activeElement)"
    )


@pytest.mark.parametrize(
    ("kind", "begins"), [("PNG", b"\x89PNG"), ("SVG", b"<svg"), ("CSV", b"member,")]
)
def test_downloads(visit: Opens, server: str, kind: str, begins: bytes) -> None:
    seen = visit()
    seen.go(server + "/assess/part/network?bloc=SCO&against=USA&year=2006")
    with seen.page.expect_download(timeout=PATIENCE) as waited:
        seen.page.locator(".downloads a", has_text=kind).click()
    assert waited.value.suggested_filename == f"network.{kind.lower()}"
    assert Path(waited.value.path()).read_bytes().startswith(begins)


def test_the_report_is_downloaded_and_opens_by_itself(
    visit: Opens, server: str, tmp_path: Path
) -> None:
    seen = visit()
    seen.go(server + SCO)
    with seen.page.expect_download(timeout=2 * PATIENCE) as waited:
        seen.page.locator("a", has_text="HTML report").click(timeout=2 * PATIENCE)
    path = tmp_path / "report.html"
    waited.value.save_as(path)
    for width, scheme in ((1280, "light"), (360, "dark")):
        own = visit(width, scheme)
        own.go(path.as_uri())
        assert own.overflow() <= 0
        assert not own.faults
        assert not own.violations()
        assert [u for u in own.requests if not u.startswith(("file:", "data:"))] == []
    own.page.emulate_media(media="print")
    twin = own.page.locator("#network details").first
    assert twin.locator("table").is_visible()
    assert not own.page.locator("nav").first.is_visible()


def test_comparing_one_more(visit: Opens, server: str) -> None:
    seen = visit()
    seen.go(server + "/compare")
    assert seen.page.locator(".columns section").count() == 3
    seen.page.locator("a", has_text="One more").click()
    seen.page.wait_for_function("document.querySelectorAll('.columns section').length === 4")
    assert seen.page.locator("a", has_text="One more").count() == 0
    seen.page.locator("input[name=year]").first.fill("2010")
    seen.page.locator("button", has_text="Compare").click()
    seen.page.wait_for_url("**year=2010**")
    assert "2010" in seen.page.locator(".columns .asked").first.inner_text()


def test_the_case_editor(visit: Opens, server: str, tmp_path: Path) -> None:
    seen = visit()
    seen.go(server + "/case-editor?case=sco-2006-a")
    seen.page.locator("select[name=issue]").select_option("energy_club")
    seen.page.locator("select[name=actor]").select_option("CHN")
    seen.page.locator("input[name=position]").fill("88")
    seen.page.locator("button", has_text="Move it").click()
    seen.page.locator("text=Moved CHN on energy_club").wait_for()
    text = seen.page.locator("textarea").input_value()
    assert "position = 88.0" in text
    seen.drawn(1)
    with seen.page.expect_download(timeout=PATIENCE) as waited:
        seen.page.locator("button", has_text="Download").click()
    path = tmp_path / "case.toml"
    waited.value.save_as(path)
    from counterpoise import cases

    kept = cases.read(path)
    assert {p.position for p in kept.positions if (p.issue, p.actor) == ("energy_club", "CHN")} == {
        88
    }
    seen.page.locator("textarea").fill(text.replace("low = ", "lowest = ", 1))
    seen.page.locator("button", has_text="Check").click()
    seen.page.locator("[role=alert]", has_text="to mend").wait_for()
    assert not seen.faults


def test_a_bad_upload_is_told_why(visit: Opens, server: str, tmp_path: Path) -> None:
    seen = visit()
    bad = tmp_path / "picture.toml"
    bad.write_bytes(b"\x89PNG\x00\xff")
    seen.go(server + "/cases")
    seen.page.locator("input[type=file]").set_input_files(bad)
    seen.page.locator("button", has_text="Check it").click()
    seen.page.locator("[role=alert]", has_text="UTF-8").wait_for()
    bad.write_text('name = "half"')
    seen.go(server + "/cases")
    seen.page.locator("input[type=file]").set_input_files(bad)
    seen.page.locator("button", has_text="Check it").click()
    seen.page.locator("[role=alert]", has_text="to mend").wait_for()


def test_a_search_is_followed_and_another_is_stopped(visit: Opens, server: str) -> None:
    seen = visit()
    seen.go(server + "/scan?against=365&from=1985&to=1985&draws=0")
    seen.page.locator("button", has_text="Search").click()
    seen.page.locator("h2", has_text="What the search found").wait_for(timeout=2 * PATIENCE)
    assert "bloc-years are hard" in seen.page.locator("#part-hits .says").inner_text()
    seen.go(server + "/scan?against=leader&from=1900&to=2018&draws=1000")
    seen.page.locator("button", has_text="Search").click()
    seen.page.locator("progress").wait_for()
    seen.page.locator("button", has_text="Cancel").click()
    seen.page.locator("#job [role=status]", has_text="Cancelled").wait_for()
    assert not seen.faults


def test_two_users_at_once(visit: Opens, server: str) -> None:
    one, two = visit(), visit(360, "dark")
    one.go(server + SCO)
    two.go(server + PACT)
    for year in range(2007, 2011):
        one.page.locator("#slide").focus()
        one.page.keyboard.press("ArrowRight")
        two.page.locator("#slide").focus()
        two.page.keyboard.press("ArrowLeft")
        waits(one, f"Shanghai.*{year}")
        waits(two, f"Warsaw Pact.*{1985 - (year - 2006)}")
    assert "SCO" in one.page.url
    assert "Warsaw" in two.page.url


def test_claims_show_how_far_they_are_until_they_are_settled(visit: Opens, server: str) -> None:
    seen = visit()
    seen.go(server + "/claims")
    seen.page.locator("h2", has_text="Who was right?").wait_for(timeout=4 * PATIENCE)
    assert "did not" in seen.page.locator("#part-ledger table").inner_text()
    assert not seen.faults


def test_a_kept_page_is_quick(visit: Opens, server: str) -> None:
    seen = visit()
    for _ in range(4):
        seen.go(server + SCO)
        seen.page.wait_for_load_state("load")
    seen.page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    times = seen.page.evaluate(
        "() => { const n = performance.getEntriesByType('navigation')[0];"
        "const p = performance.getEntriesByName('first-contentful-paint')[0];"
        "return { first: n.responseStart - n.requestStart, paint: p.startTime }; }"
    )
    assert times["first"] < 500, "milliseconds to the first byte, on a machine that may be busy"
    assert 0 < times["paint"] < 4000
