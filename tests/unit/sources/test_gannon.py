"""Classes of equipment as column names."""

from __future__ import annotations

import pytest

from counterpoise.sources.gannon import column_name


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("aircraft_fighter", "aircraft_fighter"),
        ("radars_ISR/battlefield surveil", "radars_isr_battlefield_surveil"),
        ("land/sea defence_air to surface ordnance", "land_sea_defence_air_to_surface_ordnance"),
        ("unmanned aerial vehicles_recon-surveil", "unmanned_aerial_vehicles_recon_surveil"),
    ],
)
def test_labels_become_names(label: str, name: str) -> None:
    assert column_name(label) == name
