"""Importing areas: two published forms, one tree, all or nothing."""

import io
import json
import os
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command

from cimic_portal.core.errors import RefusedError
from cimic_portal.core.geo import parse_position
from cimic_portal.core.geo.boundary import shape_of
from cimic_portal.core.geo.errors import ImportRefusedError
from cimic_portal.core.models import Area, AreaBoundary, Person, Place, area_at
from cimic_portal.core.services.area import ImportResult, import_areas

pytestmark = pytest.mark.django_db

FILES = Path(__file__).parent / "files"
TABLE, LEVEL_1, LEVEL_2 = (
    FILES / name for name in ("carana_pcodes.csv", "carana_admin1.geojson", "carana_adm2.geojson")
)
SHARED = Path(os.environ.get("PORTAL_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
HXL = "#country+code,#geo+admin_level,#adm+code,#adm+name,#adm+code+parent\n"


def taken(data: str | bytes | Path, **options: Any) -> ImportResult:
    if isinstance(data, str):
        data = data.encode()
    file = io.BytesIO(data) if isinstance(data, bytes) else data
    return import_areas(file, **{"source": "made up", **options})


def collection(*features: tuple[dict[str, Any], Any], **members: Any) -> str:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [{"type": "Feature", "properties": p, "geometry": g} for p, g in features],
            **members,
        }
    )


def province(pcode: str = "XC01", geometry: Any = SQUARE, **properties: Any) -> tuple[dict[str, Any], Any]:
    return {
        "name": "Lorani",
        "pcode": pcode,
        "country": "Carana",
        "country_pcode": "XC",
        **properties,
    }, geometry


def polygon(*points: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(point) for point in points]]}


def reasons(data: str | bytes | Path) -> list[str]:
    """What the file is refused for; proves that nothing of it was kept."""
    before = tree()
    with pytest.raises(ImportRefusedError) as refusal:
        taken(data)
    assert tree() == before
    return [str(row) for row in refusal.value.rows]


def tree() -> list[tuple[Any, ...]]:
    """Everything that is the same whichever file came first."""
    rows = Area.objects.order_by("pcode").values_list(
        "pcode",
        "name",
        "level",
        "parent__pcode",
        "country",
        "valid_from",
        "boundary__digest",
        "boundary__outline",
    )
    return [tuple(json.dumps(v) if isinstance(v, dict) else v for v in row) for row in rows]


def trail() -> dict[str, Any]:
    """Every event row, and every time of change."""
    return {
        label: list(apps.get_model("core", label).objects.order_by("pk").values_list(*fields))
        for label, fields in {
            "AreaEvent": ["pgh_id"],
            "AreaBoundaryEvent": ["pgh_id"],
            "PlaceEvent": ["pgh_id"],
            "Area": ["pk", "updated_at"],
            "AreaBoundary": ["pk", "updated_at"],
            "Place": ["pk", "updated_at"],
        }.items()
    }


def test_table_makes_the_tree_under_its_country() -> None:
    result = taken(TABLE, source="HDX")
    assert (result.created, result.changed, result.unchanged) == (6, 0, 0)
    assert [row[:6] for row in tree()] == [
        ("XC", "XC", 0, None, "XC", None),
        ("XC01", "Lorani", 1, "XC", "XC", date(2020, 1, 1)),
        ("XC0101", "Dessa", 2, "XC01", "XC", date(2020, 1, 1)),
        ("XC0102", "Oum Pende", 2, "XC01", "XC", date(2020, 1, 1)),
        ("XC02", "Kobara", 1, "XC", "XC", date(2020, 1, 1)),
        ("XC0201", "Tabo, Haut", 2, "XC02", "XC", date(2020, 1, 1)),
    ]
    assert set(Area.objects.values_list("source", flat=True)) == {"HDX"}


def test_boundaries_are_kept_exact_and_drawn_simply() -> None:
    result = taken(LEVEL_1, source="OCHA")
    assert (result.created, result.boundaries) == (3, 2)
    published = json.loads(LEVEL_1.read_text())["features"]
    for feature in published:
        kept = AreaBoundary.objects.get(area__pcode=feature["properties"]["pcode"])
        assert kept.geometry == feature["geometry"]
        assert kept.source == "OCHA"
        assert shape_of(kept.outline).area == pytest.approx(shape_of(feature["geometry"]).area, rel=0.02)
    assert (kept.west, kept.south, kept.east, kept.north) == (5, 0, 10, 5)


def test_every_order_of_the_files_makes_the_same_tree() -> None:
    # The two level 2 sources state different days, so the day of the later one stands; all else is the same.
    trees = []
    for order in permutations([TABLE, LEVEL_1, LEVEL_2]):
        AreaBoundary.objects.all().delete()
        for level in (2, 1, 0):
            Area.objects.filter(level=level).delete()
        for file in order:
            if file == LEVEL_2 and not Area.objects.filter(level=1).exists():
                assert "neither in the file nor in the portal" in reasons(file)[0]
                break
            taken(file)
        else:
            trees.append([(row[:5], row[6:]) for row in tree()])
    assert len(trees) == 4
    assert all(one == trees[0] for one in trees)
    names = {row[0][0]: row[0][1] for row in trees[0]}
    assert names["XC"] == "Carana"
    assert names["XC0102"] == "Oum Pendé"


@pytest.mark.parametrize("file", [TABLE, LEVEL_1, LEVEL_2], ids=lambda path: path.name)
def test_importing_twice_changes_nothing(file: Path) -> None:
    taken(TABLE)
    taken(LEVEL_1)
    taken(LEVEL_2)
    taken(TABLE)
    Place.objects.create(name="Dessa market", latitude="1", longitude="1")
    taken(file, source="first")
    before = trail()
    result = taken(file, source="another name of the same file")
    assert (result.created, result.changed, result.boundaries, result.places) == (0, 0, 0, 0)
    assert result.unchanged > 0
    assert trail() == before


def test_a_change_is_counted_stamped_and_in_the_trail() -> None:
    taken(HXL + "XC,1,XC01,Lorani,XC\nXC,1,XC02,Kobara,XC\n", source="first")
    result = taken(HXL + "XC,1,XC01,Greater Lorani,XC\nXC,1,XC02,Kobara,XC\n", source="second")
    assert (result.created, result.changed, result.unchanged) == (0, 1, 1)
    area = Area.objects.get(pcode="XC01")
    assert (area.name, area.source) == ("Greater Lorani", "second")
    assert Area.objects.get(pcode="XC02").source == "first"
    event = apps.get_model("core", "AreaEvent").objects.filter(pgh_obj=area).latest("pgh_id")
    assert (event.pgh_label, event.pgh_context["verb"], event.pgh_context["reason"]) == (
        "update",
        "area.import",
        "second",
    )


def test_what_a_file_does_not_state_stays() -> None:
    taken(TABLE)
    taken(collection(province(name="Greater Lorani")))
    area = Area.objects.get(pcode="XC01")
    assert (area.name, area.level, area.valid_from) == ("Greater Lorani", 1, date(2020, 1, 1))
    taken(TABLE)
    assert AreaBoundary.objects.get(area=area).geometry == SQUARE


@pytest.mark.parametrize("text", [HXL + "XC,1,XC01,Lorani,XC\n", collection(province())])
def test_a_byte_order_mark_is_no_part_of_the_file(text: str) -> None:
    assert taken(b"\xef\xbb\xbf" + text.encode()).created == 2


def test_a_moved_area_takes_its_new_parent() -> None:
    taken(TABLE)
    taken(HXL + "XC,2,XC0102,Oum Pende,XC02\n")
    assert Area.objects.get(pcode="XC0102").parent.pcode == "XC02"


def test_a_new_boundary_redraws_its_level_and_finds_places_again() -> None:
    taken(LEVEL_1)
    place = Place.objects.create(name="Oum bridge", latitude="2.5", longitude="5.5")
    assert place.area.pcode == "XC02"
    wider = polygon((0, 0), (6, 0), (6, 5), (0, 5), (0, 0))
    result = taken(collection(province(geometry=wider)))
    assert (result.changed, result.boundaries, result.places) == (1, 1, 1)
    place.refresh_from_db()
    assert place.area.pcode == "XC01"
    # The neighbour was not in the file; its outline gives way where the two overlap.
    outlines = {b.area.pcode: shape_of(b.outline) for b in AreaBoundary.objects.select_related("area")}
    assert outlines["XC01"].intersection(outlines["XC02"]).area == pytest.approx(0, abs=1e-6)


def test_an_outline_that_stays_as_it_is_is_not_written() -> None:
    west, east = (
        polygon((0, 0), (5, 0), (5, 5), (0, 5), (0, 0)),
        polygon((5, 0), (10, 0), (10, 5), (5, 5), (5, 0)),
    )
    taken(collection(province("XC01", west), province("XC02", east)))
    before = AreaBoundary.objects.get(area__pcode="XC01").updated_at
    cut = polygon((5, 0), (10, 0), (10, 3), (8, 5), (5, 5), (5, 0))
    assert taken(collection(province("XC02", cut))).boundaries == 1
    assert AreaBoundary.objects.get(area__pcode="XC01").updated_at == before


def test_a_dry_run_counts_and_keeps_nothing() -> None:
    taken(TABLE)
    before = tree(), trail()
    result = taken(LEVEL_1, dry_run=True)
    assert (result.changed, result.boundaries, result.dry_run) == (3, 2, True)
    assert (tree(), trail()) == before


def test_a_ring_that_touches_itself_is_taken_and_told() -> None:
    result = taken(LEVEL_1)
    assert len(result.notes) == 1
    assert "XC02" in result.notes[0]
    assert "touches itself" in result.notes[0]
    assert area_at(1, 7).pcode == "XC02"
    assert area_at(3, 6) is None


def test_only_administrators_import() -> None:
    person = Person(is_active=True, is_staff=False)
    with pytest.raises(RefusedError, match="Only administrators"):
        taken(TABLE, actor=person)
    assert not Area.objects.exists()


@pytest.mark.parametrize("code", ["CAF", "CF", "caf"])
def test_a_country_is_one_whichever_code_names_it(code: str) -> None:
    taken(HXL + f"{code},1,CF11,Bimbo,{code}\n")
    country = Area.objects.get(level=0)
    assert (country.pcode, country.country, country.name) == ("CF", "CAF", "Central African Republic")


def test_a_country_without_a_published_name_is_called_as_people_say() -> None:
    taken(HXL + "COD,1,CD10,Kinshasa,COD\n")
    assert Area.objects.get(pcode="CD").name == "Democratic Republic of the Congo"


def test_a_row_of_the_country_itself_is_that_country() -> None:
    taken(HXL + "CAF,1,CF11,Bimbo,CAF\n")
    taken(HXL + "CAF,0,CAF,Centrafrique,\nCAF,1,CF11,Bimbo,CAF\n")
    assert Area.objects.get(level=0).name == "Centrafrique"


def test_tags_count_in_any_order_and_columns_too() -> None:
    tags = "name;code;under;x\n#adm+name+i_en;#adm+code;#adm+parent +code;\n"
    taken(tags + "Lorani;XC01;XC;5\nDessa;XC0101;XC01;6\n")
    assert [row[:4] for row in tree()][1:] == [("XC01", "Lorani", 1, "XC"), ("XC0101", "Dessa", 2, "XC01")]


def test_a_gazetteer_of_levels_is_read() -> None:
    head = "a,b,c,d,e\n#adm0+code,#adm1+code,#adm1+name,#adm2+code,#adm2+name\n"
    taken(head + "XC,XC01,Lorani,,\nXC,XC01,Lorani,XC0101,Dessa\n")
    assert [row[:4] for row in tree()][1:] == [("XC01", "Lorani", 1, "XC"), ("XC0101", "Dessa", 2, "XC01")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("XC,1,,Nameless,XC", "line 3: The P-code is missing."),
        ("XC,1,XC01,,XC", "line 3 (XC01): The name is missing."),
        ("XC,1,XC 01,Lorani,XC", "“XC 01” is not a P-code"),
        ("XC,1,XC01,Lor\x07ani,XC", "a character that cannot be shown"),
        ("XC,one,XC01,Lorani,XC", "“one” is not an admin level from 0 to 9."),
        ("XC,-1,XC01,Lorani,XC", "“-1” is not an admin level"),
        ("XC,1,XC01", "The line has 3 cells, fewer than its tags."),
        ("XC,1,XC01,Lorani,JJ", "The parent JJ is neither in the file nor in the portal."),
        ("XC,2,XC0101,Dessa,XC01", "The parent XC01 is neither in the file nor in the portal."),
        ("XC,2,XC0101,Dessa,", "The area names neither its parent nor its country."),
        ("XC,2,XC0101,Dessa,XC", "The parent XC is neither in the file nor in the portal."),
        ("XC,1,XC01,Lorani,XC01", "The area lies in itself: XC01 → XC01."),
        ("ZZZ,1,XC01,Lorani,XC", "ISO 3166 knows no country ZZZ."),
        ("CAF,1,XC01,Lorani,XC", "The area is in CAF, its parent XC in XC."),
        ("XC,0,QQ1,Nowhere,", "ISO 3166 knows no country QQ1."),
        ("XC,0,XC,Carana,TCD", "A country lies in no other area."),
    ],
)
def test_a_bad_row_of_a_table_is_named(line: str, reason: str) -> None:
    found = reasons("head\n" + HXL + line + "\n")
    assert len(found) == 1
    assert reason in found[0]


def test_every_bad_row_is_named_in_the_order_of_the_file() -> None:
    found = reasons(
        "head\n" + HXL + "XC,1,XC01,Lorani,XC\nXC,1,XC01,Lorani,XC\nXC,1,XC02,,XC\nXC,2,XC0201,Tabo,XC02\n"
        "XC,3,XC0101,Dessa,XC01\nXC,1,XC03,Oum,XC04\nXC,1,XC04,Oum,XC03\nXC,2,XC0301,Below,XC03\n"
    )
    assert found == [
        "line 4 (XC01): The P-code stands in the file already, at line 3.",
        "line 5 (XC02): The name is missing.",
        "line 7 (XC0101): Level 3 does not follow level 1 of its parent XC01.",
        "line 8 (XC03): The area lies in itself: XC03 → XC04 → XC03.",
        "line 9 (XC04): The area lies in itself: XC04 → XC03 → XC04.",
    ]


def test_an_area_does_not_leave_its_parts_behind() -> None:
    taken(TABLE)
    found = reasons("head\n" + HXL + "XC,2,XC01,Lorani,XC02\n")
    assert found == [
        f"line 3 (XC01): Its part {part} stays at level 2 in XC: give it in the same file."
        for part in ("XC0101", "XC0102")
    ]


def test_a_loop_through_areas_at_hand_is_refused() -> None:
    taken(TABLE)
    found = reasons("a\n#adm+code,#adm+name,#adm+code+parent\nXC01,Lorani,XC0101\n")
    assert "Its part XC0101 stays at level 2" in found[0]


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (None, "There is no geometry."),
        ({"type": "Point", "coordinates": [1, 1]}, "The geometry is a Point"),
        ({"type": "GeometryCollection", "geometries": []}, "The geometry is a GeometryCollection"),
        ({"coordinates": []}, "a boundary is a Polygon or MultiPolygon"),
        ({"type": "Polygon", "coordinates": []}, "has no coordinates"),
        ({"type": "Polygon", "coordinates": [[]]}, "A ring has 0 points"),
        ({"type": "MultiPolygon", "coordinates": [[]]}, "has no coordinates"),
        ({"type": "Polygon", "coordinates": [[["0", "0"]]]}, "not lists of longitude and latitude"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, True], [1, 1], [0, 0]]]}, "not lists of"),
        (polygon((0, 0), (1, 0), (0, 0)), "A ring has 3 points"),
        (polygon((0, 0), (1, 0), (1, 1), (0, 1)), "not closed"),
        (polygon((0, 0), (1, 1), (1, 0), (0, 1), (0, 0)), "not valid: Self-intersection[0.5 0.5]"),
        # Turned the other way, the inner loop of a touching ring leaves in doubt what is meant.
        (
            polygon((5, 0), (10, 0), (10, 5), (5, 5), (5, 3), (6, 2), (7, 3), (6, 4), (5, 3), (5, 0)),
            "not valid: Ring Self-intersection[5 3]",
        ),
        (polygon((0, 0), (1, 0), (2, 0), (0, 0)), "not valid:"),
        (
            polygon((4, 118), (5, 118), (5, 119), (4, 118)),
            "Latitude 119 is outside −90 to 90. GeoJSON writes",
        ),
        (polygon((504000, 482000), (505000, 482000), (505000, 483000), (504000, 482000)), "Latitude 483000"),
        (polygon((0, 0), (200, 0), (200, 1), (0, 0)), "no projected metres"),
        (polygon((0, 0), (10**400, 0), (1, 1), (0, 0)), "not a number of degrees"),
    ],
)
def test_a_bad_boundary_is_named_with_its_reason(geometry: Any, reason: str) -> None:
    found = reasons(
        collection(province("XC02", polygon((2, 2), (3, 2), (3, 3), (2, 2))), province(geometry=geometry))
    )
    assert len(found) == 1
    assert found[0].startswith("feature 2 (XC01): ")
    assert reason in found[0]


def test_swapped_coordinates_are_seen_beside_the_parent() -> None:
    taken(collection(province(geometry=polygon((10, 2), (12, 2), (12, 4), (10, 2)))))
    swapped = polygon((2, 10), (2, 12), (4, 12), (2, 10))
    district = {"name": "Dessa", "pcode": "XC0101", "parent_pcode": "XC01"}
    assert "lies wholly outside its parent XC01" in reasons(collection((district, swapped)))[0]


def test_a_district_without_level_or_parent_is_not_taken_for_a_province() -> None:
    taken(TABLE)
    found = reasons(collection(province("XC0199")))
    assert "looks like a part of XC01" in found[0]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty."),
        (b" \n ", "The file is empty."),
        (b"PK\x03\x04rest", "no ZIP file that can be read"),
        ("a,b\nMbaéré,1\n".encode("latin-1"), "not in UTF-8 (byte 0xE9 in line 2)"),
        ("a,b".encode("utf-16"), "The file is in UTF-16."),
        (b'{"type": "FeatureCollection", "features": [', "not valid JSON"),
        (b'{"type": "FeatureCollection", "features": [NaN]}', "NaN is not a number in JSON"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"type": "Feature"}', "not a GeoJSON FeatureCollection"),
        (b'{"type": "FeatureCollection"}', "no list of features"),
        (b'{"type": "FeatureCollection", "features": []}', "The file holds no areas."),
        (
            b'{"type": "FeatureCollection", "features": [5]}',
            "feature 1: This is not a feature with properties.",
        ),
        (HXL.encode(), "The file holds no areas."),
        (b"name,code\nLorani,XC01\n", "nor a table with an HXL row"),
        (b"# A heading\n\ntext\n", "nor a table with an HXL row"),
        (b"#adm+name,#country\nLorani,XC\n", "tags no column as P-code"),
        (b"#adm+code,#country+name\nXC01,Carana\n", "tags no column as name"),
        (b'#adm+code,#adm+name\nXC01,"' + b"x" * 200_000 + b'"\n', "is not CSV: field larger"),
    ],
)
def test_what_is_no_area_file_is_refused_whole(data: bytes, reason: str) -> None:
    found = reasons(data)
    assert len(found) == 1
    assert reason in found[0]


def test_another_reference_system_is_refused() -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32634"}}
    assert "EPSG::32634. Convert the file to WGS 84" in reasons(collection(province(), crs=crs))[0]
    for name in ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"):
        taken(collection(province(), crs={"type": "name", "properties": {"name": name}}))


def test_a_file_above_the_limit_is_refused(settings: Any) -> None:
    settings.AREA_IMPORT_MAX_BYTES = 2**20
    assert taken(b" " * 2**19 + collection(province()).encode()).created == 2
    assert "larger than 1 MB" in reasons(b" " * 2**20 + collection(province()).encode())[0]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "No such file" in reasons(tmp_path / "none.csv")[0]


def test_command_tells_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_areas", str(LEVEL_1), "--source", "OCHA")
    out = capsys.readouterr().out
    assert "3 created, 0 changed, 0 unchanged" in out
    assert "2 boundaries taken" in out
    assert Area.objects.get(pcode="XC01").source == "OCHA"
    call_command("import_areas", str(TABLE), "--dry-run")
    out = capsys.readouterr().out
    assert "3 created, 2 changed" in out
    assert "nothing was kept" in out


def test_command_names_bad_rows_up_to_a_limit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(HXL + "".join(f"XC,1,XC{n:02},,XC\n" for n in range(60)))
    with pytest.raises(SystemExit) as stop:
        call_command("import_areas", str(file))
    assert stop.value.code == 1
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "bad.csv was refused; nothing was changed."
    assert lines[1].strip() == "line 2 (XC00): The name is missing."
    assert len(lines) == 52
    assert lines[-1].strip() == "and 10 more."


real = pytest.mark.skipif(
    not (SHARED / "caf_admin1.geojson").exists(),
    reason="published files are not at hand (shared/data beside the checkout, or PORTAL_SHARED_DATA)",
)


@real
@pytest.mark.parametrize("first", ["admin_pcodes.csv", "caf_admin1.geojson"])
def test_published_files_make_one_tree_in_either_order(first: str) -> None:
    files = sorted(
        [SHARED / "admin_pcodes.csv", SHARED / "caf_admin1.geojson"], key=lambda f: f.name != first
    )
    created = sum(taken(file).created for file in files)
    assert created == Area.objects.count() == 706
    assert Area.objects.filter(level=0).count() == 6
    ombella = Area.objects.get(pcode="CF11")
    assert (ombella.parent.pcode, ombella.country, ombella.valid_from) == ("CF", "CAF", date(2015, 6, 15))
    assert ombella.boundary.geometry["type"] == "Polygon"
    assert ombella.children.count() == 6
    assert Area.objects.get(pcode="CF21").name == "Mambéré-Kadéï"
    assert [a.pcode for a in Area.objects.get(pcode="CF711").ancestors()] == ["CF", "CF71"]
    before = trail()
    for file in files:
        assert taken(file).changed == 0
    assert trail() == before


@real
def test_published_boundaries_hold_known_points() -> None:
    taken(SHARED / "caf_admin1.geojson")
    known = {
        "CF71": ("4.3947", "18.5582"),  # Bangui
        "CF21": ("4.2614", "15.7894"),  # Berbérati
        "CF43": ("5.7650", "20.6760"),  # Bambari
        "CF53": ("10.2840", "22.7880"),  # Birao
        "CF63": ("5.3950", "26.4920"),  # Obo
    }
    assert {code: area_at(*point).pcode for code, point in known.items()} == {code: code for code in known}
    assert area_at("4.30", "18.60") is None  # across the river
    typed = parse_position("34nbk2962985034")
    assert area_at(typed.lat, typed.lon).pcode == "CF71"


@real
def test_published_outlines_are_small() -> None:
    taken(SHARED / "caf_admin1.geojson")
    outlines = AreaBoundary.objects.values_list("outline", flat=True)
    assert sum(len(json.dumps(outline, separators=(",", ":"))) for outline in outlines) < 30_000
