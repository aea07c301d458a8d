"""A verdict as plain values: the form of ``counterpoise assess --json``."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from counterpoise import record, states
from counterpoise.assessment.wording import reason
from counterpoise.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

    from counterpoise.assessment.verdict import Verdict

TABLES = (
    "atop_members",
    "dispute_dyads",
    "rivalries",
    "nmc",
    "gdp_population",
    "wdi",
    "us_troops",
    "exercises",
    "min_distance",
    "nuclear_status",
    "democracy",
    "states",
    "un_votes",
    "un_roll_calls",
    "un_subjects",
    "majors",
    "igo_memberships",
    "igos",
    "trade",
    "trade_totals",
    "china_finance",
    "energy",
)
"""Tables that a verdict reads; their sources are its provenance."""


def as_dict(verdict: Verdict) -> dict[str, object]:
    """Every part of a verdict by the keys that design and reference document; unknown is None."""
    question = verdict.question
    return {
        "bloc": _bloc(verdict),
        "target": {"ccode": question.target.ccode, "name": question.target.name},
        "year": question.year,
        "power": question.metric,
        "observed": verdict.observed,
        "ripe": verdict.ripe,
        "reason": reason(verdict),
        "hard": hard(verdict),
        "soft": _soft(verdict),
        "consensus": asdict(verdict.consensus) | _label(verdict) if verdict.consensus else None,
        "threat": _threat(verdict),
        "internal_tension": _tension(verdict),
        "tests": [asdict(check) for check in (*verdict.checks, *verdict.soft_checks)],
        **_trust(verdict),
        "rules": asdict(question.rules),
        "coverage": verdict.coverage | _silent(verdict),
        "extended": dict(question.reach.extended),
        "provenance": provenance(TABLES),
        "citations": citations(TABLES),
    }


def _trust(verdict: Verdict) -> dict[str, object]:
    found = verdict.trust
    return {
        "placebo": found.placebo.to_dict() if found.placebo else None,
        "multiverse": found.multiverse.to_dict() if found.multiverse else None,
        "would_change": None if found.reason else [one.to_dict() for one in found.changes],
    }


def _soft(verdict: Verdict) -> dict[str, object]:
    """The test of coordination beyond preferences, and the strands short of arms."""
    return verdict.trust.coordination.to_dict() | asdict(verdict.trust.soft)


def _silent(verdict: Verdict) -> dict[str, str]:
    reason = verdict.trust.reason
    strands = {f"soft.{name}": why for name, why in verdict.trust.soft.reasons.items()}
    parts = ("placebo", "multiverse", "would_change")
    return strands | (dict.fromkeys(parts, reason) if reason else {})


def _bloc(verdict: Verdict) -> dict[str, object]:
    bloc, names = verdict.question.bloc, states.names()
    by_status = (("member", bloc.members), ("observer", bloc.observers), ("partner", bloc.partners))
    return {
        "name": bloc.name,
        "members": [
            {"ccode": c, "name": names.name(c, bloc.year), "status": status}
            for status, codes in by_status
            for c in codes
        ],
    }


def hard(verdict: Verdict) -> dict[str, object]:
    """The hard strand under the keys that scripts rely on."""
    strand = verdict.hard
    bind, aim = strand.binding, strand.directedness
    found: dict[str, Any] = dict.fromkeys(_BINDING) if bind is None else asdict(bind)
    found |= {"directed": None} if aim is None else _directedness(asdict(aim))
    strength = strand.strength
    return found | {
        "power_ratio": strength.ratio,
        "power_ratios": strength.ratios,
        "power_ratios_with_targets_allies": strength.ratios_with_allies,
        "strong_enough": strength.strong_enough,
        **asdict(strand.activity),
    }


_BINDING = (
    "bound_share",
    "bound_dyads",
    "dyads",
    "core_bound",
    "allied_with_target_share",
    "directedness",
    "directedness_without_strongest",
    "onset",
)


def _directedness(aim: dict[str, Any]) -> dict[str, Any]:
    renamed = {
        "share": "directedness",
        "rest": "directedness_without_strongest",
        "share_bounds": "directedness_bounds",
        "rest_bounds": "directedness_without_strongest_bounds",
        "pact": "anchor_pact",
        "signed": "anchor_signed",
        "measured": "anchor_year",
        "lapsed": "anchor_lapsed",
    }
    return {renamed.get(key, key): value for key, value in aim.items()}


def _tension(verdict: Verdict) -> dict[str, object]:
    found = verdict.hard.tension
    return {"share": found.share, "pairs": [list(p) for p in found.pairs], "dyads": found.dyads}


def _threat(verdict: Verdict) -> dict[str, object]:
    found = verdict.threat
    return {
        "survival_share": found.share,
        "survival_share_bounds": found.bounds,
        "cut": found.cut,
        "protection": found.protection,
        "strongest": found.strongest,
        "members": [asdict(member) for member in found.members],
    }


def _label(verdict: Verdict) -> dict[str, object]:
    found = verdict.consensus
    assert found is not None
    label = found.power
    return {
        "kind": label.kind,
        "rejection": label.rejection,
        "accord_reject": label.accord_reject,
        "vision": label.vision,
        "negativity": label.negativity,
    }


def provenance(tables: Iterable[str]) -> dict[str, object]:
    """Versions of the package and the record, and the sources behind some tables."""
    manifest = record.manifest()
    return {
        "counterpoise": __version__,
        "record": manifest.record,
        "sources": [
            {
                "key": key,
                "title": manifest.sources[key].title,
                "release": manifest.sources[key].release,
            }
            for key in _keys(tables)
        ],
    }


def citations(tables: Iterable[str]) -> list[str]:
    """How to cite the sources behind some tables, each once."""
    sources = record.manifest().sources
    return list(dict.fromkeys(sources[key].citation for key in _keys(tables)))


def _keys(tables: Iterable[str]) -> list[str]:
    entries = record.manifest().tables
    return sorted({key for t in tables if t in entries for key in entries[t].sources})
