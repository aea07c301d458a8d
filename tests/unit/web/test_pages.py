"""Every page, its twin, and what a reader or a script meets on a wrong question."""

from __future__ import annotations

import html.parser

import httpx
import pytest

import counterpoise as cp
from counterpoise.measures.rules import Rules
from counterpoise.report.plain import plain
from counterpoise.web import views

PAGES = [
    "/",
    "/assess",
    "/assess?bloc=Warsaw%20Pact&against=USA&year=1985",
    "/compare",
    "/scan",
    "/leaders",
    "/claims",
    "/cases",
    "/cases/sco-2006-a",
    "/case-editor",
    "/case-editor?case=sco-2006-a",
    "/data",
    "/api",
]
TWINS = [
    "/index.json",
    "/assess.json",
    "/compare.json",
    "/scan.json",
    "/leaders.json",
    "/claims.json",
    "/cases.json",
    "/cases/sco-2006-a.json",
    "/data.json",
    "/api.json",
    "/openapi.json",
]
PAGE = {"accept": "text/html"}
PARTS = ["tests", "strands", "timeline", "map", "network", "consensus", "threat", "resemblance"]


class Addresses(html.parser.HTMLParser):
    """What a page fetches and links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("src", "href", "action", "hx-get", "hx-post", "data-spec"):
                self.found.append((tag, name, value or ""))
            if name == "id":
                self.ids.append(value or "")
            assert not name.startswith("on"), f"{tag} has an inline handler"
            assert name != "style", f"{tag} has an inline style"


def read(text: str) -> Addresses:
    reader = Addresses()
    reader.feed(text)
    return reader


@pytest.mark.parametrize("address", PAGES)
def test_a_page_answers_and_asks_no_other_machine(client: httpx.Client, address: str) -> None:
    answer = client.get(address, headers=PAGE)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    reader = read(answer.text)
    assert "<script>" not in answer.text
    assert len(reader.ids) == len(set(reader.ids))
    for _, _, where in reader.found:
        assert where.startswith(("/", "#")), where
        assert not where.startswith("//")


@pytest.mark.parametrize("address", PAGES)
def test_links_of_a_page_lead_somewhere(client: httpx.Client, address: str) -> None:
    reader = read(client.get(address, headers=PAGE).text)
    links = {w for _, name, w in reader.found if name in ("href", "src") and w.startswith("/")}
    own = {w for w in links if "/part/" not in w and "/report." not in w}
    for where in sorted(own)[:40]:
        assert client.get(where, headers=PAGE).status_code == 200, where


@pytest.mark.parametrize("address", TWINS)
def test_a_twin_is_json_without_a_nan(client: httpx.Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    answer.json()


def test_a_page_names_its_twin(client: httpx.Client) -> None:
    for address in ("/", "/assess?year=2007", "/compare", "/leaders", "/claims", "/data", "/cases"):
        text = client.get(address, headers=PAGE).text
        twin = text.split('rel="alternate" type="application/json" href="')[1].split('"')[0]
        assert client.get(twin.replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize("year", [2001, 2006, 2018])
def test_the_twin_of_a_question_is_the_answer_of_the_command_line(
    client: httpx.Client, year: int
) -> None:
    found = client.get(f"/assess.json?bloc=SCO&against=USA&year={year}").json()
    command = found.pop("command")
    assert found == plain(cp.assess("SCO", against="USA", year=year).to_dict())
    assert f"--year {year}" in command


def test_cut_offs_of_the_address_are_those_of_the_verdict(client: httpx.Client) -> None:
    asked = "bloc=SCO&against=USA&year=2006&bound_share=0.02&directedness_rest=0.9&power=gdp"
    rules = Rules(bound_share=0.02, directedness_rest=0.9)
    found = client.get(f"/assess.json?{asked}").json()
    own = plain(cp.assess("SCO", "USA", 2006, "gdp", rules).to_dict())
    assert found["tests"] == own["tests"]
    assert found["observed"] == own["observed"]
    passed = {test["name"]: test["passed"] for test in found["tests"]}
    assert passed["bound_share"] is True
    assert passed["directedness_without_strongest"] is False


def test_moving_a_cut_off_moves_the_verdict(client: httpx.Client) -> None:
    base = "/assess.json?bloc=Warsaw%20Pact&against=USA&year=1985"
    assert client.get(base).json()["observed"] == "hard"
    assert client.get(base + "&directedness=0.99").json()["observed"] != "hard"


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("kind", ["json", "csv", "vl", "svg", "png"])
def test_every_part_in_every_form(client: httpx.Client, name: str, kind: str) -> None:
    answer = client.get(f"/assess/part/{name}.{kind}?bloc=SCO&against=USA&year=2006")
    if name in ("tests", "strands") and kind in ("vl", "svg", "png"):
        assert answer.status_code == 404
        return
    assert answer.status_code == 200
    begins = {"json": b"{", "vl": b"{", "svg": b"<svg", "png": b"\x89PNG"}
    assert answer.content.startswith(begins.get(kind, b""))
    assert len(answer.content) > 100


def test_a_fragment_is_a_part_of_its_page(client: httpx.Client) -> None:
    whole = client.get("/assess?year=2007", headers=PAGE)
    piece = client.get(
        "/assess?year=2007", headers=PAGE | {"hx-request": "true", "hx-target": "answer"}
    )
    assert "<html" in whole.text
    assert "<html" not in piece.text
    assert piece.text.strip() in whole.text
    assert piece.headers["hx-push-url"] == "/assess?bloc=SCO&against=USA&year=2007"


def test_standard_cut_offs_leave_the_address(client: httpx.Client) -> None:
    asked = "/assess?bloc=SCO&against=USA&year=2006&bound_share=0.50&vision=0.7&window=10&survival="
    piece = client.get(asked, headers={"hx-request": "true", "hx-target": "answer"})
    assert piece.headers["hx-push-url"] == "/assess?bloc=SCO&against=USA&year=2006&vision=0.7"


def test_suggested_questions_can_be_asked(client: httpx.Client) -> None:
    for bloc, target, year, _ in views.SUGGESTED:
        asked = {"bloc": bloc, "against": target, "year": year}
        assert client.get("/assess.json", params=asked).status_code == 200


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("bloc=Shanghai%20Pakt", 404, "Did you mean"),
        ("bloc=SCO&year=1985", 404, "2001"),
        ("bloc=NATO&against=USA", 404, "contains its target"),
        ("against=Atlantis", 404, "Atlantis"),
        ("year=1700", 422, "year"),
        ("year=soon", 422, "year"),
        ("power=might", 422, "power"),
        ("bound_share=2", 422, "bound_share"),
        ("bound_share=nan", 422, "bound_share"),
        ("bloc=/etc/passwd.csv", 422, "opens no file"),
        ("bloc=roster.CSV%20", 422, "opens no file"),
        ("bloc=a%00b", 422, "control characters"),
        ("bloc=", 422, "bloc"),
    ],
)
def test_a_wrong_question_is_told_why(
    client: httpx.Client, query: str, status: int, said: str
) -> None:
    told = client.get(f"/assess.json?{query}")
    assert told.status_code == status
    assert said in told.json()["error"]
    shown = client.get(f"/assess?{query}", headers=PAGE)
    assert shown.status_code == status
    assert "<html" in shown.text


def test_a_year_without_the_bloc_offers_the_nearest_with_it(client: httpx.Client) -> None:
    text = client.get("/assess?bloc=SCO&against=USA&year=1990", headers=PAGE).text
    assert "/assess?bloc=SCO&amp;against=USA&amp;year=2001" in text


def test_text_from_the_address_is_escaped(client: httpx.Client) -> None:
    evil = '"><script>alert(1)</script>'
    for address in ("/assess", "/compare", "/scan"):
        name = "against" if address == "/scan" else "bloc"
        text = client.get(address, params={name: evil}, headers=PAGE).text
        assert "<script>alert" not in text
    assert "<script>alert" not in client.get(f"/{evil}", headers=PAGE).text


def test_comparison_shows_its_own_faults_in_place(client: httpx.Client) -> None:
    asked = [("bloc", "SCO"), ("bloc", "Nowhere"), ("against", "USA"), ("against", "USA")]
    asked += [("year", "2006"), ("year", "2006")]
    answer = client.get("/compare", params=asked, headers=PAGE)
    assert answer.status_code == 200
    assert "Not a hard-balancing coalition" in answer.text
    assert "Nowhere" in answer.text
    told = client.get("/compare.json", params=asked[:-1])
    assert told.status_code == 404
    assert "2 blocs" in told.json()["error"]


def test_leaders_of_a_year(client: httpx.Client) -> None:
    found = client.get("/leaders.json?year=1900").json()
    own = cp.leader(1900).to_dict()
    assert found["metrics"] == plain(own["metrics"])


def test_a_report_is_for_keeping(client: httpx.Client) -> None:
    answer = client.get("/assess/report.md?bloc=SCO&against=USA&year=2006")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.text.startswith("# Shanghai Cooperation Organization against")
