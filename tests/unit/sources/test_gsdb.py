"""Lists of sanctioning and sanctioned states; made-up cases in the shape of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from counterpoise.sources.gsdb import sanctions, split_names

if TYPE_CHECKING:
    from conftest import RawOf

HEAD = (
    "case_id,sanctioned_state,sanctioning_state,begin,end,trade,descr_trade,arms,military,"
    "financial,travel,other,target_mult,sender_mult,objective,success\n"
)
ROWS = [
    "1,Bulgaria,United States,1950,1966,0,,0,0,0,0,1,0,0,destab_regime,failed",
    '2,Israel,"Egypt, Arab Rep., Syria",1961,1970,1,exp_compl,0,0,0,0,0,0,1,end_war,failed',
    '3,"Estonia, Latvia, Lithuania",USSR,1990,1991,1,,0,0,0,0,0,1,0,other,failed',
    '4,Iran,"EU, United States",2012,2022,1,,1,0,1,1,0,0,1,"policy_change,other","ongoing,ongoing"',
    "5,South Vietnam,Germany,2015,2020,0,,0,0,1,0,0,0,0,human_rights,failed",
    "6,South Vietnam,China,1965,1970,0,,0,0,1,0,0,0,0,other,failed",
]
STATES = {"Egypt, Arab Rep.", "Egypt", "Syria", "Gambia, The", "Korea, North", "India", "Pakistan"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Egypt, Arab Rep., Syria", ["Egypt, Arab Rep.", "Syria"]),
        ("India, Pakistan", ["India", "Pakistan"]),
        ("Syria,  Korea, North, Gambia, The", ["Syria", "Korea, North", "Gambia, The"]),
        ("EU, Syria", ["EU", "Syria"]),
        ("Atlantis, Arab Rep.", ["Atlantis", "Arab Rep."]),
    ],
)
def test_commas_inside_names_do_not_part_them(text: str, names: list[str]) -> None:
    assert split_names(text, STATES.__contains__) == names


def test_states_on_either_side_and_the_rest_reported(raw_of: RawOf) -> None:
    text = HEAD + "\n".join(ROWS) + "\n"
    raw = raw_of({"economy/gsdb_v3.csv": text.encode()})
    made = sanctions(raw)
    assert sorted(made["sanction_parties"].rows()) == [
        (1, "sender", 2),
        (1, "target", 355),
        (2, "sender", 651),
        (2, "sender", 652),
        (2, "target", 666),
        (3, "sender", 365),
        (4, "sender", 2),
        (4, "target", 630),
        (5, "sender", 255),
        (5, "target", 816),
        (6, "sender", 710),
        (6, "target", 817),
    ]
    assert raw.unmatched == [
        "EU (2012–2012)",
        "Estonia (1990–1990)",
        "Latvia (1990–1990)",
        "Lithuania (1990–1990)",
    ]
    case = made["sanctions"].row(3, named=True)
    assert (case["start_year"], case["arms"], case["success"]) == (2012, 1, "ongoing,ongoing")
