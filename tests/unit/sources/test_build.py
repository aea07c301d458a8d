"""The build, on a source of a dozen rows made up here."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from counterpoise.errors import DataError, LicenceError, UnknownNameError
from counterpoise.record.manifest import FileEntry, read
from counterpoise.record.store import PACKAGED
from counterpoise.sources import build as builder
from counterpoise.sources.raw import Raw, sha256
from counterpoise.sources.snapshot import Snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from counterpoise.record.manifest import Manifest

RACES = "race_id,ccode1,ccode2,start_year,end_year\n" + "".join(
    f"{i},2,{200 + i},{1850 + i},{1900 + i}\n" for i in range(1, 13)
)
TOTALS = "ccode,year,imports_musd,exports_musd\n2,1870,450.5,418\n200,1871,,475\n"


def races(raw: Raw) -> dict[str, pl.DataFrame]:
    raw.report(["Ruritania", "Atlantis"])
    return {"arms_races": raw.csv("races.csv")}


def totals(raw: Raw) -> dict[str, pl.DataFrame]:
    return {"trade_totals": raw.csv("totals.csv")}


class World:
    """Two sources in a folder: an open one and one that may not ship."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.sources, self.patch = folder / "sources", patch
        self.sources.mkdir()
        (self.sources / "races.csv").write_text(RACES)
        (self.sources / "totals.csv").write_text(TOTALS)
        self.declared = {
            "open": self.snapshot("races.csv", {"arms_races": (1816, 1993)}, (1851, 1912)),
            "shut": self.snapshot("totals.csv", {"trade_totals": (1870, 1871)}, embed="no"),
        }
        patch.setattr(builder, "READERS", {"open": races, "shut": totals})
        patch.setattr(builder.snapshot, "load", self.declared.__getitem__)

    def snapshot(
        self,
        name: str,
        tables: dict[str, Any],
        observed: tuple[int, int] | None = None,
        embed: Any = "yes",
    ) -> Snapshot:
        file = FileEntry(path=name, sha256=sha256(self.sources / name), url="https://example.org")
        texts = dict.fromkeys(
            ("title", "release", "licence", "homepage", "citation", "bibtex"), "made up"
        )
        return Snapshot(
            **texts,
            embed=embed,
            tables=tables,
            observed={} if observed is None else dict.fromkeys(tables, observed),
            files=(file,),
        )

    def build(self, to: Path, **options: Any) -> Manifest:
        return builder.build(self.sources, to, **options)


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    return World(tmp_path, monkeypatch)


def test_only_what_may_ship_is_built(world: World, tmp_path: Path) -> None:
    manifest = world.build(tmp_path / "record")
    assert set(manifest.tables) == {"arms_races"}
    entry = manifest.tables["arms_races"]
    assert (entry.first_year, entry.last_year, entry.rows) == (1816, 1993, 12)
    assert sha256(tmp_path / "record" / "arms_races.parquet") == entry.sha256
    assert manifest.unmatched == {"open": ("Atlantis", "Ruritania")}
    assert read(tmp_path / "record" / "manifest.json") == manifest


def test_the_same_bytes_in_give_the_same_bytes_out(world: World, tmp_path: Path) -> None:
    for name in ("one", "two"):
        world.build(tmp_path / name, include_restricted=True)
    names = sorted(p.name for p in (tmp_path / "one").iterdir())
    assert names == ["arms_races.parquet", "manifest.json", "trade_totals.parquet"]
    for name in names:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_table_reads_back_as_it_was(world: World, tmp_path: Path) -> None:
    world.build(tmp_path / "record", include_restricted=True)
    found = pl.read_parquet(tmp_path / "record" / "trade_totals.parquet")
    assert found.rows() == [(2, 1870, 450.5, 418.0), (200, 1871, None, 475.0)]
    assert found.schema["ccode"] == pl.Int32


def test_compare_names_each_file_that_differs(world: World, tmp_path: Path) -> None:
    record = tmp_path / "record"
    world.build(record)
    assert builder.compare(world.sources, record) == []
    (record / "left_over.parquet").write_bytes(b"")
    (record / "arms_races.parquet").write_bytes(b"PAR1")
    assert builder.compare(world.sources, record) == ["arms_races.parquet", "left_over.parquet"]


def test_a_restricted_source_never_enters_the_package(world: World) -> None:
    with pytest.raises(LicenceError, match="may not enter the package"):
        world.build(PACKAGED, include_restricted=True)


def test_naming_a_restricted_source_is_refused_with_a_way_out(world: World, tmp_path: Path) -> None:
    with pytest.raises(LicenceError, match=r"shut .*folder of your own"):
        world.build(tmp_path / "record", only=["shut"])
    manifest = world.build(tmp_path / "record", only=["shut"], include_restricted=True)
    assert manifest.sources["shut"].embed == "no"


def test_restricted_files_that_the_user_lacks_are_passed_over(world: World, tmp_path: Path) -> None:
    (world.sources / "totals.csv").unlink()
    assert set(world.build(tmp_path / "record", include_restricted=True).tables) == {"arms_races"}


def test_rebuilding_one_source_keeps_the_others(world: World, tmp_path: Path) -> None:
    record = tmp_path / "record"
    both = world.build(record, include_restricted=True)
    again = world.build(record, only=["open"])
    assert again == both


def test_a_whole_build_clears_tables_that_are_no_longer_made(world: World, tmp_path: Path) -> None:
    record = tmp_path / "record"
    world.build(record, include_restricted=True)
    world.build(record)
    assert sorted(p.name for p in record.iterdir()) == ["arms_races.parquet", "manifest.json"]


def test_another_release_is_refused(world: World, tmp_path: Path) -> None:
    (world.sources / "races.csv").write_text(RACES + "13,2,200,1950,1951\n")
    with pytest.raises(DataError, match="not the declared release"):
        world.build(tmp_path / "record")


def test_rows_must_span_the_declared_years(world: World, tmp_path: Path) -> None:
    world.declared["open"] = world.snapshot("races.csv", {"arms_races": (1816, 1993)})
    with pytest.raises(DataError, match=r"span \(1851, 1912\), its snapshot declares \(1816, 1993"):
        world.build(tmp_path / "record")


def test_a_source_must_give_the_tables_that_it_declares(world: World, tmp_path: Path) -> None:
    world.declared["open"] = world.snapshot("races.csv", {"wars": (1816, 1993)})
    with pytest.raises(DataError, match=r"gave \['arms_races'\], its snapshot declares \['wars'\]"):
        world.build(tmp_path / "record")


def test_every_fault_of_a_table_is_listed(world: World, tmp_path: Path) -> None:
    (world.sources / "races.csv").write_text(RACES + "12,1,200,1700,\n")
    world.declared["open"] = world.snapshot("races.csv", {"arms_races": (1816, 1993)})
    with pytest.raises(DataError) as raised:
        world.build(tmp_path / "record")
    for fault in ("repeat the key", "ccode1 falls to 1", "start_year falls to 1700", "1 nulls"):
        assert fault in str(raised.value)


def test_unknown_sources_and_folders_are_refused(world: World, tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match=r"\['nmc2'\]. There are: open, shut"):
        world.build(tmp_path / "record", only=["nmc2"])
    shutil.rmtree(world.sources)
    with pytest.raises(DataError, match="is not a folder"):
        world.build(tmp_path / "record")


def test_one_line_is_told_per_source(world: World, tmp_path: Path) -> None:
    lines: list[str] = []
    world.build(tmp_path / "record", tell=lines.append)
    assert lines == ["open: arms_races 12 rows"]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"year": [1816, 1820]}, (1816, 1820)),
        ({"start_year": [1900, 1910], "end_year": [1920, None]}, (1900, 2016)),
        ({"start_year": [1900, 1910]}, (1900, 1910)),
        ({"name": ["a", "b"]}, None),
    ],
    ids=["years", "open spell", "starts alone", "no years"],
)
def test_the_span_of_a_table(columns: dict[str, list[Any]], expected: object) -> None:
    assert builder.span(pl.DataFrame(columns), (1816, 2016)) == expected


def test_the_span_of_dated_spells() -> None:
    frame = pl.DataFrame({"start": ["1816-01-01", "1898-08-13"], "end": ["1918-11-11", None]})
    dated = frame.with_columns(pl.all().str.to_date())
    assert builder.span(dated, (1816, 2016)) == (1816, 2016)
    assert builder.span(dated.drop_nulls(), (1816, 2016)) == (1816, 1918)
