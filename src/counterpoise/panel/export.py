"""What the command line calls to export a panel: one question, one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterpoise.errors import QuestionError
from counterpoise.files import require_writable
from counterpoise.panel import build, citation, writing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from counterpoise.panel.panel import Panel
    from counterpoise.panel.spine import Rule
    from counterpoise.states import System

KINDS = ("state-years", "dyad-years", "bloc-years", "bloc-member-years")


def export(
    kind: str,
    first: int,
    last: int,
    out: Path,
    *,
    add: Sequence[str] = (),
    system: System = "cow",
    rule: Rule = "day",
    directed: bool = True,
    blocs: Sequence[str] | None = None,
    extend: bool | int | None = None,
) -> Panel:
    """Build a panel and write it to a file.

    Parameters
    ----------
    kind : state-years, dyad-years, bloc-years or bloc-member-years.
    out : file to write; its suffix names the format.
    add : names of sets of columns, such as ``nmc`` and ``atop``.
    blocs : which blocs, for panels of blocs; all by default.
    extend : carry the last covered year of every set (and rosters of blocs) forward, to the end of
        the panel or to a year.

    Raises
    ------
    QuestionError : unknown kind, or a set that does not serve the kind.
    UnknownNameError : unknown set or bloc.
    CoverageError : the record says nothing about some of the years.
    LicenceError : a source of the panel may not be passed on.
    DataError : the file cannot be written.
    MissingExtraError : the format needs a library that is not installed.
    """
    require_writable(out, tuple(writing.WRITERS))
    panel = _start(kind, first, last, system, rule, directed, blocs, extend)
    if add:
        panel = panel.add(*add, extend=extend)
    citation.refuse_restricted(panel.sources)
    panel.write(out)
    return panel


def _start(
    kind: str,
    first: int,
    last: int,
    system: System,
    rule: Rule,
    directed: bool,
    blocs: Sequence[str] | None,
    extend: bool | int | None,
) -> Panel:
    if kind == "state-years":
        return build.state_years(first, last, system, rule)
    if kind == "dyad-years":
        return build.dyad_years(first, last, directed, system, rule)
    if system != "cow":
        raise QuestionError("Panels of blocs come in COW numbers only.")
    if kind == "bloc-years":
        return build.bloc_years(first, last, blocs, extend=bool(extend))
    if kind == "bloc-member-years":
        return build.bloc_member_years(first, last, blocs, extend=bool(extend))
    raise QuestionError(f'Unknown kind of panel "{kind}". There are: {", ".join(KINDS)}')
