"""The verdict under every choice against asking it choice by choice; the search for changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from benchmarks.case import Case

from counterpoise.assessment.backtest import judged_cases
from counterpoise.assessment.changes import changes
from counterpoise.assessment.multiverse import ORDER, Multiverse, multiverse
from counterpoise.assessment.multiverse_cases import scored
from counterpoise.assessment.question import Question, ask
from counterpoise.assessment.verdict import answer
from counterpoise.measures.hostility import HostilityRule

ASKED = 100
VARIED = ("power", "hostility", "window", "bound_share", "directedness", "directedness_rest")
"""Factors that rules and metric alone can vary."""


def sample(question: Question, count: int) -> list[tuple[int, ...]]:
    """Specifications at random, the other factors at their defaults."""
    found = multiverse(question)
    assert found is not None
    rng = np.random.default_rng(1985)
    listed = []
    for _ in range(count):
        place = list(found.observed.default)
        for name in VARIED:
            axis = ORDER.index(name)
            place[axis] = int(rng.integers(found.observed.codes.shape[axis]))
        listed.append(tuple(place))
    return listed


def one_by_one(question: Question, places: Sequence[tuple[int, ...]]) -> list[str]:
    """The verdict asked anew for each specification."""
    found = multiverse(question)
    assert found is not None
    return [answer(_asked(question, found, place)).observed for place in places]


def _asked(question: Question, found: Multiverse, place: tuple[int, ...]) -> Question:
    factors = zip(found.observed.factors, place, strict=True)
    chosen = {factor.name: factor.values[k] for factor, k in factors}
    rules = replace(
        question.rules,
        bound_share=chosen["bound_share"],
        directedness=chosen["directedness"],
        directedness_rest=chosen["directedness_rest"],
        hostility=HostilityRule(chosen["window"], "rivalries" in str(chosen["hostility"])),
    )
    return replace(question, metric=str(chosen["power"]), rules=rules)


def cases() -> Iterator[Case]:
    """The full factorial for four blocs; changes for three; the coded cases."""
    for bloc, target, year in (
        ("SCO", "USA", 2006),
        ("NATO", "Russia", 1985),
        ("Warsaw Pact", "USA", 1985),
        ("OAS", "USSR", 1980),
    ):
        question = ask(bloc, target, year)
        places = sample(question, ASKED)

        def same(ours: object, other: object, places: Sequence[tuple[int, ...]] = places) -> bool:
            assert isinstance(ours, Multiverse)
            outcomes = ours.observed
            return [outcomes.labels[int(outcomes.codes[place])] for place in places] == other

        found = multiverse(question)
        assert found is not None
        yield Case(
            "verdict under every choice",
            f"{bloc} {year}, {found.specifications:,} specifications",
            partial(multiverse, question),
            f"the verdict asked for {ASKED} of them",
            partial(one_by_one, question, places),
            same,
            1.0,
        )
    for bloc, target, year in (("SCO", "USA", 2006), ("NATO", "Russia", 1985)):
        question = ask(bloc, target, year)
        yield Case(
            "what would change it", f"{bloc} {year}", partial(changes, question), target_s=2.0
        )
    found = multiverse(ask("SCO", "USA", 2006))
    assert found is not None
    yield Case(
        "coded cases under every choice",
        f"{scored(found).right.size:,} specifications, {len(scored(found).cases)} cases",
        partial(_scored_anew, found),
    )
    yield Case("backtest", "97 cases", judged_cases)


def _scored_anew(found: Multiverse) -> object:
    from counterpoise.assessment import multiverse_cases

    multiverse_cases._scored.cache_clear()
    return scored(found)
