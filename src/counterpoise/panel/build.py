"""Panels to start from: state-years, dyad-years, bloc-years and members of blocs by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterpoise.panel import bloc_units, spine, units
from counterpoise.panel.panel import Panel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from counterpoise.panel.spine import Rule
    from counterpoise.states import System


def state_years(
    first: int,
    last: int,
    system: System = "cow",
    rule: Rule = "day",
    *,
    microstates: bool = True,
) -> Panel:
    """One row per state and year in which it was in the system on any day.

    Columns ``ccode``, ``statenme``, ``year`` (``gwcode``, ``statename``, ``year`` in the other
    system), and ``system_extended`` where the panel runs past the coded spells.

    Parameters
    ----------
    first, last : years, both included.
    system : ``cow`` (Correlates of War) or ``gw`` (Gleditsch–Ward).
    rule : as in :func:`dyad_years`; both rules give the same state-years.
    microstates : keep Gleditsch and Ward's microstates.

    Raises
    ------
    CoverageError : the record says nothing about some of the years.
    QuestionError : unknown system or rule, or years in the wrong order.
    """
    spine.check(first, last, system, rule)
    found = units.of_states(system, first, last, microstates=microstates)
    return Panel(found, first, last, (spine.SPELLS[system][0],))


def dyad_years(
    first: int,
    last: int,
    directed: bool = True,
    system: System = "cow",
    rule: Rule = "day",
    *,
    microstates: bool = True,
) -> Panel:
    """One row per pair of states and year, sorted by both states and year.

    Columns ``ccode1``, ``ccode2``, ``year`` (``gwcode1``, ``gwcode2`` in the other system), and
    ``system_extended`` where the panel runs past the coded spells.

    Parameters
    ----------
    first, last : years, both included.
    directed : both orders of each pair, or only the one with the smaller code first.
    system : ``cow`` (Correlates of War) or ``gw`` (Gleditsch–Ward).
    rule : ``day``: both states were in the system on the same day of the year; ``year``: each was
        on some day of it.
    microstates : keep Gleditsch and Ward's microstates.

    Raises
    ------
    CoverageError : the record says nothing about some of the years.
    QuestionError : unknown system or rule, or years in the wrong order.
    """
    spine.check(first, last, system, rule)
    found = units.of_dyads(system, first, last, rule, directed=directed, microstates=microstates)
    return Panel(found, first, last, (spine.SPELLS[system][0],))


def bloc_years(
    first: int, last: int, blocs: Sequence[str] | None = None, *, extend: bool = False
) -> Panel:
    """One row per bloc and year, with its members.

    Columns ``bloc, year, n_members, members`` (state numbers), and ``members_extended`` where a
    roster was carried on. Sets are drawn together over the members, or over their pairs, into
    columns that end in how: ``cinc_sum``, ``atop_defense_share``. One unknown value among the
    members makes the whole unknown.

    Parameters
    ----------
    first, last : years, both included; a bloc has rows for the years in which it existed and its
        members are known.
    blocs : names, ``atop:4810``, lists such as ``"RUS,CHN"`` or roster files; by default every
        bloc that the record knows by name.
    extend : carry members on past the year to which a roster was coded.

    Raises
    ------
    UnknownNameError, AmbiguousNameError : no such bloc, or several.
    QuestionError, CoverageError : as :func:`dyad_years`, or no bloc existed in the years.
    """
    spine.check(first, last, "cow", "day")
    frame = bloc_units.members(blocs, first, last, extend=extend)
    return Panel(bloc_units.of_blocs(frame), first, last, bloc_units.tables_of(frame))


def bloc_member_years(
    first: int, last: int, blocs: Sequence[str] | None = None, *, extend: bool = False
) -> Panel:
    """One row per bloc, member and year: columns ``bloc, ccode, year``.

    Parameters and errors are those of :func:`bloc_years`; sets come as in :func:`state_years`.
    """
    spine.check(first, last, "cow", "day")
    frame = bloc_units.members(blocs, first, last, extend=extend)
    return Panel(bloc_units.of_members(frame), first, last, bloc_units.tables_of(frame))
