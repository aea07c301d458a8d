"""Swing states and wild cards of a bloc: whose move would change the outcome, by each model.

Votes: power as weight, a coalition winning from a stated part of the target's power, and from
half of the group's own. Landscape: the group among the major powers, each state going over to the
other side in turn. Game: each state balancing for certain instead of staying neutral, and a pact of
all members with it. Network: what it costs in ties if it stood in the other camp, seen from the
target.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from counterpoise import blocs, states
from counterpoise.assessment.balances import wavering
from counterpoise.assessment.game_fits import estimated
from counterpoise.assessment.landscapes import landscape
from counterpoise.errors import CounterpoiseError, QuestionError
from counterpoise.measures import power
from counterpoise.measures.game_problem import RecordGame, game_problem
from counterpoise.measures.reach import Reach
from counterpoise.measures.rules import STANDARD
from counterpoise.measures.signed_network import signed_network
from counterpoise.measures.state_sets import state_set
from counterpoise.models.balance import balance
from counterpoise.models.balancing_changes import pulls
from counterpoise.models.balancing_game import BALANCE, play
from counterpoise.models.voting_power import VotingGame, power_indices

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from counterpoise.blocs import Bloc

PARTS = (STANDARD.power_ratio, 1.0)
"""A coalition wins from this much of the target's power: the verdict's cut, and parity."""

MAJORITY = "half of the group"


@dataclass(frozen=True)
class Vote:
    """Voting power under one metric and one quota; None where no coalition, or no figure, wins."""

    metric: str
    quota: str
    shapley_shubik: dict[str, float] | None
    banzhaf: dict[str, float] | None
    essential: tuple[str, ...]
    reason: str | None


@dataclass(frozen=True)
class Swing:
    """One state under each model; None where the model does not know it.

    ``power_ratio`` is over the target's; ``bloc_ratio`` that of the members with it.
    ``is_with_target``: does the landscape put it on the target's side? ``drawn_share`` is the part
    of the others' power that would change sides if it went over, ``rise`` what that costs in
    energy. ``balances`` is its chance to balance; ``drawn_power`` what the others' balancing power
    gains if it does for certain, ``with_pact`` if it also joins all members in a pact, both over
    the target's power. ``camp_cost`` is the rise of the line index if it changed camps.
    """

    state: str
    name: str
    status: str
    power_ratio: float | None
    bloc_ratio: float | None
    is_with_target: bool | None
    frustrated_share: float | None
    drawn_share: float | None
    rise: float | None
    balances: float | None
    drawn_power: float | None
    with_pact: float | None
    camp_cost: int | None


@dataclass(frozen=True)
class SwingStudy:
    """All states of a group under all models; ``reasons`` says which model is silent and why."""

    bloc: str
    target: str
    year: int
    power: str
    swings: tuple[Swing, ...]
    votes: tuple[Vote, ...]
    reasons: dict[str, str]

    def to_dict(self) -> dict[str, Any]:
        """What ``swing --json`` prints."""
        return asdict(self)


def swing(
    bloc: str,
    against: str | int,
    year: int,
    candidates: str | None = None,
    *,
    metric: str = "cinc",
    extend: bool = False,
) -> SwingStudy:
    """Who of a bloc and its candidates would change the outcome by moving.

    Parameters
    ----------
    candidates : states that might join, by default the bloc's observers and partners.
    metric : of power for the models; voting power is given under every metric.

    Raises
    ------
    QuestionError : the target is in the group.
    UnknownNameError, CoverageError : no such bloc or state in the year.
    """
    found, target = blocs.bloc(bloc, year, extend=extend), states.state(against, year)
    wished = _candidates(found, candidates, year)
    codes = (*found.members, *(c for c in wished if c not in found.members))
    if target.ccode in codes:
        raise QuestionError(f"{target.name} is the target and cannot be in the group.")
    reasons: dict[str, str] = {}
    parts = _Parts(found, codes, target.ccode, year, metric, extend)
    views = {
        name: _or_reason(view, name, reasons)
        for name, view in (
            ("landscape", parts.landscape),
            ("game", parts.game),
            ("network", parts.network),
        )
    }
    return SwingStudy(
        bloc=found.name,
        target=target.name,
        year=year,
        power=metric,
        swings=tuple(parts.swing(c, views) for c in codes),
        votes=tuple(v for m in power.METRICS for v in votes(codes, target.ccode, year, m, extend)),
        reasons=reasons,
    )


def _candidates(found: Bloc, candidates: str | None, year: int) -> tuple[int, ...]:
    if candidates is None:
        return (*found.observers, *found.partners)
    named = [part for part in candidates.split(",") if part.strip()]
    return tuple(states.state(part.strip(), year).ccode for part in named)


View = dict[int, dict[str, Any]]


def _or_reason(view: Callable[[], View], name: str, reasons: dict[str, str]) -> View:
    """One model's view of every state, or nothing and the reason."""
    try:
        return view()
    except CounterpoiseError as error:
        reasons[name] = str(error)
        return {}


@dataclass(frozen=True)
class _Parts:
    """The group, and how each model sees it."""

    bloc: Bloc
    codes: tuple[int, ...]
    target: int
    year: int
    metric: str
    extend: bool

    def swing(self, code: int, views: dict[str, View]) -> Swing:
        names = states.names()
        status = next(
            (
                label
                for label in ("member", "observer", "partner")
                if code in getattr(self.bloc, label + "s")
            ),
            "candidate",
        )
        merged: dict[str, Any] = dict.fromkeys(MODEL_FIELDS)
        for view in views.values():
            merged |= view.get(code, {})
        return Swing(
            state=names.abbreviation(code),
            name=names.name(code, self.year),
            status=status,
            power_ratio=self._ratio((code,)),
            bloc_ratio=self._ratio({*self.bloc.members, code}),
            **merged,
        )

    def _ratio(self, codes: Sequence[int] | set[int]) -> float | None:
        share = shares(self.metric, self.year, extend=self.extend)
        if not share.get(self.target) or any(c not in share for c in codes):
            return None
        return sum(share[c] for c in codes) / share[self.target]

    def landscape(self) -> View:
        """Among the major powers and the group."""
        majors = state_set("majors", self.year, extend=True).ccodes
        everyone = ",".join(str(c) for c in sorted({*majors, *self.codes, self.target}))
        study = landscape(self.year, everyone, metric=self.metric, extend=self.extend)
        names = states.names()
        at = {place.actor: place for place in study.places}
        pivot = {p.actor: p for p in study.pivots}
        side = at[names.abbreviation(self.target)].bloc
        view = {}
        for code in self.codes:
            actor = names.abbreviation(code)
            if actor in at:
                view[code] = {
                    "is_with_target": at[actor].bloc == side,
                    "frustrated_share": at[actor].frustrated_share,
                    "drawn_share": pivot[actor].moved_share,
                    "rise": pivot[actor].cost,
                }
        return view

    def game(self) -> View:
        """Against the target, with the estimated weights."""
        game = game_problem(self.target, self.year, self.metric, extend=self.extend)
        weights = estimated()
        before = play(game.problem, weights)
        pull = {p.name: p.others for p in pulls(game.problem, weights)}
        names = states.names()
        view = {}
        for code in (c for c in self.codes if c in game.ccodes):
            k = game.ccodes.index(code)
            view[code] = {
                "balances": float(before.profile[k, BALANCE]),
                "drawn_power": pull[names.abbreviation(code)],
                "with_pact": self._with_pact(game, code, before.coalition),
            }
        return view

    def _with_pact(self, game: RecordGame, code: int, before: float) -> float | None:
        """Gain of the expected coalition if all members, and this state, signed one pact."""
        inside = {*self.bloc.members, code} & set(game.ccodes)
        if len(inside) < 2:
            return None
        after = play(game.with_pact(inside, "pact of the group").problem, estimated())
        return after.coalition - before

    def network(self) -> View:
        """In the signed network of all states, seen from the target."""
        network = signed_network(self.year, extend=self.extend)
        found = balance(network.graph)
        names = states.names()
        pole = names.abbreviation(self.target)
        if pole not in network.graph.nodes:
            raise QuestionError("the target has neither friend nor enemy in the signed network")
        wanted = {names.abbreviation(c) for c in self.codes} & set(network.graph.nodes)
        cost = {w.state: w.cost for w in wavering(network.graph, found, pole, tuple(wanted))}
        return {
            c: {"camp_cost": cost[a]} for c in self.codes if (a := names.abbreviation(c)) in cost
        }


MODEL_FIELDS = (
    "is_with_target",
    "frustrated_share",
    "drawn_share",
    "rise",
    "balances",
    "drawn_power",
    "with_pact",
    "camp_cost",
)


def shares(metric: str, year: int, *, extend: bool = False) -> power.Shares:
    """Power in a year, or in the last covered one with ``extend``; empty where unknown."""
    answering = Reach(extend).year(power.metric(metric).table, year)
    return {} if answering is None else power.shares(metric, answering)


def votes(
    codes: Sequence[int], target: int, year: int, metric: str, extend: bool = False
) -> tuple[Vote, ...]:
    """Voting power of a group under one metric, for each quota."""
    share = shares(metric, year, extend=extend)
    quotas = [(f"{part:g} of the target", part) for part in PARTS] + [(MAJORITY, None)]
    if not share.get(target) or any(c not in share for c in codes):
        silent = [c for c in (*codes, target) if not share.get(c)]
        names = ", ".join(states.names().name(c, year) for c in silent)
        return tuple(
            Vote(metric, quota, None, None, (), f"no figure for {names}") for quota, _ in quotas
        )
    weight = np.array([share[c] for c in codes])
    players = tuple(states.names().abbreviation(c) for c in codes)
    return tuple(
        _vote(metric, quota, players, weight, None if part is None else part * share[target])
        for quota, part in quotas
    )


def _vote(
    metric: str,
    quota: str,
    players: tuple[str, ...],
    weight: np.ndarray[Any, Any],
    need: float | None,
) -> Vote:
    if need is not None and weight.sum() < need:
        held = weight.sum() / need
        return Vote(metric, quota, None, None, (), f"all together hold {held:.2f} of the quota")
    found = power_indices(VotingGame(players, weight, need, is_strict=need is None))
    pairs = zip(players, found.is_essential, strict=True)
    return Vote(
        metric,
        quota,
        dict(zip(players, found.shapley_shubik.tolist(), strict=True)),
        dict(zip(players, found.banzhaf.tolist(), strict=True)),
        tuple(name for name, is_essential in pairs if is_essential),
        None,
    )
