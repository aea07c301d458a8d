"""The same question under many specifications: how far an answer rests on the analyst's choices.

A specification curve (Simonsohn, Simmons & Nelson 2020). First the choices in use, then each
departure from them alone, then combinations drawn at random with a fixed seed. Every
specification is kept in the cache by itself, so that a batch can be stopped and taken up again.
The share of specifications that agree is no probability.
"""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from counterpoise.assessment import scores
from counterpoise.assessment.explanations import cache, effects
from counterpoise.assessment.explanations.answer import plain
from counterpoise.assessment.explanations.contest import CLIMATOLOGY, TOGETHER, World, contest
from counterpoise.assessment.explanations.effects import Refit
from counterpoise.assessment.explanations.ensemble import Ensemble
from counterpoise.assessment.explanations.explain import moved
from counterpoise.assessment.explanations.question import ask
from counterpoise.assessment.explanations.specification import CHOICES, Specification
from counterpoise.errors import QuestionError
from counterpoise.workers import single_thread, unordered, using

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from counterpoise.assessment.explanations.contest import Contestant

    Tell = Callable[[str, int, int], None]

SEED = 2020

SCHEMA: dict[str, type[pl.DataType]] = {
    "number": pl.Int64,
    "differing": pl.String,
    "events": pl.Int64,
    "joined": pl.Int64,
    "name": pl.String,
    "skill": pl.Float64,
    "p_silence": pl.Float64,
    "p_silence_recalibrated": pl.Float64,
    "p_silence_climatology": pl.Float64,
    "change": pl.Float64,
    "reason": pl.String,
}
"""Columns of a curve, one row per specification and explanation.

``skill`` is the share of climatology's held-out log loss saved; ``reason`` says why a specification
has no answer. ``change`` is None for all together.
"""


def specifications(number: int) -> list[Specification]:
    """The choices in use, each departure alone, and random combinations; ``number`` in all.

    Raises
    ------
    QuestionError : fewer than one is asked for.
    """
    if number < 1:
        raise QuestionError(f"A curve of {number} specifications: ask for at least one")
    found = [Specification()]
    for choice, values in CHOICES.items():
        found += [Specification(**{choice: value}) for value in values[1:]]  # type: ignore[arg-type]
    rng = np.random.default_rng(SEED)
    seen = set(found)
    while len(found) < number:
        drawn = {k: values[int(rng.integers(len(values)))] for k, values in CHOICES.items()}
        one = Specification(**drawn)  # type: ignore[arg-type]
        if one not in seen:
            seen.add(one)
            found.append(one)
    return found[:number]


def curve(
    against: str | int,
    first: int,
    last: int,
    number: int,
    *,
    use_cache: bool = True,
    workers: int | None = None,
    scheduler: str | None = None,
    tell: Tell = lambda stage, finished, total: None,
) -> pl.DataFrame:
    """Ask a question under many specifications.

    Parameters
    ----------
    number : of specifications.
    use_cache, workers, scheduler, tell : as for ``explain``; each specification is kept in the
        cache as it comes.

    Returns
    -------
    Columns as in ``SCHEMA``, by specification.
    """
    asked = specifications(number)
    keys = [_key(against, first, last, one) for one in asked]
    found: dict[int, Sequence[dict[str, Any]]] = {}
    for k, key in enumerate(keys):
        kept = cache.find(key) if use_cache else None
        if kept is not None:
            found[k] = kept["rows"]
    left = [k for k in range(len(asked)) if k not in found]
    tell("specifications", len(found), len(asked))
    with using(workers, scheduler):
        rows_of = partial(_rows, against, first, last)
        for place, rows in unordered(rows_of, [asked[k] for k in left]):
            found[left[place]] = rows
            if use_cache:
                cache.keep(keys[left[place]], {"rows": rows})
            tell("specifications", len(found), len(asked))
    numbered = [{"number": k, **row} for k in range(len(asked)) for row in found[k]]
    return pl.DataFrame(numbered, schema=SCHEMA)


def _key(against: str | int, first: int, last: int, specification: Specification) -> str:
    return cache.key(
        {
            "curve": [str(against), first, last],
            "specification": asdict(specification),
        }
    )


def _rows(
    against: str | int, first: int, last: int, specification: Specification
) -> list[dict[str, Any]]:
    """One specification's rows, as the cache would give them."""
    return list(plain(_found(against, first, last, specification)))


def _found(
    against: str | int, first: int, last: int, specification: Specification
) -> list[dict[str, Any]]:
    differing = ", ".join(f"{k}: {v}" for k, v in specification.differing().items()) or "in use"
    try:
        question = ask(against, first, last, specification)
    except QuestionError as error:
        return [{"differing": differing, "reason": str(error)}]
    with single_thread():
        world = World.of(question, specification)
        names = (CLIMATOLOGY, *world.theories, TOGETHER)
        runners = contest(world, names, lambda stage, finished, total: None)
        changes = _changes(world, runners[TOGETHER])
    base = runners[CLIMATOLOGY]
    shared = {
        "differing": differing,
        "events": len({pact for held in world.units.new_pacts.values() for pact, _ in held}),
        "joined": int(np.nansum(world.units.event)),
        "p_silence_climatology": _silence(world, base)[0],
    }
    return [
        shared
        | {
            "name": name,
            "skill": _skill(world, runners[name], base),
            "p_silence": _silence(world, runners[name])[0],
            "p_silence_recalibrated": _silence(world, runners[name])[1],
            "change": changes.get(name),
        }
        for name in names[1:]
    ]


def _changes(world: World, together: Contestant) -> dict[str, float]:
    """Change in silence with each explanation's variables at the historical median."""
    refit = Refit.of(world.problem(TOGETHER), world.ground)
    wanted = [moved(world, refit, TOGETHER, theory) for theory in world.theories]
    _, changes = effects.drawn(refit, together.likelihood, wanted, Ensemble(0), TOGETHER)
    return {
        name: found.change.estimate for name, found in zip(world.theories, changes, strict=True)
    }


def _skill(world: World, own: Contestant, base: Contestant) -> float:
    known = world.scored
    outcome = world.units.event[known]
    loss = (scores.log_score(one.out[known], outcome) for one in (own, base))
    return scores.skill(*loss)


def _silence(world: World, one: Contestant) -> tuple[float, float]:
    laws = one.likelihood.best(), one.likelihood.best(recalibrated=True)
    taken, recalibrated = (world.ground.silence(law, one.asked) for law in laws)
    return taken, recalibrated


def summary(frame: pl.DataFrame) -> pl.DataFrame:
    """How stable each explanation's figures are over the specifications that have an answer.

    Returns
    -------
    One row per explanation: specifications, share with positive skill, and the 5th, 50th and
    95th percentile of skill, of silence less climatology's, and of the change.
    """
    known = frame.filter(pl.col("name").is_not_null()).with_columns(
        beyond=pl.col("p_silence") - pl.col("p_silence_climatology")
    )
    return known.group_by("name", maintain_order=True).agg(
        specifications=pl.len(),
        share_with_skill=(pl.col("skill") > 0).mean(),
        share_less_silent=(pl.col("beyond") < 0).mean(),
        share_change_negative=(pl.col("change") < 0).mean(),
        **{
            f"{column}_{tag}": pl.col(column).quantile(level)
            for column in ("skill", "p_silence", "beyond", "change")
            for tag, level in (("low", 0.05), ("median", 0.5), ("high", 0.95))
        },
    )
