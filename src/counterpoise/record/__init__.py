"""The built historical record: Parquet tables, their manifest, and what each covers.

Tables are written by ``counterpoise data build`` alone and read here. ``coded`` tables are our
own hand-coded facts, each row with its source.
"""

from counterpoise.record.manifest import (
    Manifest,
    SourceEntry,
    TableEntry,
    coverage,
    coverage_reason,
    manifest,
    require_year,
)
from counterpoise.record.store import coded, folder, scan, table

__all__ = [
    "Manifest",
    "SourceEntry",
    "TableEntry",
    "coded",
    "coverage",
    "coverage_reason",
    "folder",
    "manifest",
    "require_year",
    "scan",
    "table",
]
