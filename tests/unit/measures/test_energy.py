"""Who exports oil and gas, who imports, and who would gain from a producers' club."""

from __future__ import annotations

import polars as pl
import pytest

from counterpoise import blocs, record
from counterpoise.measures import power
from counterpoise.measures.energy import FUELS, balance, covered, net_exports

RUSSIA, CHINA, KAZAKHSTAN, UZBEKISTAN, KYRGYZSTAN, TAJIKISTAN = 365, 710, 705, 704, 703, 702
SCO = blocs.bloc("SCO", 2006).members


def sco(fuel: str = "oil"):
    return balance(SCO, 2, 2006, fuel, power.shares("cinc", 2006))


def test_a_producers_club_would_divide_the_sco() -> None:
    """The article's point: dear oil serves Russia and costs China, the two that matter."""
    found = sco()
    assert found.exporters == (RUSSIA, KAZAKHSTAN)
    assert found.importers == (CHINA,)
    assert found.divided is True
    assert found.importers_share > 0.75 > 0.25 > found.exporters_share
    assert found.target_side == "importer"


def test_shares_are_of_the_blocs_power() -> None:
    found, weight = sco(), power.shares("cinc", 2006)
    total = sum(weight[m] for m in SCO)
    assert found.importers_share == pytest.approx(weight[CHINA] / total)
    balanced = weight[UZBEKISTAN] / total
    parts = (found.exporters_share, found.importers_share, found.unknown_share, balanced)
    assert sum(parts) == pytest.approx(1)


def test_net_is_production_less_consumption() -> None:
    row = (
        record.table("energy")
        .filter((pl.col("ccode") == RUSSIA) & (pl.col("year") == 2006))
        .row(0, named=True)
    )
    oil = next(m for m in sco().members if m.ccode == RUSSIA)
    assert oil.net == row["oil_production_mt"] - row["oil_consumption_mt"]


def test_what_is_not_listed_is_unknown_and_not_zero() -> None:
    found = sco()
    assert found.unknown == (TAJIKISTAN, KYRGYZSTAN)
    assert all(m.net is None and m.side is None for m in found.members if m.ccode in found.unknown)


def test_nearly_equal_is_balanced() -> None:
    """Uzbekistan produced 5.45 and consumed 5.40 million tons."""
    assert sco().balanced == (UZBEKISTAN,)
    assert sco("gas").balanced == (CHINA,)
    assert sco("gas").divided is False


def test_large_consumers_without_listed_production_are_importers_of_unknown_size() -> None:
    found = balance(blocs.bloc("EU", 2003).members, 2, 2003, "oil", power.shares("cinc", 2003))
    inferred = {m.ccode for m in found.members if m.is_inferred}
    assert {220, 255} <= inferred
    assert all(m.net is None and m.side == "importer" for m in found.members if m.is_inferred)
    assert found.importers_share > 0.7
    assert found.divided is False


def test_opec_is_a_club_of_exporters() -> None:
    found = balance(blocs.bloc("OPEC", 1973).members, 2, 1973, "oil", power.shares("cinc", 1973))
    assert found.importers == ()
    assert found.world_export_share > 0.8


def test_shares_of_the_world_add_up() -> None:
    exporters = net_exports("oil").filter((pl.col("year") == 2006) & (pl.col("side") == "exporter"))
    every = balance(tuple(exporters["ccode"]), 2, 2006, "oil")
    assert every.world_export_share == pytest.approx(1)
    assert every.exporters_share is None
    assert every.divided is None


def test_years_without_figures_are_unknown() -> None:
    assert covered("oil") == (1965, 2024)
    assert covered("gas") == (1970, 2020)
    assert balance(SCO, 2, 2021, "gas") is None
    assert balance(SCO, 2, 1964, "oil") is None
    assert set(FUELS) == {"oil", "gas"}
