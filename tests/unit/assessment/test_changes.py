"""What would change a verdict: found by search, verified by the verdict, never in the cut-offs."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import replace

import pytest

from counterpoise.assessment import changes as searched
from counterpoise.assessment.changed_world import ChangedBook, Events, Imagined, changed
from counterpoise.assessment.changes import Change, changes, steps
from counterpoise.assessment.question import Question, ask
from counterpoise.assessment.verdict import answer
from counterpoise.measures import presence
from counterpoise.measures.hostility import HostilityRule
from counterpoise.measures.pacts import PactBook

ASKED = [
    ("SCO", "USA", 2006),
    ("NATO", "Russia", 1985),
    ("220,365,200", "Germany", 1910),
    ("345,350,640", "Russia", 1955),
    ("BRA,RUS,IND,CHN,ZAF", "USA", 2012),
    ("220,255,365", "USA", 2003),
]


@functools.cache
def question(place: int) -> Question:
    return ask(*ASKED[place])


@functools.cache
def found(place: int) -> tuple[Change, ...]:
    return changes(question(place))


def flat(asked: Question) -> Question:
    """The same question with every duty read from one plain book."""
    return replace(asked, book=PactBook(asked.book.duties, asked.book.last_day))


def test_a_pact_of_russia_and_china_makes_the_sco_a_hard_balancing_coalition() -> None:
    first = found(0)[0]
    assert first.sentence.startswith("If Russia and China signed a defence pact, ")
    assert (first.before, first.after, first.direction) == ("none", "hard", "up")


def test_one_pact_for_all_is_left_out_where_two_parties_suffice() -> None:
    assert not any("all its members" in change.sentence for change in found(0))
    assert any("all its members" in change.sentence for change in found(4))


@pytest.mark.parametrize("place", range(len(ASKED)))
def test_every_change_is_what_the_verdict_says_of_the_changed_world(place: int) -> None:
    asked = question(place)
    before = answer(asked).ladder
    assert found(place), "nothing was found that moves the rung"
    for change in found(place):
        told = answer(flat(changed(asked, change.events))).ladder
        assert (change.before, change.after) == (before, told), change.sentence
        rise = searched.HEIGHT[told] - searched.HEIGHT[before]
        assert (rise > 0) == (change.direction == "up")
        assert rise


@pytest.mark.parametrize("place", range(len(ASKED)))
def test_the_search_sees_in_each_world_what_the_verdict_sees(place: int) -> None:
    asked = question(place)
    for step in steps(asked)[::5]:
        world = changed(asked, step.events)
        if len(world.members) > 1:
            assert searched._try(world).rung == answer(flat(world)).ladder, step.clause


@pytest.mark.parametrize("place", range(len(ASKED)))
def test_no_change_touches_a_cut_off(place: int) -> None:
    asked = question(place)
    for step in steps(asked):
        rules = changed(asked, step.events).rules
        assert replace(rules, hostility=asked.rules.hostility) == asked.rules
        assert rules.hostility.window == asked.rules.hostility.window


def test_pairs_are_sought_where_no_single_change_makes_the_bloc_hard() -> None:
    asked = ask("IND,BRA", "USA", 2010)
    single = {searched._try(changed(asked, step.events)).rung for step in steps(asked)}
    assert single == {"none", "incipient"}
    pairs = [change for change in changes(asked) if len(change.kinds) == 2]
    assert {change.after for change in pairs} == {"hard"}
    assert answer(flat(changed(asked, pairs[0].events))).ladder == "hard"
    assert not [change for change in found(0) if len(change.kinds) == 2]


@pytest.mark.parametrize("everywhere", [True, False])
def test_the_targets_bases_move_no_rung(monkeypatch: pytest.MonkeyPatch, everywhere: bool) -> None:
    for place in (0, 1):
        asked = question(place)
        codes = frozenset(asked.members) if everywhere else frozenset()
        before = answer(asked).ladder
        with monkeypatch.context() as patch:
            held = presence.Hosts(codes, is_complete=True)
            patch.setattr(presence, "hosts", lambda *_, held=held: held)
            assert answer(asked).ladder == before


def test_unknown_pacts_have_nothing_to_change() -> None:
    assert changes(ask("NATO", "Russia", 2021)) == ()


def test_an_imagined_quarrel_counts_for_the_window_and_calm_for_ever() -> None:
    rule = Imagined(10, rivalries=True, year=2006, quarrels=(705,), calm=(710,))
    plain = HostilityRule()
    assert rule.hostile(705, 2, 2006) is True
    assert rule.hostile(705, 2, 2005) == plain.hostile(705, 2, 2005)
    assert rule.hostile(710, 2, 2006) is False
    assert rule.hostile(365, 2, 2006) == plain.hostile(365, 2, 2006)


def test_a_changed_book_and_its_duties_tell_the_same_of_every_day() -> None:
    asked = question(1)
    pact = next(p.name for p in asked.book.on(asked.day) if len(p.members & {2, 220}) == 2)
    events = Events(
        1985,
        signed=(((200, 220), (365,)),),
        ended=(pact,),
        left=(("atop:3180", 211),),
        aided=("atop:3130",),
    )
    book = changed(asked, events).book
    assert isinstance(book, ChangedBook)
    plain = PactBook(book.duties, book.last_day)
    for day in (dt.date(1960, 6, 1), dt.date(1984, 12, 31), dt.date(1985, 1, 1), asked.day):
        ours = {p.name: (p.signed, p.members, p.threats, p.binding(365)) for p in book.on(day)}
        other = {p.name: (p.signed, p.members, p.threats, p.binding(365)) for p in plain.on(day)}
        assert ours == other, day
        aid = [p for p in book.on(day) if p.name == "atop:3130"]
        assert [[d.aid_or_base for d in sorted(p.duties, key=lambda d: d.ccode)] for p in aid] == [
            [d.aid_or_base for d in sorted(p.duties, key=lambda d: d.ccode)]
            for p in plain.on(day)
            if p.name == "atop:3130"
        ]


def test_the_dictionary_is_plain() -> None:
    assert set(found(0)[0].to_dict()) == {"sentence", "kinds", "direction", "before", "after"}
