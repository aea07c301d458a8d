"""Claims: the grammar, hostile files, three-valued resolution, and the shipped ledger."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterpoise.assessment import claims, propositions, resolution
from counterpoise.assessment.claim_scores import score_ledger
from counterpoise.assessment.propositions import MEASURES, PREDICATES, parse
from counterpoise.errors import CaseError, CounterpoiseError

GOOD = """id = "one_claim"
claimant = "Someone"
school = "realist"
made = 2006-06-23
source = "A book"
checked = false
restated = "It will come."
proposition = "hard(SCO, USA) by 2010"
hedge = "likely"
reading = "No date given; read as four years."
"""


@pytest.mark.parametrize(
    ("text", "when", "first", "last"),
    [
        ("hard(SCO, USA) by 2015", "by", None, 2015),
        ("member(IRN, SCO) by 2010", "by", None, 2010),
        ("bound_share(SCO, USA) >= 0.5 in 2010..2018", "in", 2010, 2018),
        (
            'not hard("FRA,DEU,RUS", "United States") throughout 2003..2006',
            "throughout",
            2003,
            2006,
        ),
        ("forms(any, USA) in 2003", "in", 2003, 2003),
    ],
)
def test_grammar(text: str, when: str, first: int | None, last: int) -> None:
    found = parse(text)
    assert (found.when, found.first, found.last) == (when, first, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hard",
        "hard(SCO USA) by 2015",
        "hard(SCO, USA)",
        "hard(SCO, USA) by 20155",
        "hard(SCO, USA) by 1700",
        "hard(SCO, USA) by 2015 or so",
        "hard(SCO, USA) >= 0.5 by 2015",
        "bound_share(SCO, USA) by 2015",
        "bound_share(SCO, USA) >= lots in 2015",
        "hard(SCO, USA) in 2018..2010",
        "__import__(os, system) by 2015",
        "hard(" * 100,
    ],
)
def test_what_is_not_of_the_grammar_is_refused(text: str) -> None:
    with pytest.raises(CaseError):
        parse(text)


@given(st.text(max_size=500))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(CaseError):
        assert parse(text).last <= propositions.LAST_YEAR


@given(
    st.sampled_from((*PREDICATES, *MEASURES)),
    st.integers(1816, 2018),
    st.integers(0, 30),
    st.booleans(),
)
def test_written_propositions_read_back(name: str, year: int, span: int, negated: bool) -> None:
    test = " >= 0.25" if name in MEASURES else ""
    text = f"{'not ' * negated}{name}(SCO, USA){test} throughout {year}..{year + span}"
    found = parse(text)
    assert (found.name, found.is_negated) == (name, negated)
    assert list(found.years(2000)) == list(range(year, year + span + 1))


@pytest.mark.parametrize(
    ("when", "values", "expected"),
    [
        ("by", [False, True, None], True),
        ("by", [False, None], None),
        ("in", [False, False], False),
        ("throughout", [True, None], None),
        ("throughout", [True, False, None], False),
        ("throughout", [True, True], True),
    ],
)
def test_unknown_years_make_void_unless_the_known_settle_it(when, values, expected) -> None:
    assert resolution._joined(when, values) is expected


@pytest.mark.parametrize(
    ("text", "made", "happened"),
    [
        ("hard(NATO, RUS) in 1985", 1980, True),
        ("hard(SCO, USA) by 2010", 2006, False),
        ("not hard(SCO, USA) by 2010", 2006, True),
        ("member(IND, SCO) by 2018", 2006, True),
        ("member(IRN, SCO) by 2010", 2006, False),
        ("hard(SCO, USA) by 2022", 2006, None),
        ("forms(NATO, RUS) in 1949", 1940, True),
        ("forms(NATO, RUS) in 1985", 1980, False),
        ("forms(any, USA) in 2003..2006", 2000, False),
        ("negative(SCO, USA) in 2006", 2006, True),
        ("negative(SCO, USA) in 2007", 2006, None),
        ("leads(CHN, cinc) in 2006", 2006, True),
        ("leads(CHN, net) in 2006", 2006, False),
        ("leads(CHN, net) in 2021", 2006, None),
    ],
)
def test_resolution(text: str, made: int, happened: bool | None) -> None:
    assert resolution.resolve(parse(text), made).happened is happened


def test_the_shipped_ledger_reads_and_resolves() -> None:
    ledger = claims.ledger()
    assert len(ledger) >= 40
    assert sum(not claim.checked for claim in ledger) >= 25
    assert all(claim.made <= dt.date(2018, 12, 31) for claim in ledger)


def test_scores_leave_void_claims_out_and_count_them(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD, encoding="utf-8")
    void = GOOD.replace("one_claim", "two_claim").replace("by 2010", "by 2022")
    (tmp_path / "b.toml").write_text(void, encoding="utf-8")
    found = score_ledger(claims.resolved(claims.ledger(tmp_path)))
    assert (found.whole.claims, found.whole.void) == (2, 1)
    assert found.whole.brier.estimate == pytest.approx(0.7**2)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"a = " + b"[" * 3000,
        b"x" * 30_000,
        GOOD.replace("2006-06-23", "2012-06-23").encode(),
        GOOD.replace('hedge = "likely"', "").encode(),
        GOOD.replace('hedge = "likely"', 'hedge = "likely"\nprobability = 0.5').encode(),
        GOOD.replace("likely", "dead sure").encode(),
        GOOD.replace('id = "one_claim"', 'id = "../../etc/passwd"').encode(),
        (GOOD + 'extra = "key"\n').encode(),
        GOOD.replace("checked = false", 'checked = "maybe"').encode(),
    ],
)
def test_hostile_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "claim.toml"
    path.write_bytes(content)
    with pytest.raises(CounterpoiseError):
        claims.read(path)


def test_links_missing_folders_and_repeats_are_refused(tmp_path: Path) -> None:
    (tmp_path / "real.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "link.toml").symlink_to(tmp_path / "real.toml")
    with pytest.raises(CaseError, match="plain file"):
        claims.read(tmp_path / "link.toml")
    (tmp_path / "link.toml").unlink()
    (tmp_path / "again.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(CaseError, match="same id"):
        claims.ledger(tmp_path)
    with pytest.raises(CaseError, match="not a folder"):
        claims.ledger(tmp_path / "nowhere")
