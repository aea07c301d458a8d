"""The verbs that answer: assess, track, leader."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from counterpoise.cli import options
from counterpoise.cli.output import print_json, show


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    app.command(epilog="Example: counterpoise assess SCO --against USA --year 2006")(assess)
    app.command(epilog="Example: counterpoise track SCO --against USA --from 1996 --to 2018")(track)
    app.command(epilog="Example: counterpoise leader --year 2006")(leader)


def assess(
    bloc: options.Bloc,
    against: options.Against,
    year: options.Year,
    power: options.Power = "cinc",
    as_json: options.Json = False,
    extend: options.Extend = False,
    pacts: options.Pacts = None,
    case: options.CaseFile = None,
    html: Annotated[Path | None, options.output("Report as one file", ".html")] = None,
    md: Annotated[Path | None, options.output("Report in Markdown", ".md")] = None,
    pdf: Annotated[Path | None, options.output("Report printed by Chromium", ".pdf")] = None,
    workers: options.Workers = None,
    scheduler: options.Scheduler = None,
) -> None:
    """Is a bloc balancing against a target in a year, and was a coalition to be expected?"""
    from counterpoise.assessment.verdict import assess as judge
    from counterpoise.workers import using

    with using(workers, scheduler):
        found = judge(bloc, against, year, power, extend=extend, pacts=pacts, case=case)
        pages = [path for path in (html, md, pdf) if path is not None]
        if pages:
            from counterpoise.report.writing import write_report

            for path in pages:
                write_report(found, path, pacts=pacts, case=case)
        if as_json:
            print_json(found.to_dict())
        if as_json or pages:
            return
        from counterpoise.assessment.references import reference_verdicts
        from counterpoise.report import terminal

        show(terminal.verdict(found, reference_verdicts(power)))


def track(
    bloc: options.Bloc,
    against: options.Against,
    first: options.First,
    last: options.Last,
    power: options.Power = "cinc",
    as_json: options.Json = False,
    extend: options.Extend = False,
    pacts: options.Pacts = None,
    out: Annotated[
        Path | None,
        options.output("File to write", ".csv", ".json", ".parquet", ".png", ".svg", ".html"),
    ] = None,
) -> None:
    """Follow a bloc against a target over the years."""
    from counterpoise.assessment.track import track as follow

    frame = follow(bloc, against, first, last, power, extend=extend, pacts=pacts)
    if out is not None:
        from counterpoise.report.tracks import write_track

        write_track(frame, out, f"{bloc} against {against}")
    if as_json:
        print_json({"bloc": bloc, "against": against, "power": power, "years": frame.to_dicts()})
    elif out is None:
        from counterpoise.report import terminal

        show(terminal.track(frame))


def leader(year: options.Year, as_json: options.Json = False) -> None:
    """Who leads in a year, under every metric of power."""
    from counterpoise.assessment.leaders import leader as lead

    found = lead(year)
    if as_json:
        print_json(found.to_dict())
        return
    from counterpoise.report import terminal

    show(terminal.leaders(found))
