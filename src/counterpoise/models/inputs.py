"""A user's own files for the models: comma-separated, checked cell by cell, answered as JSON.

Strengths have the columns ``code``, ``actor`` (optional) and ``strength``. Propensities are a
square matrix headed by the codes; a first column that repeats them may be left out, the rows then
come in the header's order. The diagonal is ignored and may be empty. Ties have the columns ``a``,
``b`` and ``sign``, 1 or −1, one row per pair. Further columns are left alone. Errors name the file
and the cells.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from counterpoise import files
from counterpoise.errors import DataError, excerpt, spelled
from counterpoise.models.balance import SignedGraph, balance
from counterpoise.models.landscape import Landscape, LandscapeSolution, solve

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_BYTES = 50_000_000
MOST_ACTORS = 500
LARGEST = 1e50
"""Numbers from here on are refused: nothing is measured so, and products of them overflow."""


@dataclass(frozen=True)
class _Table:
    """A file's rows with their line numbers, the first line apart."""

    path: Path
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def cell(self, line: int, column: str) -> str:
        """How an error names a cell."""
        return f'line {line}, column "{column}"'

    def refuse(self, problems: Sequence[str]) -> None:
        """Raise one error for all problems, if there are any."""
        if problems:
            raise DataError(f"{self.path.name}: {spelled(problems)}.")


def _read(path: Path) -> _Table:
    text = files.text(path, MOST_BYTES, "a table of CSV")
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        cells = [(reader.line_num, tuple(cell.strip() for cell in row)) for row in reader]
    except csv.Error as error:
        raise DataError(f"{path.name}, line {reader.line_num}: not readable ({error}).") from None
    lines = [(line, row) for line, row in cells if any(row)]
    if not lines:
        raise DataError(f"{path.name} is empty.")
    header, rows = lines[0][1], tuple(lines[1:])
    table = _Table(path, header, rows)
    table.refuse(
        [f'the column "{excerpt(name)}" appears twice' for name in _repeated(header) if name]
        + [
            f"line {line} has {len(row)} cells where the first line has {len(header)}"
            for line, row in rows
            if len(row) != len(header)
        ]
    )
    if not rows:
        raise DataError(f"{path.name} has a first line but no rows.")
    return table


def _repeated(names: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
    return [name for name, count in seen.items() if count > 1]


def _number(text: str) -> Decimal | None:
    """The decimal number in a cell; None where it holds none, or no finite one."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if "_" in text:  # Python's own way to group digits; nobody's table means it.
        return None
    return value if value.is_finite() and abs(float(value)) < LARGEST else None


def _columns(table: _Table, *names: str) -> list[int]:
    absent = [name for name in names if name not in table.header]
    if absent:
        raise DataError(
            f"{table.path.name} lacks the column {', '.join(absent)}. It has: "
            f"{excerpt(', '.join(table.header))}. It needs: {', '.join(names)}."
        )
    return [table.header.index(name) for name in names]


def read_strengths(path: Path | str) -> dict[str, float]:
    """Strength of each actor by code, in the file's order.

    Raises
    ------
    DataError : an unreadable file, a code that is missing or repeated, a strength that is not a
        number or is negative, or more than 500 actors; the message names the cells.
    """
    table = _read(Path(path))
    code, strength = _columns(table, "code", "strength")
    codes = [row[code] for _, row in table.rows]
    problems = [f"{table.cell(line, 'code')} is empty" for line, row in table.rows if not row[code]]
    problems += [f'the code "{excerpt(name)}" appears twice' for name in _repeated(codes) if name]
    if len(codes) > MOST_ACTORS:
        problems.insert(0, f"{len(codes):,} actors; up to {MOST_ACTORS:,} are read")
    found: dict[str, float] = {}
    for line, row in table.rows:
        value = _number(row[strength])
        if value is None or value < 0:
            problems.append(
                f'{table.cell(line, "strength")}: "{excerpt(row[strength])}" '
                f"({excerpt(row[code])}) is not a number of 0 or more"
            )
        found[row[code]] = float(value or 0)
    table.refuse(problems)
    return found


def read_landscape(
    strengths: Path | str, propensities: Path | str, *, centre: float = 0.0
) -> Landscape:
    """A landscape from a file of strengths and a file of propensities.

    Parameters
    ----------
    centre : subtracted from every propensity, such as 3 on a scale from 1 to 5.

    Raises
    ------
    DataError : the files are unreadable, the matrix is not square, not symmetric, not made of
        numbers, or has other codes than the strengths; the message names the cells.
    """
    strength = read_strengths(strengths)
    table = _read(Path(propensities))
    if len(table.rows) > MOST_ACTORS:
        table.refuse([f"{len(table.rows):,} rows; up to {MOST_ACTORS:,} are read"])
    table = _labelled(table)
    _check_codes(table, list(strength), Path(strengths).name)
    return Landscape(
        tuple(strength), np.array(list(strength.values())), _matrix(table, list(strength), centre)
    )


def _labelled(table: _Table) -> _Table:
    """The matrix with a first column of codes, which files without one leave to the header."""
    first = [row[0] for _, row in table.rows]
    is_code = any(cell and _number(cell) is None for cell in first)
    if is_code or not table.header[0] or set(first) & set(table.header):
        return table
    if len(first) != len(table.header):
        table.refuse([f"the matrix is not square: {len(first)} rows, {len(table.header)} columns"])
    rows = zip(table.header, table.rows, strict=True)
    return _Table(
        table.path, ("", *table.header), tuple((line, (code, *row)) for code, (line, row) in rows)
    )


def _check_codes(table: _Table, codes: list[str], source: str) -> None:
    across, down = list(table.header[1:]), [row[0] for _, row in table.rows]
    problems = [f'the row "{excerpt(name)}" appears twice' for name in _repeated(down)]
    if len(across) != len(down):
        problems.append(f"the matrix is not square: {len(down)} rows, {len(across)} columns")
    for names, place, other, elsewhere in (
        (across, "column", down, "row"),
        (down, "row", across, "column"),
    ):
        problems += [f'{place} "{excerpt(n)}" has no {elsewhere}' for n in names if n not in other]
        problems += [
            f'{place} "{excerpt(n)}": no such code in {source}'
            for n in names
            if n in other and n not in codes
        ]
    problems += [
        f'no row and column for "{excerpt(c)}" of {source}' for c in codes if c not in down + across
    ]
    table.refuse(problems)


def _matrix(table: _Table, codes: list[str], centre: float) -> np.ndarray[Any, np.dtype[Any]]:
    values: dict[tuple[str, str], Decimal] = {}
    problems = []
    for line, row in table.rows:
        for column, text in zip(table.header[1:], row[1:], strict=True):
            value = _number(text)
            if value is not None:
                values[row[0], column] = value
            elif row[0] != column:
                what = f'"{excerpt(text)}" is not a number' if text else "is empty"
                problems.append(
                    f'row "{excerpt(row[0])}" (line {line}), column "{excerpt(column)}": {what}'
                )
    table.refuse(problems)
    table.refuse(list(_asymmetries(codes, values)))
    # Subtracted as decimals: 2.3 − 3 is −0.7, so that equal propensities stay equal.
    shift = Decimal(repr(float(centre)))
    return np.array(
        [[0.0 if a == b else float(values[a, b] - shift) for b in codes] for a in codes]
    )


def _asymmetries(codes: list[str], values: dict[tuple[str, str], Decimal]) -> Iterator[str]:
    for k, a in enumerate(codes):
        for b in codes[k + 1 :]:
            if values[a, b] != values[b, a]:
                yield (
                    f'not symmetric: row "{excerpt(a)}", column "{excerpt(b)}" is '
                    f'{excerpt(values[a, b])}, but row "{excerpt(b)}", column "{excerpt(a)}" is '
                    f"{excerpt(values[b, a])}"
                )


def read_signed_graph(path: Path | str) -> SignedGraph:
    """A signed graph from a file of ties; nodes in order of first mention.

    Raises
    ------
    DataError : an unreadable file, a name that is missing, a sign other than 1 and −1, a node
        tied to itself, or a pair given twice; the message names the cells.
    """
    table = _read(Path(path))
    first, second, sign = _columns(table, "a", "b", "sign")
    seen: dict[frozenset[str], int] = {}
    problems = []
    for line, row in table.rows:
        a, b = row[first], row[second]
        problems += [
            f"{table.cell(line, n)} is empty" for n, name in (("a", a), ("b", b)) if not name
        ]
        if a and a == b:
            problems.append(f'line {line}: "{excerpt(a)}" is tied to itself')
        elif seen.setdefault(frozenset((a, b)), line) != line:
            problems.append(
                f"line {line}: the pair {excerpt(a)}, {excerpt(b)} is already on line "
                f"{seen[frozenset((a, b))]}"
            )
        if _number(row[sign]) not in (1, -1):
            problems.append(f'{table.cell(line, "sign")}: "{excerpt(row[sign])}" is not 1 or -1')
    table.refuse(problems)
    nodes = list(dict.fromkeys(name for _, row in table.rows for name in (row[first], row[second])))
    place = {name: k for k, name in enumerate(nodes)}
    return SignedGraph(
        tuple(nodes),
        np.array([place[row[first]] for _, row in table.rows]),
        np.array([place[row[second]] for _, row in table.rows]),
        np.array([float(row[sign]) for _, row in table.rows]),
    )


def landscape_answer(
    problem: Landscape, *, blocs: int = 2, seed: int = 0, time_limit: float = 60.0
) -> dict[str, Any]:
    """What ``landscape --json`` prints: actors, minimum, optima with sides and basins, exact.

    Where the configurations could not be enumerated ``exact`` is False, basins are None, and the
    lower bound, the gap and the method are added.
    """
    return landscape_json(solve(problem, blocs=blocs, seed=seed, time_limit=time_limit))


def landscape_json(solution: LandscapeSolution) -> dict[str, Any]:
    """A solution as plain lists and numbers; two blocs always give two lists, one maybe empty."""
    optima = []
    for optimum in solution.optima:
        sides = [list(bloc) for bloc in optimum.blocs(solution.actors)]
        sides += [[]] * (solution.blocs - len(sides) if solution.blocs == 2 else 0)
        optima.append({"energy": optimum.energy, "sides": sides, "basin": optimum.basin})
    answer: dict[str, Any] = {
        "actors": list(solution.actors),
        "minimum": solution.minimum,
        "optima": optima,
        "is_exact": solution.is_exact,
    }
    if not solution.is_exact:
        answer |= {
            "is_proved": solution.is_proved,
            "lower_bound": solution.lower_bound,
            "gap": solution.gap,
            "method": solution.method,
            "seed": solution.seed,
        }
    return answer


def balance_answer(
    graph: SignedGraph, *, time_limit: float = 60.0, seed: int = 0
) -> dict[str, Any]:
    """What ``balance --json`` prints: nodes, edges, line_index, proved, triangles, walks.

    Where the line index is not proved its lower bound is added. ``triangles`` is None without any.
    """
    found = balance(graph, time_limit=time_limit, seed=seed)
    answer: dict[str, Any] = {
        "nodes": found.nodes,
        "edges": found.ties,
        "line_index": found.line_index,
        "is_proved": found.is_proved,
        "triangles": found.triangles,
        "walks": found.walks,
    }
    return answer if found.is_proved else answer | {"lower_bound": found.lower_bound}
