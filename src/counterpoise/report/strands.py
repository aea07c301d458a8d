"""What a bloc does and what it could, strand by strand, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from counterpoise import states
from counterpoise.assessment.ties import pact_label
from counterpoise.assessment.wording import percent
from counterpoise.report.exhibit import Exhibit, sources, table
from counterpoise.report.plain import UNKNOWN, figure, percentile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterpoise.report.dossier import Dossier

HOW = (
    "A percentile is the share of matched random groups whose figure is lower, equal ones counted "
    "half: groups of the same size from states of the time, alike in region, power and votes, "
    "sharing at most half their members with the bloc."
)


def strands(dossier: Dossier) -> Exhibit:
    """Every strand with what it shows and where it stands among matched random groups."""
    rows = [
        (title, text or UNKNOWN, _standing(dossier, statistic))
        for title, statistic, text in _lines(dossier)
    ]
    found = dossier.placebo
    notes = () if found is not None and not found.reason else (f"Percentiles: {_why(dossier)}.",)
    return Exhibit(
        "strands",
        "Strand by strand",
        "What the members have signed, done and hold, and how that compares with random groups.",
        sources("atop_members", "nmc", "gdp_population", "exercises", "us_troops", "wdi"),
        HOW,
        table(("Strand", "Finding", "Percentile"), rows, "Percentile"),
        notes=notes,
    )


def _why(dossier: Dossier) -> str:
    found = dossier.placebo
    return (found.reason if found else dossier.placebo_reason) or UNKNOWN


def _standing(dossier: Dossier, statistic: str) -> str:
    found = dossier.placebo
    if not statistic:
        return "–"
    if found is None or statistic not in found.actual:
        return UNKNOWN
    return percentile(found.percentile(statistic))


def _lines(dossier: Dossier) -> list[tuple[str, str, str]]:
    """Title, statistic of the random groups, and sentence."""
    return [
        ("Members", "", _members(dossier)),
        ("Bound by pacts", "bound_share", _bound(dossier)),
        ("Hardest core", "hardest_core_bound_share", _core(dossier)),
        ("Direction", "directedness", _direction(dossier)),
        ("Power over the target", "power_ratio", _ratios(dossier)),
        ("Allied with the target", "allied_with_target_share", _allied(dossier)),
        ("Hosts the target's forces", "penetration_share", _penetration(dossier)),
        ("Inner tensions", "internal_tension", _tension(dossier)),
        ("Exercises together", "exercises_without_target", _exercises(dossier)),
        ("Arming", "milex_growth_5y", _arming(dossier)),
    ]


def names(dossier: Dossier, codes: Sequence[int]) -> str:
    """Names of states as of the year, or none."""
    known, year = states.names(), dossier.verdict.question.year
    return ", ".join(known.name(code, year) for code in codes) or "none"


def _members(dossier: Dossier) -> str:
    bloc = dossier.verdict.question.bloc
    parts = [names(dossier, bloc.members)]
    parts += [f"observers: {names(dossier, bloc.observers)}"] if bloc.observers else []
    parts += [f"partners: {names(dossier, bloc.partners)}"] if bloc.partners else []
    parts += [f"membership unknown: {names(dossier, bloc.unknown)}"] if bloc.unknown else []
    return "; ".join(parts)


def _bound(dossier: Dossier) -> str:
    bind = dossier.verdict.hard.binding
    if bind is None:
        return _reason(dossier, "hard")
    return (
        f"{percent(bind.bound_share)} of the weight of all pairs; "
        f"{bind.bound_dyads} of {bind.dyads} pairs"
    )


def _reason(dossier: Dossier, *parts: str) -> str:
    coverage = dossier.verdict.coverage
    found = next((coverage[part] for part in parts if part in coverage), None)
    return f"{UNKNOWN}: {found}" if found else UNKNOWN


def _core(dossier: Dossier) -> str:
    bind = dossier.verdict.hard.binding
    if bind is None or bind.hardest_core is None:
        return _reason(dossier, "hard", "power")
    share = percent(bind.hardest_core_bound_share)
    return f"{names(dossier, bind.hardest_core)}: {share} bound"


def _direction(dossier: Dossier) -> str:
    aim, question = dossier.verdict.hard.directedness, dossier.verdict.question
    if aim is None:
        return _reason(dossier, "hard")
    if aim.pact is None:
        return "no pact that binds a quarter of the bloc carries one"
    text = (
        f"D {figure(aim.share)}, without the strongest {figure(aim.rest)}, in {aim.measured}, "
        f"at {pact_label(question, aim.pact)}"
    )
    text += f"; lapsed in {aim.lapsed}" if aim.lapsed else ""
    text += f"; {aim.stage} since {aim.onset}" if aim.stage else ""
    return text + f"; without rivalry codings: {figure(aim.directed_without_rivalries)}"


def _ratios(dossier: Dossier) -> str:
    strength = dossier.verdict.hard.strength
    joined = strength.ratios_with_allies
    return "; ".join(
        f"{name} {figure(value, 2)} ({figure(joined[name], 2)} with its allies)"
        for name, value in strength.ratios.items()
    )


def _allied(dossier: Dossier) -> str:
    bind = dossier.verdict.hard.binding
    if bind is None:
        return _reason(dossier, "hard")
    who = names(dossier, bind.allied_with_target)
    return f"{percent(bind.allied_with_target_share)} of the bloc's power ({who})"


def _penetration(dossier: Dossier) -> str:
    acts = dossier.verdict.hard.activity
    if acts.penetration_share is None:
        known = f"; known hosts: {names(dossier, acts.penetrated)}" if acts.penetrated else ""
        return _reason(dossier, "penetration_share") + known
    hosts = names(dossier, acts.penetrated)
    return f"{percent(acts.penetration_share)} of the bloc's power ({hosts})"


def _tension(dossier: Dossier) -> str:
    found = dossier.verdict.hard.tension
    if found.share is None:
        return _reason(dossier, "internal_tension")
    pairs = "; ".join(names(dossier, pair) for pair in found.pairs)
    text = f"{percent(found.share)} of the weight of all pairs have a dispute or rivalry"
    return f"{text} ({pairs})" if pairs else text


def _exercises(dossier: Dossier) -> str:
    joint = dossier.verdict.hard.activity.exercises
    if joint is None:
        return _reason(dossier, "exercises")
    return (
        f"{joint.without_target} without the target and {joint.with_target} with it, "
        f"{joint.first_year}–{joint.last_year}"
    )


def _arming(dossier: Dossier) -> str:
    parts = []
    for growth in dossier.verdict.hard.activity.arming:
        if growth.bloc is None:
            why = _named(dossier, growth.reason)
            parts.append(f"over {growth.window} years {UNKNOWN}: {why}")
        else:
            parts.append(
                f"over {growth.window} years {_pace(growth.bloc)}, the target "
                f"{_pace(growth.target)} ({growth.series})"
            )
    return "; ".join(parts)


def _pace(growth: float | None) -> str:
    return UNKNOWN if growth is None else f"{100 * growth:+.1f} % a year"


def _named(dossier: Dossier, reason: Any) -> str:
    """The reason with numbers of states exchanged for names."""
    known, year = states.names(), dossier.verdict.question.year
    words = []
    for word in str(reason).replace("COW ", "").split(" "):
        bare = word.rstrip(",;")
        is_state = bare.isdigit() and int(bare) in known.ccodes()
        words.append(word.replace(bare, known.name(int(bare), year)) if is_state else word)
    return " ".join(words)
