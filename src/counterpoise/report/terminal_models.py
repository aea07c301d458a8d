"""Models of coalition formation for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from counterpoise.assessment.wording import percent
from counterpoise.models.balancing_game import ACTIONS
from counterpoise.report.terminal import figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from rich.console import RenderableType

    from counterpoise.assessment.balances import BalanceStudy
    from counterpoise.assessment.game_fits import GameTest
    from counterpoise.assessment.game_histories import History
    from counterpoise.assessment.games import GameStudy
    from counterpoise.assessment.landscapes import LandscapeStudy
    from counterpoise.assessment.scores import Interval
    from counterpoise.assessment.swings import SwingStudy
    from counterpoise.models.balancing_fit import Fit

SHOWN_OPTIMA = 5
SHOWN_STATES = 20
SHOWN_NAMES = 30


def _table(*titles: str, left: int = 1) -> Table:
    """A table whose first columns are text and the others figures."""
    table = Table(box=box.SIMPLE_HEAD)
    for k, title in enumerate(titles):
        table.add_column(title, overflow="fold", justify="left" if k < left else "right")
    return table


def _list(names: Sequence[str], most: int = SHOWN_NAMES) -> str:
    """Names with commas; the rest are counted."""
    shown = ", ".join(names[:most]) or "nobody"
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def _number(value: float | None, form: str = ".2f") -> str:
    return "unknown" if value is None or value != value else format(value, form)


def landscape(study: LandscapeStudy) -> RenderableType:
    """How far the solution is proved, the optima, the torn, the misplaced, the pivots."""
    return Group(
        Text(_landscape_title(study), "bold"),
        *_notes(study),
        _optima(study),
        _places(study),
        *_camps(study),
        *_pivots(study),
    )


def _landscape_title(study: LandscapeStudy) -> str:
    solution = study.solution
    if solution.is_exact:
        trust = f"every local optimum ({len(solution.optima)})"
    elif solution.is_proved:
        trust = f"the lowest is proved ({solution.method})"
    else:
        trust = f"the lowest found lies at most {percent(solution.gap)} above the minimum"
    named = ""
    if study.states is not None:
        named = f" of {study.states.name}, {study.states.year}"
    return f"Landscape{named}: {len(study.problem)} actors, {trust}"


def _notes(study: LandscapeStudy) -> list[Text]:
    found, lines = study.propensities, []
    if found is None:
        return []
    used = (
        f"{n} {w:g} ({percent(found.known_share(n))} known)"
        for n, w in found.weights.items()
        if n in found.parts
    )
    lines.append("Weights: " + ", ".join(used) + ".")
    lines += [f"Left out, {name}: {why}." for name, why in found.dropped.items()]
    lines += [f"Carried forward, {table}: {what}." for table, what in found.extended.items()]
    if study.left_out:
        lines.append(f"No figure of power: {_list(study.left_out)}.")
    if study.states is not None and study.states.note:
        lines.append(study.states.note)
    return [Text(line, "dim") for line in lines]


def _optima(study: LandscapeStudy) -> Table:
    solution = study.solution
    every = sum(o.basin for o in solution.optima if o.basin is not None)
    table = _table("energy", "basin", "sides", left=0)
    table.columns[-1].justify = "left"
    for optimum in solution.optima[:SHOWN_OPTIMA]:
        share = "unknown" if optimum.basin is None else percent(optimum.basin / every)
        sides = "\n".join(_list(bloc) for bloc in optimum.blocs(solution.actors))
        table.add_row(f"{optimum.energy:,.2f}", share, sides)
    return table


def _places(study: LandscapeStudy) -> RenderableType:
    table = _table("actor", "bloc", "strength", "frustrated", "cost of going over", left=2)
    torn = sorted(study.places, key=lambda p: -(p.frustrated_share or 0.0))[:SHOWN_STATES]
    for place in torn:
        table.add_row(
            place.name,
            str(place.bloc + 1),
            f"{place.strength:.2f}",
            percent(place.frustrated_share),
            f"{place.switch_cost:.2f}",
        )
    note = "Most torn first: share of its bonds that the lowest configuration frustrates."
    return Group(Text(note, "dim"), table)


def _camps(study: LandscapeStudy) -> list[RenderableType]:
    camps = study.camps
    if camps is None:
        return []
    misplaced = [f"{name} ({percent(share)})" for name, share in camps.misplaced]
    lines = [
        f"Held against: {camps.name}.",
        f"  its energy {camps.energy:,.2f}, {camps.excess:,.2f} above the lowest",
        f"  misplaced there (share of bonds frustrated): {_list(misplaced)}",
        f"  elsewhere in the lowest: {_list(camps.elsewhere)}",
    ]
    return [Text("\n".join(lines))]


def _pivots(study: LandscapeStudy) -> list[RenderableType]:
    if not study.pivots:
        return []
    table = _table("if it goes over", "energy rises", "others follow or flee", "of power", left=1)
    table.columns[2].justify = "left"
    for pivot in study.pivots[:8]:
        table.add_row(
            pivot.actor, f"{pivot.cost:,.2f}", _list(pivot.moved, 12), percent(pivot.moved_share)
        )
    return [table]


def balance(study: BalanceStudy) -> RenderableType:
    """The indices, the camps, the ties that do not fit, chance, the wavering."""
    found, network = study.found, study.network
    proof = "proved" if found.is_proved else f"not proved: at least {found.lower_bound}"
    lines = [
        f"{found.nodes} states with {found.ties} ties, {found.enemies} of them enmities; "
        f"{network.alone} states without a tie.",
        f"Line index {found.line_index} ({proof}); 1 − 2L/m {_number(found.line, '.3f')}, "
        f"triangles {_number(found.triangles, '.3f')}, walks {_number(found.walks, '.3f')}.",
    ]
    camps = [f"Camp {k}: {_list(camp, 60)}" for k, camp in enumerate(found.camps, start=1)]
    wrong = [f"{one}–{two}" for one, two in found.frustrated]
    notes = [f"Unknown, {part}: {why}." for part, why in network.missing.items()]
    notes += [f"Carried forward, {t}: {what}." for t, what in network.extended.items()]
    return Group(
        Text(f"Structural balance, {network.year}", "bold"),
        Text(f"By {network.rule.sentence}.", "dim"),
        *(Text(note, "yellow") for note in notes),
        Text("\n".join(lines)),
        Text("\n".join(camps)),
        Text(f"Ties that do not fit: {_list(wrong, 80)}"),
        *_chance(study),
        *_wavering(study),
    )


def _chance(study: BalanceStudy) -> list[RenderableType]:
    if not study.chances:
        return []
    table = _table("index", "random signs keep", "observed", "mean", "95 % of draws", left=2)
    kept = {"degrees": "each state's friends and enemies", "signs": "their total"}
    for c in study.chances:
        spread = f"{c.low:.3f} to {c.high:.3f}" if c.is_free else "no other signs possible"
        table.add_row(c.statistic, kept[c.null], f"{c.observed:.3f}", f"{c.mean:.3f}", spread)
    return [table]


def _wavering(study: BalanceStudy) -> list[RenderableType]:
    if not study.wavering:
        return []
    table = _table("in the other camp", "ties more", "others move", left=1)
    table.columns[2].justify = "left"
    for w in study.wavering[:SHOWN_STATES]:
        table.add_row(w.state, str(w.cost), _list(w.moved, 12))
    return [table]


def own_balance(answer: dict[str, Any]) -> RenderableType:
    """The indices of a user's own ties."""
    table = Table(box=None, show_header=False)
    for name, value in answer.items():
        table.add_row(name.removeprefix("is_").replace("_", " "), _shown(value))
    return table


def _shown(value: object) -> str:
    if isinstance(value, bool) or value is None or isinstance(value, float):
        return figure(value)
    return str(value)


def balance_years(frame: pl.DataFrame, rule: str) -> RenderableType:
    """One row per year that is known; what is not, below."""
    titles = ("year", "states", "ties", "enemies", "L", "proved", "1−2L/m", "triangles", "walks")
    table = _table(*titles)
    reasons: dict[str, list[int]] = {}
    for row in frame.iter_rows(named=True):
        if row["reason"] is not None:
            reasons.setdefault(_undated(row["reason"], row["year"]), []).append(row["year"])
        if row["nodes"] is not None:
            mark = "" if row["reason"] is None else "*"
            table.add_row(
                f"{row['year']}{mark}",
                *(str(row[name]) for name in ("nodes", "edges", "enemies", "line_index")),
                figure(row["is_proved"]),
                *(_number(row[name], ".3f") for name in ("line", "triangles", "walks")),
            )
    notes = [f"{years[0]} to {years[-1]}: {why}" for why, years in reasons.items()]
    return Group(
        Text(f"By {rule}. * some ties are unknown.", "dim"),
        table,
        *(Text(note, "yellow") for note in notes),
    )


def _undated(reason: str, year: int) -> str:
    """A reason without its year, so that years with the same one are told together."""
    return reason.replace(f", not {year}", "")


def game(study: GameStudy) -> RenderableType:
    """The expected coalition, the players, the wild cards, and who moves after the changes."""
    game_, observed = study.game, study.observed
    lines = [
        f"Balancing is expected to hold {study.coalition:.2f} of the target's power; the chance "
        f"of half is {percent(study.coalition_chance)}.",
        f"In the record it held {_number(observed)}."
        if observed is not None
        else f"In the record: unknown ({study.reason}).",
    ]
    if study.result.others or study.result.index_sum != 1:
        lines.append(f"{1 + len(study.result.others)} equilibria were found; this is the first.")
    if not game_.hosts_known:
        lines.append("Hosts of the target's forces are those listed; others count as none.")
    if game_.left_out:
        lines.append(f"States that do not play for want of figures: {len(game_.left_out)}.")
    lines += [f"Carried forward, {table}: {what}." for table, what in game_.extended.items()]
    return Group(
        Text(f"Balancing game against {game_.problem.target}, {game_.year}", "bold"),
        Text("\n".join(lines)),
        _players(study),
        _wild_cards(study),
        *_movers(study),
    )


def _players(study: GameStudy) -> Table:
    table = _table("state", "power / target's", "threat", *ACTIONS, "did")
    strong = sorted(study.players, key=lambda p: -p.power_ratio)[:SHOWN_STATES]
    for p in strong:
        chances = [f"{p.chances[a]:.2f}" for a in ACTIONS]
        table.add_row(
            p.name, f"{p.power_ratio:.3f}", f"{p.threat:.2f}", *chances, p.did or "unknown"
        )
    return table


def _wild_cards(study: GameStudy) -> RenderableType:
    table = _table("wild card", "others' balancing", "with its own")
    for pull in study.wild_cards[:8]:
        table.add_row(pull.name, f"{pull.others:+.3f}", f"{pull.total:+.3f}")
    note = "What the coalition gains, over the target's power, if the state balances for certain."
    return Group(Text(note, "dim"), table)


def _movers(study: GameStudy) -> list[RenderableType]:
    if study.changed is None:
        return []
    table = _table("who moves", "shift", *(f"{a} before → after" for a in ACTIONS))
    for m in study.movers[:12]:
        pairs = zip(m.before, m.after, strict=True)
        table.add_row(m.name, f"{m.shift:.3f}", *(f"{old:.2f} → {new:.2f}" for old, new in pairs))
    text = (
        f"After {', '.join(study.changes)}: balancing holds {study.changed.coalition:.2f} of the "
        f"target's power, {study.changed.coalition - study.coalition:+.3f}."
    )
    if study.depends_on_play:
        text += " Another equilibrium lies nearer to the old play: the answer depends on play."
    return [Text(text, "bold"), table]


def history(found: History) -> RenderableType:
    """Simulated and recorded coalitions year by year."""
    recorded = "unknown" if found.recorded is None else percent(found.recorded)
    table = _table("year", "bound in simulations", "bound in the record", left=1)
    for k, (mean, seen) in enumerate(zip(found.coalition, found.record, strict=True)):
        table.add_row(str(found.year + k), f"{mean:.2f}", _number(seen))
    lines = [
        f"{found.name}, {found.year} and {found.years - 1} years after ({found.kind} power)",
        f"Share of years, the first five left out, in which it faced half of its power: "
        f"{percent(found.simulated)} simulated, {recorded} recorded.",
    ]
    if found.reason:
        lines.append(found.reason)
    return Group(Text(lines[0], "bold"), Text("\n".join(lines[1:])), table)


def fit(found: Fit, test: GameTest) -> RenderableType:
    """The weights with their errors, and the test."""
    table = _table("weight", "value", "error", "clustered by game")
    for name in found.free:
        table.add_row(
            name,
            f"{getattr(found.parameters, name):.2f}",
            _number(found.standard_errors[name]),
            _number(found.clustered_errors[name]),
        )
    r2 = 1 - found.log_likelihood / found.shares_log_likelihood
    text = f"{found.choices:,} choices in {found.games} games; McFadden's R² {r2:.3f}"
    if not found.is_converged:
        text += "; the search did not converge"
    return Group(Text(text, "bold"), table, _test(test))


def _test(test: GameTest) -> RenderableType:
    table = _table("forecast", "log", "Brier", "skill over climatology", "log where changed")
    for f in test.forecasters:
        table.add_row(
            f.name,
            _interval(f.log),
            _interval(f.brier),
            _interval(f.skill),
            _number(f.log_of_changes),
        )
    beats = [f"{name} {_interval(i)}" for name, i in test.beats.items()]
    text = (
        f"Test on {test.choices:,} choices in {test.games} games, {test.first}–{test.last}; "
        f"{test.changes} differ from the year before. Small scores are good."
    )
    return Group(
        Text(text, "bold"), table, Text(f"Log score of the game less that of: {'; '.join(beats)}.")
    )


def _interval(found: Interval) -> str:
    return f"{found.estimate:.3f} ({found.low:.3f} to {found.high:.3f})"


def swing(study: SwingStudy) -> RenderableType:
    """One row per state with what each model says, then voting power."""
    return Group(
        Text(f"Swing states of {study.bloc} against {study.target}, {study.year}", "bold"),
        *(Text(f"{model}: {why}", "yellow") for model, why in study.reasons.items()),
        _swings(study),
        Text(SWING_NOTE, "dim"),
        *_votes(study),
    )


SWING_NOTE = (
    "Power and the bloc with it are over the target's. Landscape: side among the major powers, "
    "share of bonds frustrated, energy if it goes over, power of others drawn. Game: chance to "
    "balance, gain of the others' balancing if it does, gain of a pact of all members with it. "
    "Network: frustrated ties more if it changes camps."
)


def _swings(study: SwingStudy) -> Table:
    table = _table(
        "state",
        "",
        "power",
        "bloc",
        "side",
        "torn",
        "rise",
        "drawn",
        "balances",
        "others",
        "pact",
        "ties",
        left=2,
    )
    for s in study.swings:
        side = {True: "target", False: "against", None: "unknown"}[s.is_with_target]
        table.add_row(
            s.name,
            s.status,
            _number(s.power_ratio, ".3f"),
            _number(s.bloc_ratio, ".2f"),
            side,
            percent(s.frustrated_share),
            _number(s.rise, ".1f"),
            percent(s.drawn_share),
            _number(s.balances),
            _number(s.drawn_power, "+.3f"),
            _number(s.with_pact, "+.3f"),
            "unknown" if s.camp_cost is None else str(s.camp_cost),
        )
    return table


def _votes(study: SwingStudy) -> list[RenderableType]:
    players = [s.state for s in study.swings]
    table = _table("voting power", "to win", "index", *players, left=3)
    silent = []
    for vote in study.votes:
        if vote.shapley_shubik is None or vote.banzhaf is None:
            silent.append(f"{vote.metric}, {vote.quota}: {vote.reason}")
            continue
        for index, found in (("Shapley–Shubik", vote.shapley_shubik), ("Banzhaf", vote.banzhaf)):
            table.add_row(vote.metric, vote.quota, index, *(f"{found[p]:.2f}" for p in players))
    return [table, *(Text(line, "dim") for line in silent)]
