"""How to cite the software and each data set, and what a licence forbids to pass on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from counterpoise import record
from counterpoise.errors import LicenceError, UnknownNameError
from counterpoise.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def software() -> str:
    """BibTeX of this package, with its version and the digest of the record."""
    return "\n".join(
        (
            "@software{counterpoise,",
            "  author = {{The Counterpoise developers}},",
            "  title = {Counterpoise: measures, models and a verdict on balancing coalitions},",
            f"  version = {{{__version__}}},",
            f"  note = {{Historical record {record.manifest().record}}}",
            "}",
        )
    )


def bibtex(sources: Iterable[str]) -> str:
    """BibTeX of the software and of data sets by their keys; an entry that two share comes once.

    Raises
    ------
    UnknownNameError : the record has no such data set.
    """
    known = record.manifest().sources
    keys = list(sources)
    strange = [key for key in keys if key not in known]
    if strange:
        raise UnknownNameError(
            f"Unknown data sets: {', '.join(strange)}. There are: {', '.join(known)}"
        )
    entries = dict.fromkeys(entry for key in keys for entry in _entries(known[key].bibtex))
    return "\n\n".join([software(), *entries]) + "\n"


def _entries(text: str) -> list[str]:
    """Each entry of a piece of BibTeX by itself."""
    return [entry.strip() for entry in re.split(r"(?m)^(?=@)", text) if entry.strip()]


def cite(what: Any = None) -> str:
    """BibTeX of the software and of each data set in a panel.

    Parameters
    ----------
    what : a panel, the key of a data set, several keys, or None for all data sets of the record.
    """
    if what is None:
        return bibtex(record.manifest().sources)
    if isinstance(what, str):
        return bibtex([what])
    return bibtex(getattr(what, "sources", what))


def refuse_restricted(sources: Sequence[str]) -> None:
    """Stop an export of what a provider does not let anyone pass on.

    Raises
    ------
    LicenceError : names each such data set and its licence.
    """
    known = record.manifest().sources
    held = [known[key] for key in sources if known[key].embed != "yes"]
    if held:
        listed = "; ".join(f"{s.title} ({s.licence})" for s in held)
        raise LicenceError(
            f"The licence forbids passing on: {listed}. Analyse the panel in memory, or leave out "
            "the columns that rest on it"
        )
