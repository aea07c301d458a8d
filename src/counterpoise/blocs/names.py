"""Which roster a name means, and what to say where it means none or several."""

from __future__ import annotations

import difflib
import functools
import re
import unicodedata
from typing import TYPE_CHECKING

from counterpoise import record, states
from counterpoise.blocs import rosters
from counterpoise.errors import AmbiguousNameError, QuestionError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from counterpoise.blocs.roster import Roster
    from counterpoise.errors import CounterpoiseError

KINDS = ("organisation", "alliance", "informal")
LONGEST_NAME = 200
ALIKE = 0.8
"""Words this similar count as the same word, mistyped."""

_SPELLINGS = {"organisation": "organization", "defence": "defense", "centre": "center"}
_COMMON = frozenset({"organization", "treaty", "of", "the", "and", "for", "association", "states"})


def find(text: str, *, extend: bool = False) -> Roster | None:
    """The roster that a name means; None where nothing bears it.

    Raises
    ------
    AmbiguousNameError : several blocs bear it.
    UnknownNameError : ``atop:`` or ``igo:`` with a number or key that is not there.
    """
    if len(text) > LONGEST_NAME:
        return None
    prefix, colon, rest = (part.strip() for part in text.partition(":"))
    if colon and prefix.casefold() == "atop":
        return rosters.atop(_number(rest), extend=extend)
    # A comma makes a list of states, except in a name of our own.
    indexes = (_coded_index,) if "," in text else (_coded_index, _igo_index, _informal_index)
    for index in indexes:
        keys = index().get(_plain(text), ())
        if len(keys) > 1:
            listed = "; ".join(label(rosters.read(key)) for key in keys)
            raise AmbiguousNameError(f"{_shown(text)} fits several blocs: {listed}. Name one.")
        if keys:
            return rosters.read(keys[0])
    return None


def require(text: str) -> Roster:
    """The roster that a name means, with what happened since its source ended.

    Raises
    ------
    UnknownNameError, AmbiguousNameError : nothing, or several, bear it.
    """
    found = find(text, extend=True)
    if found is None:
        raise _unknown(text)
    return found


def label(found: Roster) -> str:
    """Key and name of a bloc, the key alone where the name says the same."""
    key = found.key or found.name
    own = key.rpartition(":")[2]
    return key if _plain(own) == _plain(found.name) else f"{key} ({found.name})"


def not_a_bloc(text: str, year: int) -> CounterpoiseError:
    """The error for a name that no bloc bears, which may be that of a state."""
    if not text.strip():
        return QuestionError("No bloc is named. Write an organisation, or states as in RUS,CHN.")
    try:
        state = states.names().find(text, year)
    except UnknownNameError:
        return _unknown(text)
    name = states.names().name(state, year)
    return QuestionError(
        f"{name} is one state, and a coalition needs at least two. Write a list, as in RUS,CHN."
    )


def _unknown(text: str) -> UnknownNameError:
    near = ", ".join(label(rosters.read(key)) for key in _nearest(text[:LONGEST_NAME]))
    hint = f"Did you mean: {near}? " if near else ""
    return UnknownNameError(f"Unknown bloc {_shown(text)}. {hint}{rosters.LIST_ALL}")


def _number(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII):
        raise UnknownNameError(f"Write atop: and a number, as in atop:4810, not {_shown(text)}.")
    return int(text)


@functools.lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    """A name without accents, case and punctuation, in one spelling."""
    bare = unicodedata.normalize("NFKD", text).replace("&", " and ")
    letters = "".join(c for c in bare if not unicodedata.combining(c)).casefold()
    words = re.findall(r"\w+", letters)
    return " ".join(_SPELLINGS.get(word, word) for word in words if word != "the")


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Keys by plain name; a name of several keeps them all, in order."""
    found: dict[str, dict[str, None]] = {}
    for name, key in pairs:
        found.setdefault(_plain(name), {})[key] = None
    return {name: tuple(keys) for name, keys in found.items()}


def _coded_names() -> list[tuple[str, str]]:
    own = record.coded("blocs").select("name", "key").rows()
    return [*own, *((key, key) for _, key in own)]


def _aliases() -> list[tuple[str, str]]:
    return record.coded("bloc_aliases").select("alias", "bloc").rows()


@functools.cache
def _coded_index() -> dict[str, tuple[str, ...]]:
    return _index([*_coded_names(), *_aliases()])


@functools.cache
def _igo_index() -> dict[str, tuple[str, ...]]:
    """Names of the record's organisations; those of which we have a roster lead to it."""
    own = _own_keys()
    pairs = list(_listed("igo", rosters.igo_names()))
    named = _index((name, own.get(key, key)) for name, key in pairs)
    return named | {_plain(key): (key,) for _, key in pairs}


@functools.cache
def _own_keys() -> dict[str, str]:
    """Our key of each organisation of the record of which we have a roster."""
    linked = record.coded("blocs").select("igo", "key").iter_rows()
    return {f"igo:{igo}": key for igo, key in linked if igo}


@functools.cache
def _informal_index() -> dict[str, tuple[str, ...]]:
    pairs = list(_listed("informal", rosters.informal_names()))
    return _index([*pairs, *((key, key) for _, key in pairs)])


def _listed(prefix: str, names: Mapping[str, Sequence[str]]) -> Iterable[tuple[str, str]]:
    for key, known in names.items():
        for name in (*known, key):
            yield re.sub(r"\s*\([^)]*\)$", "", name) or name, f"{prefix}:{key}"


def _nearest(text: str) -> list[str]:
    """Keys of at most three blocs, those that share most words with the text first."""
    words = [word for word in _plain(text).split() if len(word) > 1 and word not in _COMMON]
    ranked = sorted(
        (-_shared(words, _plain(name)), *rank, len(_plain(name).split()), key)
        for name, key, rank in _candidates()
    )
    close = dict.fromkeys(row[-1] for row in ranked if row[0] < 0)
    return list(close)[:3]


def _candidates() -> Iterable[tuple[str, str, tuple[int, int]]]:
    """Every name with its key and rank: own names before aliases, firmer kinds before looser."""
    coded = record.coded("blocs")
    kinds = {key: KINDS.index(kind) for key, kind in coded.select("key", "kind").iter_rows()}
    own = _own_keys()
    for name, key in _coded_names():
        yield name, key, (0, kinds[key])
    for name, key in _aliases():
        yield name, key, (1, kinds.get(key, 0))
    others = (("igo", rosters.igo_names()), ("informal", rosters.informal_names()))
    for prefix, names in others:
        for name, key in _listed(prefix, names):
            yield name, own.get(key, key), (2, 0)


def _shared(words: Sequence[str], name: str) -> float:
    """How many words of a text a name holds, each weighed by how alike the two are."""
    best = (max((_alike(w, other) for other in name.split()), default=0.0) for w in words)
    return sum(ratio for ratio in best if ratio >= ALIKE)


@functools.lru_cache(maxsize=65536)
def _alike(first: str, second: str) -> float:
    if first == second:
        return 1.0
    shorter, longer = sorted((len(first), len(second)))
    if shorter < 4 or 2 * shorter < ALIKE * (shorter + longer):
        return 0.0
    return difflib.SequenceMatcher(None, first, second, autojunk=False).ratio()


def _shown(text: str) -> str:
    cut = text if len(text) <= 60 else text[:60] + "…"
    return '"' + "".join(c if c.isprintable() else repr(c)[1:-1] for c in cut) + '"'
