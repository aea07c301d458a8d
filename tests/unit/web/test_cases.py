"""Case files on pages: shown, edited, checked, downloaded; bad ones told why."""

from __future__ import annotations

import datetime as dt

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise import cases
from counterpoise.errors import CaseError
from counterpoise.web import case_text
from counterpoise.web.questions import Asked

PAGE = {"accept": "text/html"}


@pytest.mark.parametrize("case", cases.shipped(), ids=lambda c: f"{c.name}-{c.coder}")
def test_a_case_written_reads_back_the_same(case: cases.Case) -> None:
    assert case_text.read(case_text.to_toml(case)) == case


text = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40)


@given(text, text, st.floats(0, 100), st.floats(0, 1))
def test_any_text_reads_back_the_same(
    name: str, source: str, position: float, salience: float
) -> None:
    case = cases.Case(
        name=name,
        bloc="RUS,CHN",
        target=2,
        year=2006,
        coder="A",
        coded_on=dt.date(2024, 1, 2),
        note=source,
        actors=(cases.Actor(id="a", name=name, code=365, role="member"),),
        issues=(
            cases.Issue(
                id="i", title=name, kind="build", low="no", high="yes",
                target=position, status_quo=1, source=source,
            ),
        ),
        positions=(
            cases.Position(
                issue="i", actor="a", position=position, low=0, high=100,
                salience=salience, salience_low=0, salience_high=1, source=source,
            ),
        ),
    )  # fmt: skip
    assert case_text.read(case_text.to_toml(case)) == case


def test_moving_a_position_moves_it_alone_and_widens_its_range() -> None:
    case = cases.find("SCO", 2, 2006)[0]
    moved = case_text.moved(case, "enlargement", "CHN", 99.0, 0.01, "a test")
    changed = [(a, b) for a, b in zip(case.positions, moved.positions, strict=True) if a != b]
    assert len(changed) == 1
    assert changed[0][1].position == changed[0][1].high == 99
    assert changed[0][1].salience == changed[0][1].salience_low == 0.01
    assert changed[0][1].source == "a test"
    assert case_text.read(case_text.to_toml(moved)) == moved


@pytest.mark.parametrize(
    ("actor", "position"), [("XXX", 5.0), ("CHN", 101.0), ("CHN", float("nan"))]
)
def test_a_move_off_the_scale_is_refused(actor: str, position: float) -> None:
    with pytest.raises(CaseError):
        case_text.moved(cases.find("SCO", 2, 2006)[0], "enlargement", actor, position, None, "")


def test_a_blank_case_is_in_order() -> None:
    for bloc, target, year in (("SCO", "USA", 2010), ("RUS,CHN", "USA", 2015)):
        asked = Asked.model_validate({"bloc": bloc, "against": target, "year": year})
        assert case_text.read(case_text.blank(asked)).year == year


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "required"),
        ("name = ", "TOML"),
        ('name = "x"', "required"),
        ("[" * 5000, "TOML"),
        ("a = " + "[" * 3000 + "]" * 3000, ""),
    ],
)
def test_a_bad_case_is_told_why_and_kept_in_the_editor(
    client: httpx.Client, content: str, said: str
) -> None:
    answer = client.post("/case-editor", data={"text": content}, headers=PAGE)
    assert answer.status_code == 200
    assert "to mend" in answer.text
    assert said.casefold() in answer.text.casefold()


@pytest.mark.parametrize("content", [b"\xff\xfe\x00bad", b"\x89PNG\r\n\x1a\n" + bytes(200)])
def test_an_upload_that_is_no_text_is_refused(client: httpx.Client, content: bytes) -> None:
    answer = client.post("/case-editor", files={"upload": ("x.toml", content)}, headers=PAGE)
    assert answer.status_code == 422
    assert "UTF-8" in answer.text


def test_an_upload_is_worked_through(client: httpx.Client) -> None:
    content = client.get("/cases/sco-2006-a.toml").content
    answer = client.post("/case-editor", files={"upload": ("my.toml", content)}, headers=PAGE)
    assert "In order: SCO 2006" in answer.text
    assert "Negative consensus" in answer.text


def test_the_editor_moves_a_position_and_shows_what_follows(client: httpx.Client) -> None:
    content = client.get("/cases/sco-2006-a.toml").text
    sent = {"text": content, "do": "move", "issue": "energy_club", "actor": "CHN", "position": "88"}
    answer = client.post("/case-editor", data=sent, headers=PAGE)
    assert "Moved CHN on energy_club" in answer.text
    sent["position"] = "far"
    answer = client.post("/case-editor", data=sent, headers=PAGE)
    assert "position is no number" in answer.text


def test_the_download_is_what_was_in_the_editor(client: httpx.Client) -> None:
    answer = client.post("/case-editor/download", data={"text": "a = 1\r\nb = 2"})
    assert answer.text == "a = 1\nb = 2"
    assert "attachment" in answer.headers["content-disposition"]


def test_a_case_too_large_for_a_page_is_sent_to_the_command_line() -> None:
    members = [(f"A{i}", f"State {i}", 2 + i) for i in range(41)]
    text = cases.blank("Many", "X", 2, 2006, members)
    with pytest.raises(CaseError, match="counterpoise case run"):
        case_text.read(text)


def test_unknown_cases_are_not_found(client: httpx.Client) -> None:
    answer = client.get("/cases/atlantis-1900-a.json")
    assert answer.status_code == 404
    assert "sco-2006-a" in answer.json()["error"]
    assert client.get("/cases/..json").status_code in (404, 422)
