"""The verbs about single measures: similarity, soft, territory."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterpoise.cli import options
from counterpoise.cli.output import print_json, show

if TYPE_CHECKING:
    import polars as pl

One = Annotated[str, typer.Argument(help="A state: name, ISO3, COW abbreviation or number.")]
Flows = Annotated[
    Path | None, typer.Option(help="CSV or Parquet file: exporter, importer, year, quantity.")
]


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command(epilog="Example: counterpoise similarity RUS CHN --year 2006")(similarity)
    app.command(epilog="Example: counterpoise soft SCO --against USA --year 2006")(soft)
    app.command(
        epilog="Example: counterpoise territory SCO --from 1996 --to 2018 --out territory.png"
    )(territory)


def similarity(
    one: One,
    two: One,
    year: Annotated[int | None, typer.Option(help="One year, in full.")] = None,
    first: Annotated[int | None, typer.Option("--from", help="First of several years.")] = None,
    last: Annotated[int | None, typer.Option("--to", help="Last of several years.")] = None,
    as_json: options.Json = False,
) -> None:
    """How alike are two states by their pacts and by their votes in the United Nations?"""
    from counterpoise import record, states
    from counterpoise.measures.similarity_years import pair_similarity

    begin, end = _years(year, first, last)
    record.require_year(end)
    pair = [states.state(name, end) for name in (one, two)]
    frame = pair_similarity(pair[0].ccode, pair[1].ccode, begin, end)
    coverage = {
        what: why
        for what, table in (("pacts", "atop_dyads"), ("votes", "un_votes"))
        if (why := record.coverage_reason(table, begin) or record.coverage_reason(table, end))
    }
    if as_json:
        named = [{"ccode": s.ccode, "name": s.name} for s in pair]
        print_json({"states": named, "years": frame.to_dicts(), "coverage": coverage})
        return
    from counterpoise.report import terminal_measures

    show(terminal_measures.likeness(pair[0].name, pair[1].name, frame.to_dicts()))
    for what, why in coverage.items():
        show(f"{what}: {why}")


def _years(year: int | None, first: int | None, last: int | None) -> tuple[int, int]:
    from counterpoise.errors import QuestionError

    if year is not None and first is None and last is None:
        return year, year
    if year is not None or first is None or last is None:
        raise QuestionError("Give --year, or both --from and --to.")
    if first > last:
        raise QuestionError(f"The first year, {first}, is after the last, {last}.")
    return first, last


def soft(
    bloc: options.Bloc,
    against: options.Against,
    year: options.Year,
    power: options.Power = "cinc",
    draws: Annotated[int, typer.Option(min=0, help="Matched groups to stand beside.")] = 1000,
    arms: Flows = None,
    supply: Flows = None,
    extend: options.Extend = False,
    as_json: options.Json = False,
) -> None:
    """What does a bloc do short of arms: votes, institutions, loans, trade, energy, bases?"""
    from counterpoise.assessment.question import ask
    from counterpoise.assessment.soft_strands import measure
    from counterpoise.assessment.soft_test import soft_test

    question = ask(bloc, against, year, power, extend=extend)
    found = measure(question, draws, arms=_table(arms), supply=_table(supply))
    tested = soft_test(question)
    if as_json:
        print_json(
            {
                "bloc": question.bloc.name,
                "target": {"ccode": question.target.ccode, "name": question.target.name},
                "year": year,
                "power": power,
                "soft": tested.to_dict() | asdict(found),
                "reason": tested.reason,
                "extended": question.reach.extended,
            }
        )
        return
    from counterpoise.report import terminal_measures

    title = f"{question.bloc.name} and {question.target.name}, {year}: what it does short of arms"
    show(terminal_measures.soft(found, title))
    show(terminal_measures.coordination(tested))


def _table(path: Path | None) -> pl.DataFrame | None:
    """A user's file of flows."""
    from counterpoise.panel.own_tables import read_file

    return None if path is None else read_file(path)


def territory(
    where: Annotated[
        str, typer.Argument(help="An organisation, a list such as RUS,CHN,IRN, or one state.")
    ],
    first: options.First,
    last: options.Last,
    owner: Annotated[str, typer.Option(help="Whose forces.")] = "USA",
    out: options.Picture = None,
    as_json: options.Json = False,
) -> None:
    """Where do a power's forces stand in a bloc's members, and where were they gained and lost?"""
    from counterpoise import states
    from counterpoise.measures import territory as measured
    from counterpoise.measures.rules import STANDARD

    power = states.state(owner, last)
    frame = measured.presence(power.ccode, where, first, last)
    changes = measured.changes(frame, power.ccode)
    title = f"{power.name}: forces in {where}, {first}–{last}"
    if out is not None:
        from counterpoise import figures
        from counterpoise.figures.territory import territory as draw

        figures.save(draw(frame, changes, title, STANDARD.hosting_troops), out)
    why = measured.why_incomplete(power.ccode, first) or measured.why_incomplete(power.ccode, last)
    if as_json:
        print_json(
            {
                "where": where,
                "owner": {"ccode": power.ccode, "name": power.name},
                "hosts": frame.to_dicts(),
                "changes": [asdict(change) for change in changes],
                "coverage": {"hosts": why} if why else {},
            }
        )
    elif out is None:
        from counterpoise.report import terminal_measures

        show(terminal_measures.territory(title, frame, changes))
        if why:
            show(why)
