"""A blank case file to fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ISSUES = (
    ("reject_1", "reject"),
    ("reject_2", "reject"),
    ("reject_3", "reject"),
    ("build_1", "build"),
    ("build_2", "build"),
    ("build_3", "build"),
)
"""Fewest issues that a label needs: three of each kind."""
NOT_CODED = "not coded yet"
"""Source of a position that nobody has filled in."""


def blank(
    name: str, bloc: str, target: int, year: int, members: Iterable[tuple[str, str, int]]
) -> str:
    """Text of a case file with its actors filled in and every position at 50, range 0 to 100.

    Parameters
    ----------
    members : id, name and COW number of each full member.
    """
    actors = list(members)
    parts = [_HEAD.format(name=name, bloc=bloc, target=target, year=year)]
    parts += [_ACTOR.format(id=i, name=n, code=c) for i, n, c in actors]
    parts += [_ISSUE.format(id=i, kind=kind) for i, kind in ISSUES]
    parts += [_POSITION.format(issue=i, actor=a) for i, _ in ISSUES for a, _, _ in actors]
    return "\n".join(parts)


_HEAD = """# Choose the issues before you code a position.
# Include one on which the target and the members agree.
name = "{name}"
bloc = "{bloc}"
target = {target}
year = {year}
coder = "A"
coded_on = {year}-12-31
note = "How the positions were coded, and from what."
"""
_ACTOR = """[[actors]]
id = "{id}"
name = "{name}"
code = {code}
role = "member"
"""
_ISSUE = """[[issues]]
id = "{id}"
title = "Title of the issue"
kind = "{kind}"
low = "What 0 on the scale means."
high = "What 100 on the scale means."
target = 50
status_quo = 50
source = "Where the target's position and the status quo come from"
"""
_POSITION = """[[positions]]
issue = "{issue}"
actor = "{actor}"
position = 50
low = 0
high = 100
salience = 0.5
salience_low = 0.0
salience_high = 1.0
source = "not coded yet"
"""
