"""Pages of areas and places, and boundaries for maps."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cimic_portal.core.models import Area, Place, PlaceKind
from cimic_portal.core.services.area import import_areas
from tests.factories.core import HoldingFactory, PersonFactory

pytestmark = pytest.mark.django_db

FILES = Path(__file__).parent / "files"


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(HoldingFactory().person)
    return client


@pytest.fixture
def unposted(client: Client) -> Client:
    client.force_login(PersonFactory())
    return client


@pytest.fixture(autouse=True)
def carana() -> None:
    for name in ("carana_pcodes.csv", "carana_admin1.geojson"):
        import_areas(FILES / name, source="Atlas of Carana")
    Place.objects.create(name="Dessa market", kind=PlaceKind.MARKET, latitude="2.5", longitude="2.5")
    Place.objects.create(name="Old well", kind=PlaceKind.WATER, latitude="1", longitude="8", is_archived=True)
    Place.objects.create(name="Far island", kind=PlaceKind.AIRFIELD, latitude="50", longitude="50")


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_list_shows_the_tree_in_order(reader: Client) -> None:
    html = page(reader, reverse("areas"))
    names = ("Carana", "Lorani", "Dessa", "Oum Pende", "Kobara", "Tabo, Haut")
    positions = [html.index(f'dir="auto">{name}</a>') for name in names]
    assert positions == sorted(positions)


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("level=1", {"Lorani", "Kobara"}, {"Dessa"}),
        ("within=XC01", {"Lorani", "Dessa", "Oum Pende"}, {"Kobara", "Tabo, Haut"}),
        ("within=XC02&level=2", {"Tabo, Haut"}, {"Kobara", "Dessa"}),
        ("q=xc0102", {"Oum Pende"}, {"Lorani", "Dessa"}),
        ("within=nonsense", set(), {"Lorani"}),
    ],
)
def test_list_is_filtered(reader: Client, query: str, shown: set[str], hidden: set[str]) -> None:
    html = page(reader, f"{reverse('areas')}?{query}")
    cells = {name for name in shown | hidden if f'dir="auto">{name}</a>' in html}
    assert cells == shown


def test_area_shows_facts_parts_places_and_picture(reader: Client) -> None:
    html = page(reader, reverse("area", args=["XC01"]))
    for text in (
        "XC01",
        "Oum Pende",
        "Dessa market",
        "Atlas of Carana",
        "1 Jan 2020",
        "Imported",
        "latitude 0.00 to 5.00",
    ):
        assert text in html
    assert 'class="map-own" d="M' in html
    assert "<title>Kobara</title>" in html
    assert "style=" not in html.split('id="main"')[1]
    assert reader.get("/areas/xc01/").status_code == 200
    assert reader.get("/areas/XC99/").status_code == 404


def test_country_without_boundary_is_drawn_by_its_parts(reader: Client) -> None:
    html = page(reader, reverse("area", args=["XC"]))
    assert html.count('class="map-part map-own"') == 2
    assert "<title>Dessa market</title>" in html
    assert "map-own" not in page(reader, reverse("area", args=["XC0201"]))
    assert "No boundary has been imported" in page(reader, reverse("area", args=["XC0201"]))


def test_area_history_says_what_changed(reader: Client, tmp_path: Path) -> None:
    file = tmp_path / "renamed.csv"
    file.write_text("#adm+code,#adm+name,#adm+code+parent\nXC01,Greater Lorani,XC\n")
    import_areas(file, source="Decree 12")
    html = page(reader, reverse("area", args=["XC01"]))
    assert "Decree 12" in html
    assert "Greater Lorani</ins>" in html


def test_area_page_takes_as_many_queries_for_many_parts(
    reader: Client, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    file = tmp_path / "more.csv"
    lines = "".join(f"XC01{n},Part {n},XC01\n" for n in range(10, 99))
    file.write_text("#adm+code,#adm+name,#adm+code+parent\n" + lines)
    import_areas(file, source="more")
    with django_assert_max_num_queries(24):
        html = page(reader, reverse("area", args=["XC01"]))
    assert "All parts" in html


def test_places_are_listed_without_archived_ones(reader: Client) -> None:
    html = page(reader, reverse("places"))
    assert "Dessa market" in html
    assert "31N" in html
    assert "Old well" not in html
    within = page(reader, f"{reverse('places')}?within=XC01")
    assert "Dessa market" in within
    assert "Far island" not in within


def test_place_shows_its_grid_area_and_picture(reader: Client) -> None:
    place = Place.objects.get(name="Dessa market")
    Place.objects.create(name="Lorani clinic", kind=PlaceKind.HEALTH, latitude="2.6", longitude="2.6")
    html = page(reader, place.get_absolute_url())
    for text in (place.position.mgrs, "2.500000, 2.500000", "Lorani clinic", "Carana", 'class="map-dot"'):
        assert text in html
    assert "none of the areas" in page(reader, Place.objects.get(name="Far island").get_absolute_url())
    assert reader.get("/places/999999/").status_code == 404


def test_boundaries_are_geojson_of_one_level(reader: Client) -> None:
    response = reader.get(reverse("area_boundaries"))
    assert response["Content-Type"] == "application/geo+json"
    assert response["Cache-Control"] == "private, max-age=600"
    data = json.loads(response.content)
    assert data["type"] == "FeatureCollection"
    assert [feature["properties"] for feature in data["features"]] == [
        {"pcode": "XC01", "name": "Lorani", "level": 1},
        {"pcode": "XC02", "name": "Kobara", "level": 1},
    ]
    assert data["features"][0]["geometry"] == Area.objects.get(pcode="XC01").boundary.outline
    assert json.loads(reader.get(reverse("area_boundaries"), {"level": "2"}).content)["features"] == []


def test_boundaries_are_sent_again_only_when_they_changed(reader: Client) -> None:
    url = reverse("area_boundaries")
    etag = reader.get(url)["ETag"]
    again = reader.get(url, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "private, max-age=600"
    area = Area.objects.get(pcode="XC02")
    area.name = "Kobara City"
    area.save()
    changed = reader.get(url, headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert "Kobara City" in changed.content.decode()


@pytest.mark.parametrize("level", ["x", "-1", "10", "1.5", "\u0661"])
def test_boundaries_of_no_level_are_refused_in_words(reader: Client, level: str) -> None:
    response = reader.get(reverse("area_boundaries"), {"level": level})
    assert response.status_code == 422
    assert "whole number" in response.json()["detail"]


@pytest.mark.parametrize("name", ["areas", "area", "area_boundaries", "places", "place"])
def test_without_a_position_there_is_nothing(unposted: Client, name: str) -> None:
    args = {"area": ["XC01"], "place": [Place.objects.get(name="Dessa market").pk]}.get(name, [])
    response = unposted.get(reverse(name, args=args))
    assert response.status_code in {403, 404}
    for word in ("Lorani", "Dessa", "2.5"):
        assert word not in response.content.decode()
