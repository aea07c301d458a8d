"""The verbs about the record itself: what it holds, panels from it, SQL over it, citations."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterpoise.cli import options
from counterpoise.cli.output import downloads, print_json, show
from counterpoise.files import cache_folder

if TYPE_CHECKING:
    from counterpoise.sources.store import Outcome

app = typer.Typer(
    help="The record: build it, see what it covers, take panels from it.", no_args_is_help=True
)


@app.command(epilog="Example: counterpoise data fetch nmc atop --to downloads/")
def fetch(
    names: Annotated[
        list[str] | None, typer.Argument(help="Keys of sources; all of them by default.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="Folder for the files; the user's cache by default.")
    ] = None,
    mirror: Annotated[
        str | None, typer.Option(help="Address that holds every file under its path.")
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="Open no connection; check what is there.")
    ] = False,
    restricted: Annotated[
        bool, typer.Option("--restricted", help="Also sources that may not be passed on.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="Largest file taken, in megabytes.")] = 1024,
    patience: Annotated[
        float, typer.Option(min=0.1, help="Seconds after which a silent server is given up.")
    ] = 30.0,
    as_json: options.Json = False,
) -> None:
    """Fetch the providers' files from their homes, verified, going on where it stopped."""
    from counterpoise.sources import store

    folder = to or cache_folder() / "sources"
    terms = store.Terms(mirror, offline, limit << 20, patience)
    with downloads() as tell:
        found = store.fetch(names or None, folder, terms, restricted=restricted, tell=tell)
    if as_json:
        print_json({"folder": str(folder), "files": [asdict(one) for one in found]})
    else:
        _say_fetched(found, folder)
    store.require(found)


def _say_fetched(found: list[Outcome], folder: Path) -> None:
    for one in found:
        if one.state != "failed":
            note = f" ({one.note})" if one.note else ""
            sys.stdout.write(f"{one.source:20} {one.state:8} {one.path}{note}\n")
    count = sum(one.state in ("fetched", "present") for one in found)
    sys.stdout.write(
        f"{count} of {len(found)} files are in {folder}. Build the record from them:\n"
    )
    sys.stdout.write(f"  counterpoise data build --sources {folder} --out DIR\n")


@app.command(
    epilog="Example: counterpoise data events events/*.csv --kind gdelt --out months.parquet"
)
def events(
    paths: Annotated[
        list[str], typer.Argument(help="Files, patterns or addresses such as s3://bucket/*.csv.")
    ],
    out: Annotated[Path, options.output("File", ".parquet", ".csv")],
    kind: Annotated[str, typer.Option(help="gdelt or icews.")] = "gdelt",
    storage: Annotated[
        list[str] | None, typer.Option(help="Option of the object store, KEY=VALUE; repeatable.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Reduce event files of any size to counts and scores by dyad and month."""
    from counterpoise import files
    from counterpoise.measures.event_months import event_months

    pairs = [text.partition("=") for text in storage or ()]
    found = event_months(paths, kind, {key: value for key, _, value in pairs})  # type: ignore[arg-type]
    with files.replacing(out) as temporary:
        if out.suffix.lower() == ".csv":
            found.frame.write_csv(temporary)
        else:
            found.frame.write_parquet(temporary)
    if as_json:
        told = {"file": str(out), "rows": found.frame.height, "events": dict(found.read)}
        print_json(told | {"unmatched": found.unmatched.to_dicts()})
        return
    sys.stdout.write(f"{out}: {found.frame.height:,} dyads and months\n")
    for what, count in found.read.items():
        sys.stdout.write(f"  {count:>13,} events {what}\n")
    listed = [f"{a} ({n:,})" for a, n in found.unmatched.select("actor", "events").head(20).rows()]
    if listed:
        sys.stdout.write(f"  no state: {', '.join(listed)}\n")


@app.command(epilog="Example: counterpoise data build --sources downloads/")
def build(
    sources: Annotated[Path, typer.Option(help="Folder of the providers' files.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder to write; the record in use by default.")
    ] = None,
    only: Annotated[str | None, typer.Option(help="Keys of sources, separated by commas.")] = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="Build elsewhere and compare with the record in use.")
    ] = False,
    restricted: Annotated[
        bool, typer.Option("--restricted", help="Also read sources that may not be passed on.")
    ] = False,
) -> None:
    """Rebuild the record from the providers' files."""
    from counterpoise import record
    from counterpoise.sources import build as make

    if compare:
        _compare(sources)
        return
    keys = only.split(",") if only else None
    folder = out or record.folder()
    make.build(sources, folder, keys, tell=_tell, include_restricted=restricted)


def _compare(sources: Path) -> None:
    from counterpoise import record
    from counterpoise.errors import DataError
    from counterpoise.sources import build as make

    differing = make.compare(sources, record.folder(), tell=_tell)
    if differing:
        raise DataError(f"The rebuilt record differs in: {', '.join(differing)}")
    sys.stdout.write("The rebuilt record is the same, byte for byte.\n")


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


@app.command(epilog="Example: counterpoise data status")
def status(
    as_json: options.Json = False,
    blocs: Annotated[bool, typer.Option("--blocs", help="List the blocs that are known.")] = False,
    out: options.Picture = None,
) -> None:
    """Show source, release, years, licence and gaps of every table."""
    from counterpoise.record.status import coverage_by_year
    from counterpoise.record.status import status as tables
    from counterpoise.report import terminal_data

    if out is not None:
        from counterpoise import figures

        figures.save(figures.coverage(coverage_by_year()), out)
        return
    if blocs:
        from counterpoise import blocs as known

        listed = [b._asdict() for b in known.known()]
        if as_json:
            print_json(listed)
        else:
            show(terminal_data.blocs(listed))
        return
    frame = tables()
    if as_json:
        print_json(frame.to_dicts())
    else:
        show(terminal_data.status(frame))


@app.command(
    epilog="Example: counterpoise data export dyad-years --from 1816 --to 2010 --undirected "
    "--add nmc,atop --out dyads.parquet"
)
def export(
    kind: Annotated[
        str, typer.Argument(help="state-years, dyad-years, bloc-years or bloc-member-years.")
    ],
    first: options.First,
    last: options.Last,
    out: Annotated[Path, options.output("File", ".parquet", ".csv", ".dta", ".xlsx", ".arrow")],
    add: Annotated[str, typer.Option(help="Sets of columns, separated by commas.")] = "",
    undirected: Annotated[
        bool, typer.Option("--undirected", help="One row per pair and year instead of two.")
    ] = False,
    system: Annotated[str, typer.Option(help="State system: cow or gw.")] = "cow",
    rule: Annotated[
        str, typer.Option(help="day: both existed on one day; year: in one calendar year.")
    ] = "day",
    blocs: Annotated[str | None, typer.Option(help="Blocs, separated by semicolons.")] = None,
    extend: options.Extend = False,
    as_json: options.Json = False,
) -> None:
    """Write a panel of states, dyads or blocs by year to a file."""
    from counterpoise.panel.export import export as write

    panel = write(
        kind,
        first,
        last,
        out,
        add=[name.strip() for name in add.split(",") if name.strip()],
        system=system,  # type: ignore[arg-type]
        rule=rule,  # type: ignore[arg-type]
        directed=not undirected,
        blocs=[b.strip() for b in blocs.split(";")] if blocs else None,
        extend=extend or None,
    )
    answer = {"file": str(out), "rows": len(panel), "columns": panel.columns}
    if as_json:
        print_json(answer | {"notes": panel.notes(), "sources": panel.sources})
        return
    sys.stdout.write(f"{out}: {len(panel):,} rows, {len(panel.columns)} columns\n")
    for note in panel.notes():
        sys.stdout.write(f"  {note}\n")


@app.command(epilog='Example: counterpoise data sql "select year, cinc from nmc where ccode = 2"')
def sql(
    query: Annotated[str, typer.Argument(help="One SELECT over the tables of the record.")],
    as_json: options.Json = False,
    out: Annotated[Path | None, options.output("Table to write", ".csv")] = None,
) -> None:
    """Run one query over the record, read-only."""
    from counterpoise import files
    from counterpoise.record.sql import sql as run

    frame = run(query)
    if out is not None:
        with files.replacing(out) as temporary:
            frame.write_csv(temporary)
    elif as_json:
        print_json(frame.to_dicts())
    else:
        from counterpoise.report import terminal_data

        show(terminal_data.rows(frame))


@app.command(epilog="Example: counterpoise data cite nmc atop")
def cite(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Keys of data sets; all of them by default.")
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Print BibTeX for the software and for data sets of the record."""
    from counterpoise.panel.citation import cite as bibtex

    text = bibtex(sources or None)
    if as_json:
        print_json({"bibtex": text})
    else:
        sys.stdout.write(text)
