"""A user's files: what is read, and how errors name the cells."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from counterpoise.errors import CounterpoiseError, DataError
from counterpoise.models import landscape_exact
from counterpoise.models.inputs import (
    balance_answer,
    landscape_answer,
    read_landscape,
    read_signed_graph,
    read_strengths,
)

STRENGTHS = "code,actor,strength\nA,Alpha,2\nB,Beta,1.5\nC,Gamma,1\n"
PROPENSITIES = ",A,B,C\nA,,5,1\nB,5,,2\nC,1,2,\n"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def files(folder: Path, strengths: str = STRENGTHS, propensities: str = PROPENSITIES) -> list[Path]:
    return [write(folder, "s.csv", strengths), write(folder, "p.csv", propensities)]


def test_answer_of_a_landscape(tmp_path: Path) -> None:
    answer = landscape_answer(read_landscape(*files(tmp_path), centre=3))
    # A and B attract (2 × 1.5 × 2 = 6); A–C (2 × 1 × −2 = −4) and B–C (1.5 × −1) repel.
    assert answer == {
        "actors": ["A", "B", "C"],
        "minimum": 2 * (-4 - 1.5),
        "optima": [{"energy": -11.0, "sides": [["A", "B"], ["C"]], "basin": 4}],
        "is_exact": True,
    }
    assert json.loads(json.dumps(answer)) == answer


def test_all_friends_leave_the_other_side_empty(tmp_path: Path) -> None:
    answer = landscape_answer(read_landscape(*files(tmp_path)))
    assert answer["optima"] == [{"energy": 0.0, "sides": [["A", "B", "C"], []], "basin": 4}]


def test_beyond_enumeration_the_answer_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = landscape_answer(read_landscape(*files(tmp_path), centre=3))
    monkeypatch.setattr(landscape_exact, "MOST_ACTORS", 2)
    monkeypatch.setattr(landscape_exact, "MOST_PARTITIONS", 2)
    answer = landscape_answer(read_landscape(*files(tmp_path), centre=3))
    assert answer["is_exact"] is False
    assert answer["is_proved"] is True
    assert answer["gap"] == 0
    assert answer["lower_bound"] == answer["minimum"] == exact["minimum"]
    assert answer["optima"][0]["sides"] == exact["optima"][0]["sides"]
    assert answer["optima"][0]["basin"] is None


def test_the_matrix_is_put_in_the_order_of_the_strengths(tmp_path: Path) -> None:
    plain = read_landscape(*files(tmp_path), centre=3)
    shuffled = ",C,A,B\nB,2,5,\nC,,1,2\nA,1,0,5\n"
    other = read_landscape(*files(tmp_path, propensities=shuffled), centre=3)
    assert other.actors == plain.actors
    assert (other.propensities == plain.propensities).all()


def test_a_matrix_may_leave_the_codes_of_its_rows_to_its_header(tmp_path: Path) -> None:
    labelled = read_landscape(*files(tmp_path, propensities=",B,A,C\nB,,5,2\nA,5,,1\nC,2,1,\n"))
    bare = read_landscape(*files(tmp_path, propensities="B,A,C\n0,5,2\n5,0,1\n2,1,0\n"))
    assert (bare.propensities == labelled.propensities).all()
    with pytest.raises(DataError, match="not square: 2 rows, 3 columns"):
        read_landscape(*files(tmp_path, propensities="A,B,C\n0,5,2\n5,0,1\n"))


def test_the_centre_is_taken_off_as_a_decimal(tmp_path: Path) -> None:
    tenths = ",A,B,C\nA,,2.3,3.7\nB,2.3,,3\nC,3.7,3,\n"
    found = read_landscape(*files(tmp_path, propensities=tenths), centre=3)
    assert found.propensities[0].tolist() == [0, -0.7, 0.7]


def test_spreadsheets_are_read(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_bytes('\ufeffcode,strength,note\r\n"A","1e1","x, y"\r\n\r\nÖst,0.5,\r\n'.encode())
    assert read_strengths(path) == {"A": 10.0, "Öst": 0.5}


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("", ["s.csv is empty"]),
        ("code,strength\n", ["no rows"]),
        ("code,power\nA,1\n", ["lacks the column strength", "It has: code, power"]),
        ("code,strength\nA,1\nA,2\n", ['the code "A" appears twice']),
        ("code,strength\n,1\n", ['line 2, column "code" is empty']),
        ("code,strength\nA,1\nB,x\n", ['line 3, column "strength": "x" (B)']),
        ("code,strength\nA,-1\n", ['"-1" (A) is not a number of 0 or more']),
        ("code,strength\nA,nan\n", ['"nan"']),
        ("code,strength\nA,inf\n", ['"inf"']),
        ("code,strength\nA,1e400\n", ['"1e400"']),
        ("code,strength\nA,\n", ['"" (A)']),
        ("code,strength\nA,1,2\n", ["line 2 has 3 cells where the first line has 2"]),
        ("code,code,strength\nA,A,1\n", ['column "code" appears twice']),
        ("code,strength\n" + "".join(f"c{k},1\n" for k in range(501)), ["501 actors; up to 500"]),
        ("code,strength\n" + "".join(f"c{k},x\n" for k in range(9)), ["line 6", "and 4 more"]),
    ],
)
def test_strengths_that_do_not_fit(tmp_path: Path, text: str, messages: list[str]) -> None:
    with pytest.raises(DataError) as raised:
        read_strengths(write(tmp_path, "s.csv", text))
    assert all(message in str(raised.value) for message in messages), str(raised.value)
    assert "s.csv" in str(raised.value)


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (",A,B,C\nA,,5,1\nB,5,,2\n", ["not square: 2 rows, 3 columns", 'column "C" has no row']),
        (",A,B\nA,,5\nB,5,\nC,1,2\n", ["not square: 3 rows, 2 columns", 'row "C" has no column']),
        (",A,B\nA,,5\nB,5,\n", ['no row and column for "C" of s.csv']),
        (",A,B,X\nA,,5,1\nB,5,,2\nX,1,2,\n", ['"X": no such code in s.csv', 'for "C"']),
        (
            ",A,B,C\nA,,5,1\nB,4,,2\nC,1,2,\n",
            ['row "A", column "B" is 5', 'row "B", column "A" is 4'],
        ),
        (",A,B,C\nA,,5,1\nB,5,,\nC,1,2,\n", ['row "B" (line 3), column "C": is empty']),
        (",A,B,C\nA,,5,1\nB,5,,?\nC,1,?,\n", ['row "B" (line 3), column "C": "?"', 'row "C" (l']),
        (",A,B,B\nA,,5,1\nB,5,,2\nB,1,2,\n", ['column "B" appears twice']),
        (",A,B,C\nA,,5,1\nB,5,,2\nB,5,,2\nC,1,2,\n", ['row "B" appears twice']),
        (",A,B,C\nA,,5\nB,5,,2\nC,1,2,\n", ["line 2 has 3 cells"]),
    ],
)
def test_propensities_that_do_not_fit(tmp_path: Path, text: str, messages: list[str]) -> None:
    with pytest.raises(DataError) as raised:
        read_landscape(*files(tmp_path, propensities=text))
    assert all(message in str(raised.value) for message in messages), str(raised.value)
    assert "p.csv" in str(raised.value)


def test_answer_of_a_signed_graph(tmp_path: Path) -> None:
    text = "a,b,sign\nA,B,1\nB,C,1\nC,A,-1\nC,D,+1\n"
    answer = balance_answer(read_signed_graph(write(tmp_path, "e.csv", text)))
    assert answer.pop("walks") == pytest.approx(0.6, abs=0.2)
    assert answer == {"nodes": 4, "edges": 4, "line_index": 1, "is_proved": True, "triangles": 0.0}


def test_graphs_without_triangles_have_no_share_of_them(tmp_path: Path) -> None:
    answer = balance_answer(read_signed_graph(write(tmp_path, "e.csv", "a,b,sign\nA,B,-1\n")))
    assert answer["triangles"] is None
    assert answer["walks"] == pytest.approx(1)


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("a,b,sign\nA,B,2\n", ['line 2, column "sign": "2" is not 1 or -1']),
        ("a,b,sign\nA,B,0\n", ['"0" is not 1 or -1']),
        ("a,b,sign\nA,B,_1\n", ['"_1" is not 1 or -1']),
        ("a,b,sign\nA,B,\n", ['"" is not 1 or -1']),
        ("a,b,sign\nA,A,1\n", ['line 2: "A" is tied to itself']),
        ("a,b,sign\nA,B,1\nB,A,-1\n", ["line 3: the pair B, A is already on line 2"]),
        ("a,b,sign\nA,,1\n", ['line 2, column "b" is empty']),
        ("from,to,sign\nA,B,1\n", ["lacks the column a, b"]),
        ("a,b,sign\n", ["no rows"]),
    ],
)
def test_ties_that_do_not_fit(tmp_path: Path, text: str, messages: list[str]) -> None:
    with pytest.raises(DataError) as raised:
        read_signed_graph(write(tmp_path, "e.csv", text))
    assert all(message in str(raised.value) for message in messages), str(raised.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(CounterpoiseError, match=r"Cannot read .*absent"):
        read_signed_graph(tmp_path / "absent.csv")
    with pytest.raises(CounterpoiseError, match="Cannot read"):
        read_signed_graph(tmp_path)
    path = tmp_path / "latin.csv"
    path.write_bytes("a,b,sign\nÖ,B,1\n".encode("latin-1"))
    with pytest.raises(DataError, match="not UTF-8"):
        read_signed_graph(path)
    path.write_bytes(b'a,b,sign\n"A' + b"x" * 200_000 + b'",B,1\n')
    with pytest.raises(DataError, match="line 2: not readable"):
        read_signed_graph(path)
