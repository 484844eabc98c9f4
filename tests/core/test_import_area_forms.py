"""Areas in the other forms that partners send: zipped shapefiles, KML and KMZ."""

from __future__ import annotations

import io
import random
import zipfile
from typing import Any

import pyproj
import pytest
import shapefile

from cimic_portal.core.geo.errors import ImportRefusedError
from cimic_portal.core.models import Area, AreaBoundary, area_at
from tests.core.test_import_areas import SHARED, collection, province, reasons, taken

pytestmark = pytest.mark.django_db

WGS84 = pyproj.CRS.from_epsg(4326).to_wkt("WKT1_ESRI")
UTM = pyproj.CRS.from_epsg(32634)
SQUARE = [(20.0, 4.0), (20.0, 5.0), (21.0, 5.0), (21.0, 4.0), (20.0, 4.0)]
NAME = "Mbaéré"


def shapefile_of(
    *rows: tuple[str, list[Any]], encoding: str = "latin-1", prj: str = WGS84
) -> dict[str, bytes]:
    """The parts of a shapefile with names as the Common Operational Datasets cut them."""
    parts = {ending: io.BytesIO() for ending in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts, shapeType=shapefile.POLYGON, encoding=encoding) as writer:
        for name in ("admin0Name", "admin0Pcod", "admin1Name", "admin1Pcod"):
            writer.field(name, "C", size=50)
        for pcode, ring in rows:
            writer.poly([ring])
            writer.record("Carana", "XC", NAME, pcode)
    return {f"areas.{ending}": made.getvalue() for ending, made in parts.items()} | {
        "areas.prj": prj.encode()
    }


def packed(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return made.getvalue()


def kml(*placemarks: str, head: str = "") -> bytes:
    space = 'xmlns="http://www.opengis.net/kml/2.2"'
    return (
        f'<?xml version="1.0"?>{head}<kml {space}><Document>{"".join(placemarks)}</Document></kml>'.encode()
    )


def placemark(pcode: str = "XC01", ring: str = "20,4 21,4 21,5 20,5 20,4", more: str = "") -> str:
    data = {"name": NAME, "pcode": pcode, "country": "Carana", "country_pcode": "XC"}
    told = "".join(f'<Data name="{name}"><value>{value}</value></Data>' for name, value in data.items())
    drawn = "<outerBoundaryIs><LinearRing><coordinates>{}</coordinates></LinearRing></outerBoundaryIs>"
    return (
        f"<Placemark><ExtendedData>{told}</ExtendedData>"
        f"<Polygon>{drawn.format(ring)}</Polygon>{more}</Placemark>"
    )


class TestShapefile:
    def test_its_areas_are_taken_once(self) -> None:
        data = packed(shapefile_of(("XC01", SQUARE)))
        assert taken(data).created == 2
        assert Area.objects.get(pcode="XC01").name == NAME
        assert area_at(4.5, 20.5) == Area.objects.get(pcode="XC01")
        again = taken(data)
        assert (again.created, again.changed) == (0, 0)

    def test_it_says_the_same_as_geojson(self) -> None:
        taken(packed(shapefile_of(("XC01", SQUARE))))
        square = {"type": "Polygon", "coordinates": [[list(point) for point in SQUARE]]}
        again = taken(collection(province(geometry=square, name=NAME)))
        assert (again.created, again.changed, again.boundaries) == (0, 0, 0)

    @pytest.mark.parametrize("stated", [True, False])
    def test_its_table_may_be_in_any_encoding_that_it_states(self, stated: bool) -> None:
        parts = shapefile_of(("XC01", SQUARE), encoding="cp1252" if stated else "utf-8")
        taken(packed(parts | ({"areas.cpg": b"1252"} if stated else {})))
        assert Area.objects.get(pcode="XC01").name == NAME

    def test_metres_become_degrees(self) -> None:
        to_metres = pyproj.Transformer.from_crs(4326, UTM, always_xy=True)
        ring = [to_metres.transform(*point) for point in SQUARE]
        taken(packed(shapefile_of(("XC01", ring), prj=UTM.to_wkt("WKT1_ESRI"))))
        corner = AreaBoundary.objects.get(area__pcode="XC01").geometry["coordinates"][0][0]
        assert corner == pytest.approx(SQUARE[0], abs=1e-6)

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"areas.prj": b"nonsense"}, "names no projection that is known"),
            ({"areas.prj": b'LOCAL_CS["here"]'}, "names no projection that is known"),
            ({"areas.prj": None}, "no .prj beside it"),
            ({"areas.dbf": None}, "no attribute table"),
            ({"areas.dbf": b"\x03" * 40}, "damaged or no shapefile"),
            ({"areas.shp": b"\x00" * 120}, "damaged or no shapefile"),
            ({"more.kml": b"", "areas.shp": None}, "The file is empty"),
            ({"other/b.shp": b"x"}, "several files: areas.shp, other/b.shp"),
            ({"areas.shp": None}, "holds no shapefile"),
            ({"../areas.cpg": b"x"}, "outside the archive"),
            ({"/etc/areas.cpg": b"x"}, "outside the archive"),
            ({"bomb.csv": b"0" * 50_000_000}, "hundredfold"),
        ],
    )
    def test_what_is_odd_refuses_the_whole(self, change: dict[str, bytes | None], reason: str) -> None:
        parts: dict[str, bytes | None] = {**shapefile_of(("XC01", SQUARE)), **change}
        found = reasons(packed({path: content for path, content in parts.items() if content is not None}))
        assert len(found) == 1
        assert reason in found[0]

    def test_bad_rows_are_named(self) -> None:
        crossed = [(20.0, 4.0), (21.0, 5.0), (21.0, 4.0), (20.0, 5.0), (20.0, 4.0)]
        found = reasons(packed(shapefile_of(("XC01", SQUARE), ("", SQUARE), ("XC03", crossed))))
        assert [line.partition(":")[0] for line in found] == ["feature 2", "feature 3 (XC03)"]
        assert "The P-code is missing" in found[0]

    def test_shapes_without_lines_in_the_table_are_refused(self) -> None:
        one, two = shapefile_of(("XC01", SQUARE)), shapefile_of(("XC01", SQUARE), ("XC02", SQUARE))
        assert "2 shapes and 1 lines" in reasons(packed(two | {"areas.dbf": one["areas.dbf"]}))[0]

    def test_no_damage_breaks_the_reader(self) -> None:
        whole = shapefile_of(("XC01", SQUARE), ("XC02", [(x + 1, y) for x, y in SQUARE]))
        chance = random.Random(5)
        for _turn in range(150):
            path = chance.choice(["areas.shp", "areas.dbf", "areas.shx", "areas.prj"])
            damaged = bytearray(whole[path])
            for _byte in range(chance.randint(1, 6)):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            try:
                taken(packed(whole | {path: bytes(damaged)}), dry_run=True)
            except ImportRefusedError as refusal:
                assert refusal.lines(3)


class TestKml:
    @pytest.mark.parametrize("pack", [False, True], ids=["kml", "kmz"])
    def test_its_areas_are_taken_once(self, pack: bool) -> None:
        data = kml(placemark(), placemark("XC02", "22,4,0 23,4,0 23,5,0 22,5,0 22,4,0"))
        data = packed({"doc.kml": data}) if pack else data
        assert taken(data).created == 3
        assert area_at(4.5, 22.5) == Area.objects.get(pcode="XC02")
        assert taken(data).changed == 0

    def test_schema_data_and_parts_with_holes(self) -> None:
        def ring(kind: str, text: str) -> str:
            return f"<{kind}><LinearRing><coordinates>{text}</coordinates></LinearRing></{kind}>"

        polygons = (
            f"<Polygon>{ring('outerBoundaryIs', '0,0 9,0 9,9 0,9 0,0')}"
            f"{ring('innerBoundaryIs', '3,3 3,6 6,6 6,3 3,3')}</Polygon>"
            f"<Polygon>{ring('outerBoundaryIs', '20,0 21,0 21,1 20,0')}</Polygon>"
        )
        data = {"ADM1_PCODE": "XC01", "ADM0_PCODE": "XC", "ADM0_EN": "Carana"}
        told = "".join(f'<SimpleData name="{name}">{value}</SimpleData>' for name, value in data.items())
        taken(
            kml(
                f"<Placemark><name>Lorani</name><ExtendedData><SchemaData>{told}"
                '<SimpleData name="ADM1_EN">Lorani</SimpleData></SchemaData></ExtendedData>'
                f"<MultiGeometry>{polygons}</MultiGeometry></Placemark>"
            )
        )
        assert area_at(1, 1) == Area.objects.get(pcode="XC01")
        assert area_at(4, 4) is None
        assert area_at(0.1, 20.5) == Area.objects.get(pcode="XC01")

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"<kml", "no XML that can be read"),
            (b"<html></html>", "XML but not KML"),
            (kml(placemark(), head='<!DOCTYPE kml [<!ENTITY a "b">]>'), "document type or entities"),
            (b"<kml>" + b"<a>" * 99 + b"</a>" * 99 + b"</kml>", "nested too deeply"),
            (kml(), "The file holds no areas."),
            (kml(placemark(ring="20,4 x,4 21,5 20,4")), "not pairs of numbers"),
            (kml(placemark(ring="20,nan 21,4 21,5 20,nan")), "feature 1 (XC01)"),
            (kml(placemark(ring="20,4 21,4")), "feature 1 (XC01)"),
            (kml(placemark(pcode="")), "feature 1: The P-code is missing."),
        ],
    )
    def test_what_is_odd_refuses_the_whole(self, data: bytes, reason: str) -> None:
        found = reasons(data)
        assert len(found) == 1
        assert reason in found[0]


@pytest.mark.skipif(
    not (SHARED / "caf_admin1_cod_ab.zip").exists(),
    reason="published files are not at hand (shared/data beside the checkout, or PORTAL_SHARED_DATA)",
)
def test_the_published_shapefile_is_the_published_geojson() -> None:
    assert taken(SHARED / "caf_admin1_cod_ab.zip").created == 18
    assert Area.objects.filter(pcode__startswith="CF", name="Ouham Pendé").exists()
    again = taken(SHARED / "caf_admin1.geojson")
    assert (again.created, again.changed) == (0, 0)
