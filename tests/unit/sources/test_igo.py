"""Memberships: what is missing, what was not in being, and names of today and yesterday."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from counterpoise.sources import igo

if TYPE_CHECKING:
    from conftest import RawOf


def test_missing_and_none_are_kept_apart_and_what_was_not_in_being_has_no_row() -> None:
    wide = pl.DataFrame(
        {
            "ccode": [365.0] * 5 + [710.0] * 5,
            "year": [1994.0, 1995.0, 1996.0, 1997.0, 1998.0] * 2,
            "sco": [-1.0, -1.0, 1.0, 1.0, 1.0, -1.0, -1.0, 1.0, -9.0, 0.0],
        }
    )
    assert igo.memberships(wide).rows() == [
        ("sco", 365, 1996, 1998, 1),
        ("sco", 710, 1996, 1996, 1),
        ("sco", 710, 1997, 1997, -9),
        ("sco", 710, 1998, 1998, 0),
    ]


def test_runs_of_informal_members_leave_the_states_own_years_out() -> None:
    yearly = pl.DataFrame(
        {
            "igoID": ["BRICS", "BRICS", "BRICS", "ASEAN"],
            "cowID": ["710", "710", "560", "910"],
            "Year": ["2009", "2010", "2010", "1976"],
            "Begin": ["1925"] * 4,
            "End": ["2010"] * 4,
            "membership": ["1", "1", "1", "3"],
        }
    )
    assert igo.informal_runs(yearly).rows() == [
        ("ASEAN", 910, 1976, 1976, 3),
        ("BRICS", 560, 2010, 2010, 1),
        ("BRICS", 710, 2009, 2010, 1),
    ]


def test_members_of_2017_are_found_by_name_and_strangers_reported(raw_of: RawOf) -> None:
    raw = raw_of({})
    listed = pl.DataFrame(
        {
            "Title": ["Quint", "Quint", "Concert Of Europe", "Shanghai 5 Mechanism", "Quint"],
            "StateName": ["Germany", "Italy", "Austria-Hungary", "Kyrgyzstan", "Ruritania"],
        }
    )
    assert igo.informal_members(raw, listed).rows() == [
        ("Quint", "Germany", 255),
        ("Quint", "Italy", 325),
        ("Concert Of Europe", "Austria-Hungary", 300),
        ("Shanghai 5 Mechanism", "Kyrgyzstan", 703),
    ]
    assert raw.unmatched == ["Ruritania (2017–2017)"]


def test_the_factbook_is_read_by_its_own_codes(raw_of: RawOf) -> None:
    # GEC's ch is China, ym Yemen and sz Switzerland; ISO reads none of them so.
    raw = raw_of({})
    frame = pl.DataFrame(
        [
            ("ch", "China", "SCO", "member"),
            ("ym", "Yemen", "LAS", "member"),
            ("ct", "none", "AU", "member"),
            ("so", "Somalia", "OPCW", "member"),
            ("so", "Somalia", "OPCW", "signatory"),
            ("aa", "Aruba", "Caricom", "observer"),
        ],
        schema=["gec", "country", "io", "status"],
        orient="row",
    )
    assert igo.factbook_members(raw, frame).rows() == [
        (710, "SCO", "member"),
        (679, "LAS", "member"),
        (482, "AU", "member"),
        (520, "OPCW", "member"),
    ]
    assert raw.unmatched == ["Aruba (aa)"]
