"""Why has no coalition formed against a target? Every rival explanation put to the same test."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from counterpoise.assessment import scores
from counterpoise.assessment.explanations import cache, effects, shapley, threads
from counterpoise.assessment.explanations.answer import answer, plain
from counterpoise.assessment.explanations.coefficients import coefficients
from counterpoise.assessment.explanations.contest import (
    CLIMATOLOGY,
    LEARNER,
    PERSISTENCE,
    TOGETHER,
    World,
    contest,
    forecaster,
)
from counterpoise.assessment.explanations.effects import Refit
from counterpoise.assessment.explanations.ensemble import Ensemble
from counterpoise.assessment.explanations.fits import held_out, require_learner
from counterpoise.assessment.explanations.question import ask
from counterpoise.assessment.explanations.scoring import alarms, score
from counterpoise.assessment.explanations.specification import STANDARD, Specification
from counterpoise.errors import QuestionError, UnknownNameError
from counterpoise.workers import single_thread, using

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from counterpoise.assessment.explanations.coefficients import Coefficient
    from counterpoise.assessment.explanations.contest import Contestant
    from counterpoise.assessment.explanations.effects import Change, Overlap, Silence
    from counterpoise.assessment.explanations.scoring import Alarms, Scores
    from counterpoise.assessment.explanations.shapley import Split

    Tell = Callable[[str, int, int], None]

DRAWS = 400
NULL_DRAWS = 19


@dataclass(frozen=True)
class Explained:
    """The answer, in the form of ``counterpoise explain --json``.

    ``is_kept`` says that it was found in the cache.
    """

    values: dict[str, Any]
    is_kept: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain values; unknown is None."""
        return self.values

    def explanation(self, name: str) -> dict[str, Any]:
        """Everything found of one explanation or reference.

        Raises
        ------
        UnknownNameError : there is none of that name.
        """
        listed = [*self.values["explanations"], *self.values["references"]]
        for found in listed:
            if found["name"] == name:
                return dict(found)
        names = ", ".join(str(one["name"]) for one in listed)
        raise UnknownNameError(f'Unknown explanation "{name}". There are: {names}')


@dataclass(frozen=True, eq=False)
class Judged:
    """Everything found of one forecaster; parts that do not apply to it are None or empty."""

    name: str
    scores: Scores
    by_period: float
    alarms: Alarms
    silence: Silence
    change: Change | None
    change_alone: Change | None
    coefficients: tuple[Coefficient, ...]
    together: tuple[Coefficient, ...]
    overlaps: tuple[Overlap, ...]


def explain(
    against: str | int,
    first: int = 1991,
    last: int = 2018,
    specification: Specification = STANDARD,
    *,
    draws: int = DRAWS,
    null_draws: int = NULL_DRAWS,
    use_cache: bool = True,
    workers: int | None = None,
    scheduler: str | None = None,
    folder: Path | None = None,
    tell: Tell = lambda stage, finished, total: None,
) -> Explained:
    """Test every rival explanation of why no coalition formed against a target.

    Parameters
    ----------
    against : the target: a name, ISO3, COW abbreviation or number.
    first, last : years asked about, both included, from 1821 to 2018.
    specification : what counts as an event and how predictors are measured and fitted.
    draws : resampled sets of target spells behind the intervals of silence.
    null_draws : sets of pacts moved at random behind the null of the Shapley split.
    use_cache : take the answer from the user's cache, and keep it there.
    workers : processes; 1 or None works in threads of this one. The answer is the same.
    scheduler : address of a Dask scheduler whose workers do the work instead.
    folder : where draws are kept as they come, and taken up again; None keeps them in memory.
    tell : called with a stage and its steps finished and in all.

    Raises
    ------
    UnknownNameError, AmbiguousNameError, CoverageError, QuestionError : see ``question.ask``.
    MissingExtraError : the extra ``models`` is not installed.
    """
    if min(draws, null_draws) < 0:
        raise QuestionError(f"{draws} and {null_draws} draws: neither may be below 0")
    question = ask(against, first, last, specification)
    asked = {
        "target": question.target.ccode,
        "first": first,
        "last": last,
        "specification": asdict(specification),
        "draws": draws,
        "null_draws": null_draws,
    }
    name = cache.key(asked)
    kept = cache.find(name) if use_cache else None
    if kept is not None:
        return Explained(kept, is_kept=True)
    require_learner()
    with using(workers, scheduler), single_thread():
        world = World.of(question, specification)
        found = judge(world, Ensemble(draws, {"answer": name}, folder), tell)
        null = Ensemble(null_draws, {"answer": name}, folder, piece=1)
        divided = _divided(world, null, tell)
    values = plain(answer(world, found, divided, asked))
    if use_cache:
        cache.keep(name, values)
    return Explained(values, is_kept=False)


def judge(world: World, ensemble: Ensemble, tell: Tell) -> list[Judged]:
    """Judge the references, every explanation, all together and the flexible learner."""
    names = (CLIMATOLOGY, PERSISTENCE, *world.theories, TOGETHER, LEARNER)
    runners = contest(world, names, tell)
    coarse = _by_period(world, names, tell)
    effect = _effects(world, runners, ensemble, tell)
    together = _coefficients(world, TOGETHER)
    judged = world.ground.judged
    said = {name: runner.forecast(world.windows, judged) for name, runner in runners.items()}
    references = said[CLIMATOLOGY], said[PERSISTENCE]
    found = []
    for name in names:
        own = said[name]
        silence, change, alone = effect[name]
        is_theory = name in world.theories
        variables = [v.name for v in world.variables(name)]
        found.append(
            Judged(
                name=name,
                scores=score(own, *references, world.units, world.windows, world.scored),
                by_period=coarse[name],
                alarms=alarms(own, world.windows),
                silence=silence,
                change=change,
                change_alone=alone,
                coefficients=_coefficients(world, name) if is_theory else (),
                together=tuple(c for c in together if c.variable in variables and is_theory),
                overlaps=_overlaps(world, name) if is_theory else (),
            )
        )
    return found


def _overlaps(world: World, name: str) -> tuple[Overlap, ...]:
    variables = [v.name for v in world.variables(name)]
    return effects.overlaps(world.problem(name), variables, world.ground)


def _coefficients(world: World, name: str) -> tuple[Coefficient, ...]:
    return coefficients(world.problem(name), world.variables(name), world.ground.seen)


def _by_period(world: World, names: tuple[str, ...], tell: Tell) -> dict[str, float]:
    """Log skill over climatology with whole periods held out, so that no pact is on both sides."""
    known = world.scored

    def loss(name: str) -> float:
        out = held_out(forecaster(world, name), world.units.period, known)
        return scores.log_score(out[known], world.units.event[known])

    found: dict[str, float] = {}
    tell("whole periods held out", 0, len(names))
    for name, value in zip(names, threads.each(loss, names), strict=True):
        found[name] = value
        tell("whole periods held out", len(found), len(names))
    return {name: scores.skill(value, found[CLIMATOLOGY]) for name, value in found.items()}


Effect = tuple["Silence", "Change | None", "Change | None"]


def _effects(
    world: World, runners: dict[str, Contestant], ensemble: Ensemble, tell: Tell
) -> dict[str, Effect]:
    """Silence under every forecaster, and its change with each explanation at the median."""
    found: dict[str, Effect] = {}
    refits = (*world.theories, TOGETHER)
    changes: list[Change] = []
    for number, name in enumerate(refits):
        refit = Refit.of(world.problem(name), world.ground)
        chosen = world.theories if name == TOGETHER else (name,)
        settings = [moved(world, refit, name, theory) for theory in chosen]

        def step(done: int, total: int, before: int = number) -> None:
            tell("resampled spells", before * total + done, len(refits) * total)

        likelihood = runners[name].likelihood
        silence, changes = effects.drawn(refit, likelihood, settings, ensemble, name, step)
        found[name] = silence, None, changes[0] if name != TOGETHER else None
    for theory, change in zip(world.theories, changes, strict=True):
        silence, _, alone = found[theory]
        found[theory] = silence, change, alone
    for name in (CLIMATOLOGY, PERSISTENCE, LEARNER):
        runner = runners[name]
        silence = effects.unrepeated(runner.likelihood, runner.asked, world.ground, ensemble, name)
        found[name] = silence, None, None
    return found


def moved(world: World, refit: Refit, name: str, theory: str) -> dict[int, float]:
    """Columns of one explanation in a fit, at their historical medians; regions stay."""
    inside = world.columns(name)
    wanted = [
        inside.index(k)
        for k in world.columns(theory)
        if not world.predictors.names[k].startswith("in_")
    ]
    return effects.moves(refit, wanted)


def _divided(world: World, null: Ensemble, tell: Tell) -> Split:
    members = {name: world.columns(name) for name in world.theories}
    tell("Shapley split", 0, 1)
    return shapley.split(
        world.problem(TOGETHER),
        world.scored,
        members,
        null,
        lambda done, total: tell("Shapley split", done, total),
    )
