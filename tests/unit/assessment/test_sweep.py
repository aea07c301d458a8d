"""The evaluator over arrays equals the verdict of one question, figure by figure."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pytest

from counterpoise import states
from counterpoise.assessment import checks, hard_strand, sweep
from counterpoise.assessment.question import Question, ask
from counterpoise.assessment.verdict import observed
from counterpoise.errors import CounterpoiseError
from counterpoise.measures import hard, pacts, power
from counterpoise.measures.hostility import HostilityRule
from counterpoise.measures.reach import Reach
from counterpoise.measures.rules import STANDARD

SIGN = {True: 1, False: 0, None: -1}


def drawn_questions(seed: int, count: int, first: int = 1816, last: int = 2020) -> list[Question]:
    """Blocs that pacts half make, against strong targets mostly, in random years."""
    rng = np.random.default_rng(seed)
    book = pacts.book(Reach())
    found: list[Question] = []
    while len(found) < count:
        year = int(rng.integers(first, last + 1))
        system = states.system(year)
        share = power.shares("cinc", year)
        strong = sorted(system, key=lambda c: -share.get(c, 0.0))[:8]
        target = int(rng.choice(strong if rng.random() < 0.8 else system))
        standing = [p for p in book.on(dt.date(min(year, 2018), 12, 31)) if target not in p.members]
        members = set(rng.choice(strong if rng.random() < 0.4 else system, 3).tolist())
        if standing and rng.random() < 0.7:
            pact = standing[int(rng.integers(len(standing)))]
            members = set(sorted(pact.members)[:7]) | set(list(members)[: rng.integers(0, 3)])
        try:
            metric = str(rng.choice(sweep.METRICS))
            found.append(ask(sorted(members - {target}), target, year, metric))
        except CounterpoiseError:
            continue
    return found


def close(reference: float | None, ours: float) -> bool:
    if reference is None or math.isnan(reference):
        return bool(np.isnan(ours))
    return reference == ours or abs(reference - ours) < 1e-9 * max(1.0, abs(reference))


def reference(question: Question) -> tuple[hard_strand.HardStrand, str]:
    # A target without military spending makes a ratio infinite; numpy warns of it.
    with np.errstate(all="ignore"):
        strand = hard_strand.measure(question)
    listed = (
        *checks.hard_checks(strand, question.rules),
        *checks.incipient_checks(strand, question.rules),
    )
    return strand, observed(listed)


def differences(question: Question) -> list[str]:
    """Names of the figures in which the two evaluators differ."""
    strand, rung = reference(question)
    seen = sweep.view_of(question)
    ours = sweep.measure(seen, seen.places([question.members]))
    bind, aim = strand.binding, strand.directedness
    wrong = []
    if bind is not None and aim is not None:
        low, high = aim.share_bounds or (None, None)
        rest_low, rest_high = aim.rest_bounds or (None, None)
        pairs = {
            "bound_share": (bind.bound_share, ours.binding.bound_share),
            "bound_dyads": (bind.bound_dyads, ours.binding.bound_dyads),
            "core_bound": (SIGN[bind.core_bound], ours.binding.core_bound),
            "core_consults": (SIGN[bind.core_consults], ours.binding.core_consults),
            "allied": (bind.allied_with_target_share, ours.binding.allied_share),
            "directed": (SIGN[aim.directed], ours.aims.directed),
            "low": (low, ours.aims.low),
            "high": (high, ours.aims.high),
            "rest_low": (rest_low, ours.aims.rest_low),
            "rest_high": (rest_high, ours.aims.rest_high),
            "signed": (-1 if aim.signed is None else aim.signed, ours.aims.signed),
            "measured": (aim.measured, ours.aims.measured),
            "lapsed": (-1 if aim.lapsed is None else aim.lapsed, ours.aims.lapsed),
        }
        wrong = [
            name for name, (theirs, mine) in pairs.items() if not close(theirs, float(mine[0]))
        ]
    for i, name in enumerate(sweep.METRICS):
        if not close(strand.strength.ratios[name], float(ours.ratios[0, i])):
            wrong.append(f"ratio {name}")
    if SIGN[strand.strength.strong_enough] != ours.strong_enough[0]:
        wrong.append("strong_enough")
    # The reference compares an undefined share (every weight 0) as if it were low.
    undefined = bind is not None and bind.bound_share is not None and math.isnan(bind.bound_share)
    if rung != ours.rungs[0] and not undefined:
        wrong.append("rung")
    return wrong


@pytest.fixture(autouse=True)
def _quick_core(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hardest core is tested elsewhere; trying every subset here takes long."""
    monkeypatch.setattr(hard, "EXACT_MEMBERS", 2)


def test_equals_the_verdict_on_random_blocs() -> None:
    questions = drawn_questions(1, 420)
    assert {q.metric for q in questions} == set(sweep.METRICS)
    wrong = {
        (q.year, q.target.ccode, q.members): found for q in questions if (found := differences(q))
    }
    assert not wrong


def test_the_random_blocs_stand_on_every_rung() -> None:
    rungs = {reference(q)[1] for q in drawn_questions(1, 420)}
    assert rungs == {"hard", "incipient", "none", "unknown"}


@pytest.mark.parametrize(
    "rules",
    [
        replace(STANDARD, quiet_years=5, directedness=0.4, directedness_rest=0.25),
        replace(STANDARD, hostility=HostilityRule(window=15, rivalries=False)),
    ],
)
def test_equals_the_verdict_under_other_rules(rules: object) -> None:
    for question in drawn_questions(2, 60):
        asked = replace(question, rules=rules)
        assert not differences(asked), (asked.year, asked.target.ccode, asked.members)


@pytest.mark.parametrize(
    ("target", "first", "last"), [(2, 1941, 1986), (255, 1920, 1944), (365, 1920, 1945)]
)
def test_equals_the_verdict_where_pacts_name_the_target(target: int, first: int, last: int) -> None:
    book = pacts.book(Reach())
    tried = 0
    for year in range(first, last + 1):
        naming = [
            p
            for p in book.on(dt.date(year, 12, 31))
            if target in p.threats and target not in p.members
        ]
        for pact in naming:
            members = sorted(pact.members & set(states.system(year)))[:6]
            for group in (members, members[:2]):
                if len(group) >= 2:
                    tried += 1
                    assert not differences(ask(group, target, year)), (year, pact.name)
    assert tried > 20


def test_equals_the_verdict_where_pacts_are_carried_forward() -> None:
    for text, target in (("NATO", "Russia"), ("SCO", "USA"), ("CSTO", "USA")):
        assert not differences(ask(text, target, 2021, extend=True))


def test_many_groups_at_once_equal_each_alone() -> None:
    question = ask("NATO", "Russia", 1985)
    seen = sweep.view_of(question)
    rng = np.random.default_rng(3)
    sizes = rng.integers(2, 60, 80)
    groups = [rng.choice(seen.codes, size, replace=False).tolist() for size in sizes]
    together = sweep.measure(seen, seen.places(groups))
    for row, group in enumerate(groups):
        alone = sweep.measure(seen, seen.places([group]))
        assert together.rungs[row] == alone.rungs[0]
        for ours, theirs in (
            (together.score, alone.score),
            (together.binding.bound_share, alone.binding.bound_share),
            (together.binding.allied_share, alone.binding.allied_share),
            (together.aims.low, alone.aims.low),
            (together.aims.rest_low, alone.aims.rest_low),
        ):
            assert close(float(theirs[0]), float(ours[row]))


def test_score_is_one_or_more_if_and_only_if_hard() -> None:
    seen = sweep.view_of(ask("Warsaw Pact", "USA", 1970))
    rng = np.random.default_rng(4)
    bloc = [265, 290, 310, 315, 355, 360, 365]
    groups = [
        [*rng.choice(bloc, 4, replace=False), *rng.choice([230, 325, 710, 70], 1)]
        for _ in range(200)
    ]
    found = sweep.measure(seen, seen.places(groups))
    known = found.hard >= 0
    assert 0 < (found.hard == 1).sum() < known.sum()
    assert ((found.score[known] >= 1) == (found.hard[known] == 1)).all()
    assert (found.ceiling[known] == found.score[known]).all()


def test_unknown_pacts_leave_everything_unknown() -> None:
    seen = sweep.view_of(ask("NATO", "Russia", 2021))
    found = sweep.measure(seen, seen.places([[2, 20], [200, 220]]))
    assert found.rungs == ["unknown", "unknown"]
    assert np.isnan(found.score).all()
    assert np.isnan(found.binding.bound_share).all()
