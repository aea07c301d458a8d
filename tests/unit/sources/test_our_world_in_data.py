"""Nuclear status: names of today carried back to 1938."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterpoise.sources.our_world_in_data import nuclear_status

if TYPE_CHECKING:
    from conftest import RawOf

HEAD = (
    "Entity,Year,nuclear_weapons_status,nuclear_weapons_consideration,"
    "nuclear_weapons_pursuit,nuclear_weapons_possession\n"
)
ROWS = [
    ("Russia", 1949, 3),
    ("Russia", 2006, 3),
    ("Germany", 1939, 1),
    ("Germany", 1950, 0),
    ("Germany", 1958, 1),
    ("Germany", 2000, 0),
    ("Ukraine", 1960, 0),
    ("Ukraine", 1992, 0),
    ("Serbia", 1953, 2),
    ("Vietnam", 1960, 0),
    ("Republic of Vietnam", 1960, 0),
    ("Tibet", 1945, 0),
]


def test_each_name_means_the_state_of_its_year(raw_of: RawOf) -> None:
    text = HEAD + "".join(f"{n},{y},{s},0,0,0\n" for n, y, s in ROWS)
    raw = raw_of({"military/nuclear_status.csv": text.encode()})
    assert nuclear_status(raw)["nuclear_status"].rows() == [
        (365, 1949, 3),
        (365, 2006, 3),
        (255, 1939, 1),
        (260, 1958, 1),
        (255, 2000, 0),
        (369, 1992, 0),
        (345, 1953, 2),
        (816, 1960, 0),
        (817, 1960, 0),
    ]
    assert raw.unmatched == ["Germany (1950–1950)", "Tibet (1945–1945)", "Ukraine (1960–1960)"]
