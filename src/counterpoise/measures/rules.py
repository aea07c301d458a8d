"""The cut-offs of the verdict: settings, printed with every result and varied in the multiverse.

They were set on known cases before any extended list was coded; see docs/explanation/verdict.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from counterpoise.measures.hostility import HostilityRule


@dataclass(frozen=True)
class Rules:
    """Every cut-off that a verdict rests on; shares are in [0, 1], windows in years.

    A state hosts the target's forces from ``troops`` of them beyond the ``embassy_troops`` that
    a large embassy holds: Moscow, with no base, has 108 to 178 American troops in 2002–2006.
    """

    bound_share: float = 0.5
    incipient_bound_share: float = 0.25
    anchor_share: float = 0.25
    directedness: float = 0.5
    directedness_rest: float = 1 / 3
    quiet_years: int = 15
    power_ratio: float = 0.5
    allied_share: float = 0.5
    formation_years: int = 5
    troops: int = 100
    embassy_troops: int = 100
    imposed_share: float = 0.75
    opposition: float = 10.0
    rejection: float = 0.75
    accord_reject: float = 0.5
    vision: float = 0.5
    survival_share: float = 1 / 3
    survival: float = 0.25
    hostility: HostilityRule = field(default_factory=HostilityRule)

    @property
    def hosting_troops(self) -> int:
        """Troops from which a state counts as a host."""
        return self.troops + self.embassy_troops


STANDARD = Rules()
"""The cut-offs in use unless others are asked for."""
