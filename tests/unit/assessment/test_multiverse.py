"""The multiverse: equal to the verdict, specification by specification; and what it must hold."""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest

from counterpoise import blocs, cases, record, states
from counterpoise.assessment import checks, hard_strand, multiverse_ripe, weighing
from counterpoise.assessment import multiverse_world as worlds
from counterpoise.assessment.multiverse import Multiverse, multiverse
from counterpoise.assessment.multiverse_cases import among_right, scored
from counterpoise.assessment.multiverse_grid import declared
from counterpoise.assessment.question import Question, ask
from counterpoise.assessment.verdict import answer, observed, ripe
from counterpoise.cli.output import plain
from counterpoise.figures import specification
from counterpoise.measures import hard, pacts, power
from counterpoise.measures.hostility import HostilityRule
from counterpoise.measures.reach import Reach
from counterpoise.measures.rules import Rules

NAMED = [
    ("SCO", "USA", 2006),
    ("NATO", "Russia", 1985),
    ("Warsaw Pact", "USA", 1985),
    ("Warsaw Pact", "USA", 1991),
    ("EU", "USA", 2003),
    ("CSTO", "USA", 2010),
]


@functools.cache
def found(bloc: str, target: str, year: int) -> Multiverse:
    return multiverse(ask(bloc, target, year))


@functools.cache
def questions() -> tuple[Question, ...]:
    """The named blocs, and every coded case with members."""
    rows = record.coded("balancing_cases").drop_nulls("members").iter_rows(named=True)
    listed = [
        ask([int(c) for c in row["members"].split()], row["target_ccode"], row["ref_year"])
        for row in rows
    ]
    return (*(ask(*named) for named in NAMED), *listed)


@functools.cache
def judged(place: int) -> Multiverse:
    return multiverse(questions()[place])


def choices(outcomes: object, place: tuple[int, ...]) -> dict[str, object]:
    return {f.name: f.values[k] for f, k in zip(outcomes.factors, place, strict=True)}


@functools.cache
def book(reading: str) -> pacts.PactBook:
    whole = pacts.book(Reach())
    return pacts.PactBook(tuple(worlds.read(d, reading) for d in whole.duties), whole.last_day)


def specified(question: Question, choices: Mapping[str, object]) -> Question:
    """The question that a specification asks; the target's side is left to ``rung``."""
    year = question.year + choices["year"]
    key = question.bloc.key or list(question.members)
    rules = replace(
        question.rules,
        bound_share=choices["bound_share"],
        directedness=choices["directedness"],
        directedness_rest=choices["directedness_rest"],
        hostility=HostilityRule(choices["window"], "rivalries" in choices["hostility"]),
    )
    asked = replace(
        question,
        year=year,
        bloc=blocs.bloc(key, year),
        target=states.state(question.target.ccode, year),
        metric=choices["power"],
        rules=rules,
        reach=Reach(),
        book=book(choices["pacts"]),
    )
    return replace(asked, bloc=replace(asked.bloc, members=_members(asked, key, choices["roster"])))


def _members(asked: Question, key: object, roster: str) -> tuple[int, ...]:
    if roster in ("earlier", "later"):
        shift = {"earlier": -1, "later": 1}[roster]
        found = blocs.bloc(key, asked.year + shift).members
        return tuple(c for c in found if c in states.system(asked.year))
    share = weighing.member_power(asked)
    if roster == "treaty" or share is None:
        return asked.members
    tied = pacts.tied(asked.book.on(asked.day), asked.members, asked.target.ccode)
    return tuple(asked.members[k] for k in hard.hardest_core(share, tied).places)


def rung(asked: Question, side: str) -> str:
    """The rung by the verdict's own strand and tests."""
    strand = hard_strand.measure(asked)
    if side == "with allies":
        strand = replace(strand, strength=_with_allies(asked, strand.strength))
    rules = asked.rules
    return observed((*checks.hard_checks(strand, rules), *checks.incipient_checks(strand, rules)))


def _with_allies(asked: Question, strength: hard_strand.Strength) -> hard_strand.Strength:
    """Strength against the target's side; an ally without a figure is at most the median state."""
    cut, standing = asked.rules.power_ratio, asked.book.on(asked.day)
    outside = [
        c for c in states.system(asked.year) if c not in (*asked.members, asked.target.ccode)
    ]
    allies = pacts.allied_with(standing, outside, asked.target.ccode)
    passed: list[bool | None] = []
    for metric in power.METRICS:
        share = power.shares(metric, asked.year)
        if not all(c in share for c in (*asked.members, asked.target.ccode)):
            passed.append(None)
            continue
        ours = sum(share[m] for m in asked.members)
        theirs = share[asked.target.ccode] + sum(share.get(a, 0.0) for a in allies)
        lacking = sum(a not in share for a in allies) * np.median(list(share.values()))
        least, most = ours / (theirs + lacking) >= cut, ours / theirs >= cut
        passed.append(True if least else None if most else False)
    yes, unknown = passed.count(True), passed.count(None)
    enough = True if yes >= 2 else None if yes + unknown >= 2 else False
    return replace(strength, strong_enough=enough)


@contextmanager
def heads(monkeypatch: object) -> Iterator[None]:
    """One state, one count: every member weighs 1, and the strongest stand first."""
    by_year, by_member = weighing.weights, weighing.member_power

    def equal(question: Question, members: object, year: int) -> object:
        codes, share = by_year(question, members, year)
        if share is None:
            return codes, None
        order = np.argsort(-np.array(share), kind="stable")
        return [codes[k] for k in order], [1.0] * len(codes)

    def ones(question: Question) -> object:
        share = by_member(question)
        return None if share is None else np.ones(len(share))

    with monkeypatch.context() as patch:
        patch.setattr(weighing, "weights", equal)
        patch.setattr(weighing, "member_power", ones)
        yield


def by_power(asked: Question) -> Question:
    """The same question with its members in order of power: of equals the first is strongest."""
    share = weighing.member_power(asked)
    if share is None:
        return asked
    order = np.argsort(-share, kind="stable")
    members = tuple(asked.members[k] for k in order)
    return replace(asked, bloc=replace(asked.bloc, members=members))


def test_a_random_sample_of_specifications_equals_the_verdict() -> None:
    rng = np.random.default_rng(5)
    seen = set()
    for _ in range(150):
        k = int(rng.integers(len(questions())))
        outcomes = judged(k).observed
        place = tuple(int(rng.integers(size)) for size in outcomes.codes.shape)
        chosen = choices(outcomes, place)
        expected = rung(specified(questions()[k], chosen), chosen["target_side"])
        assert outcomes.labels[outcomes.codes[place]] == expected, (questions()[k].bloc, chosen)
        seen.add(expected)
    assert {"hard", "incipient", "none"} <= seen


def test_counting_heads_equals_the_verdict_with_every_weight_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(6)
    for _ in range(60):
        k = int(rng.integers(len(questions())))
        outcomes = judged(k).heads
        place = tuple(int(rng.integers(size)) for size in outcomes.codes.shape)
        chosen = choices(outcomes, place)
        asked = by_power(specified(questions()[k], chosen))
        with heads(monkeypatch):
            expected = rung(asked, chosen["target_side"])
        assert outcomes.labels[outcomes.codes[place]] == expected, (questions()[k].bloc, chosen)


@pytest.mark.parametrize("place", range(0, 100, 7))
def test_the_default_specification_is_the_question_as_asked(place: int) -> None:
    question = questions()[place]
    assert judged(place).observed.answer == answer(question).ladder


def test_rules_outside_the_grid_are_an_option_of_their_own() -> None:
    rules = Rules(bound_share=0.02)
    question = ask("SCO", "USA", 2006, "net", rules)
    result = multiverse(question)
    assert result.observed.answer == answer(question).ladder
    assert result.observed.factors[7].values == (0.02, 0.4, 0.5, 0.67)


@pytest.mark.parametrize("place", range(0, 100, 9))
def test_the_margin_reaches_one_where_and_only_where_the_bloc_is_hard(place: int) -> None:
    result = judged(place)
    is_hard = result.observed.codes == result.observed.labels.index("hard")
    assert ((result.margins >= 1) == is_hard).all()


def test_the_hardest_core_is_that_of_the_measure() -> None:
    rng = np.random.default_rng(11)
    for size in (2, 3, 6, 9, 15):
        for _ in range(6):
            share, ties = rng.random(size), rng.random((size, size)) < 0.4
            tied = np.triu(ties, 1) | np.triu(ties, 1).T
            assert worlds.hardest_core(share, tied) == hard.hardest_core(share, tied).places


def test_sco_2006_is_not_hard_under_any_choice() -> None:
    result = found("SCO", "USA", 2006)
    assert result.specifications > 40_000
    assert result.hard.shares["no"] >= 0.95


def test_nato_1985_is_hard_against_russia_under_nearly_every_choice() -> None:
    assert found("NATO", "Russia", 1985).rungs["hard"] >= 0.95


def test_the_warsaw_pact_1985_is_hard_by_default_and_its_flips_are_named() -> None:
    result = found("Warsaw Pact", "USA", 1985)
    assert result.observed.answer == "hard"
    assert 0.5 < result.agreeing < 0.95
    first = result.flips[0]
    assert (first.factor, first.to_option, first.alone) == ("window", 5, "none")
    assert answer(ask("Warsaw Pact", "USA", 1985)).hard.directedness.stage == "legacy"


@pytest.mark.parametrize("year", range(2001, 2019))
def test_russia_and_china_are_never_hard_against_the_united_states(year: int) -> None:
    result = multiverse(ask("RUS,CHN", "USA", year))
    assert result.hard.shares["yes"] == 0
    assert result.hard.shares["no"] == 1


def test_counting_heads_is_beside_and_never_in_the_multiverse() -> None:
    result = found("NATO", "Russia", 1985)
    assert next(f for f in result.observed.factors if f.name == "weights").values == ("power",)
    assert result.heads.factors[3].values == ("equal",)
    assert result.heads.answer == "none"


def test_options_that_a_question_does_not_have_are_left_out_with_the_reason() -> None:
    listed = multiverse(ask("RUS,CHN", "USA", 2010))
    assert "list" in listed.left_out["roster: earlier"]
    last = multiverse(ask("SCO", "USA", 2018))
    assert "2019" in last.left_out["year: +1"]
    first = found("Warsaw Pact", "USA", 1991)
    assert "1992" in first.left_out["year: +1"]


def test_unknown_pacts_have_no_multiverse() -> None:
    assert multiverse(ask("NATO", "Russia", 2021)) is None


def test_flips_are_shares_of_pairs_alike_in_all_else() -> None:
    result = found("Warsaw Pact", "USA", 1985)
    frame = result.frame()
    names = [f.name for f in result.observed.factors]
    flip = next(f for f in result.flips if f.factor == "power" and f.to_option == "milex")
    others = [name for name in names if name != "power"]
    one = frame.filter(power=flip.from_option).sort(others)["rung"]
    two = frame.filter(power=flip.to_option).sort(others)["rung"]
    assert flip.share == pytest.approx((one != two).mean(), abs=1e-12)


def test_shares_and_frame_agree() -> None:
    result = found("Warsaw Pact", "USA", 1985)
    frame = result.frame()
    assert len(frame) == result.specifications
    assert frame.filter("is_default")["rung"].to_list() == [result.observed.answer]
    counted = frame["rung"].value_counts(normalize=True)
    for row in counted.iter_rows(named=True):
        assert row["proportion"] == pytest.approx(result.rungs[row["rung"]])
    assert sum(result.rungs.values()) == pytest.approx(1)
    assert result.agreeing == result.rungs[result.observed.answer]


def test_the_dictionary_has_the_documented_keys_and_is_plain() -> None:
    for bloc, target, year in NAMED:
        told = plain(found(bloc, target, year).to_dict())
        json.dumps(told, allow_nan=False)
        assert {"specifications", "agreeing", "rungs", "flips", "hard", "heads"} <= set(told)
        assert all({"factor", "from", "to", "share"} <= set(flip) for flip in told["flips"])


def test_ripe_equals_the_verdict_under_drawn_codings() -> None:
    question = ask("SCO", "USA", 2006)
    outcomes = found("SCO", "USA", 2006).ripe
    codings = cases.find("SCO", 2, 2006)
    scales = [multiverse_ripe._scales(case) for case in codings]
    rng = np.random.default_rng(8)
    seen = set()
    for _ in range(30):
        place = [int(rng.integers(size)) for size in outcomes.codes.shape]
        place[0], place[2], place[5] = 0, 0, 0  # the year asked, by power, under ``survival``
        chosen = choices(outcomes, tuple(place))
        coder = [case.coder for case in codings].index(chosen["coder"])
        case = _with(codings[coder], scales[coder], place[4])
        asked = replace(question, metric=chosen["power"])
        asked = replace(asked, rules=replace(asked.rules, survival=chosen["survival"]))
        expected = {True: "true", False: "false", None: "unknown"}[answer(asked, [case]).ripe]
        assert outcomes.labels[outcomes.codes[tuple(place)]] == expected
        seen.add(expected)
    assert seen == {"true", "false"}


def _with(case: object, scales: list[object], draw: int) -> object:
    """The case with the positions and saliences of one draw."""
    members = [actor.id for actor in case.members]
    drawn = {
        (scale.name, actor): (float(scale.positions[draw, k]), float(scale.saliences[draw, k]))
        for scale in scales
        for k, actor in enumerate(members)
    }
    moved = [
        p.model_copy(
            update=dict(zip(("position", "salience"), drawn[p.issue, p.actor], strict=True))
        )
        if (p.issue, p.actor) in drawn
        else p
        for p in case.positions
    ]
    return case.model_copy(update={"positions": tuple(moved)})


def test_ripe_is_unknown_without_pairs_for_the_case() -> None:
    assert found("NATO", "Russia", 1985).ripe is None
    default = found("SCO", "USA", 2006).ripe
    asked = answer(ask("SCO", "USA", 2006))
    assert default.answer == str(ripe(asked.checks)).lower()
    assert checks.at_least(asked.threat.share, 1 / 3) is False


def test_every_option_has_a_reason_and_a_source_and_what_is_invalid_is_not_run() -> None:
    grid = declared()
    for factor in grid.factors:
        if factor.name not in ("coder", "draw"):
            assert len(factor.options) >= 2, factor.name
            assert all(option.reason and option.source for option in factor.options)
    observed = {f.name: f for f in found("SCO", "USA", 2006).observed.factors}
    for entry in grid.invalid:
        run = observed[entry.factor].values if entry.factor in observed else ()
        assert entry.value not in run


def test_the_coded_cases_weigh_the_specifications() -> None:
    result = found("SCO", "USA", 2006)
    told = among_right(result)
    used = scored(result)
    assert told.cases == len(used.cases) >= 20
    assert 0 < told.default <= told.best <= 1
    assert told.rungs["none"] >= 0.95
    assert 0 < told.kept <= 1


def test_the_specifications_that_judge_the_first_cases_rightly() -> None:
    """The figures of docs/explanation/multiverse.md."""
    used = scored(found("SCO", "USA", 2006), "first")
    assert (len(used.cases), used.right.size, int((used.right == 1).sum())) == (9, 3888, 684)
    told = among_right(found("SCO", "USA", 2006), "first")
    assert told.held_out == pytest.approx(0.85, abs=0.005)
    assert told.held_out_of_all == pytest.approx(0.78, abs=0.005)


def test_the_curve_draws_the_default_and_says_how_many_by_lot() -> None:
    result = found("Warsaw Pact", "USA", 1985)
    frame = specification.drawn(result)
    assert specification.MOST <= len(frame) <= specification.MOST + 1
    assert frame["is_default"].sum() == 1
    assert frame["margin"].is_sorted()
    assert frame["margin"].max() <= specification.TOP
    shares = frame["rung"].value_counts(normalize=True)
    for row in shares.iter_rows(named=True):
        assert row["proportion"] == pytest.approx(result.rungs[row["rung"]], abs=0.04)
    told = json.dumps(specification.specification_curve(result).to_dict())
    assert "hard in 59% of 46,656 specifications" in told
    assert "drawn by lot" in told


def test_the_share_of_cases_right_is_that_of_the_verdicts() -> None:
    used = scored(found("SCO", "USA", 2006))
    rows = {row["case_id"]: row for row in record.coded("balancing_cases").iter_rows(named=True)}
    right = asked = 0
    for case in used.cases:
        row = rows[case]
        members = [int(code) for code in row["members"].split()]
        told = answer(ask(members, row["target_ccode"], row["ref_year"])).observed
        if told != "unknown":
            asked += 1
            right += (told == "hard") == (row["code"] == "hard")
    place = tuple(
        f.place(v)
        for f, v in zip(
            used.factors,
            ("cinc", "power", "defence or offence", "disputes and rivalries", 10, 0.5, 0.5, 1 / 3,
             "alone"),
            strict=True,
        )
    )  # fmt: skip
    assert used.right[place] == pytest.approx(right / asked, abs=0.03)


def test_a_full_factorial_of_one_bloc_is_quick() -> None:
    question = ask("NATO", "Russia", 1985)
    multiverse(question)
    start = time.perf_counter()
    assert multiverse(question).specifications > 40_000
    assert time.perf_counter() - start < 2
