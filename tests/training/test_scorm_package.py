"""Taking in SCORM packages: a whole one is kept, an odd one is refused with its reason and leaves nothing."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from typing import Any

import pytest

from cimic_portal.core.errors import InvalidError, RefusedError
from tests.factories.training_module import ModuleDraftFactory
from tests.support.scorm import TWO_PARTS, manifest, package, page
from training.models import ModulePackage
from training.services import scorm_package
from training.services.scorm_package import PackageError, take_in, upload_package

pytestmark = pytest.mark.django_db
WHY = "tests look at everything"


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def refused(file: io.BytesIO) -> str:
    with pytest.raises(PackageError) as error:
        take_in(file)
    assert not list(scorm_package.packages.folder.glob("??/*"))
    return str(error.value)


def entry(name: str, content: bytes = b"x", *, mode: int = 0, encrypted: bool = False) -> io.BytesIO:
    """A whole package with one more entry of that kind."""
    target = package()
    with zipfile.ZipFile(target, "a") as archive:
        info = zipfile.ZipInfo(name)
        info.filename = name
        info.external_attr = mode << 16
        archive.writestr(info, content)
    if encrypted:
        raw = bytearray(target.getvalue())
        place = raw.rfind(b"PK\x01\x02")
        raw[place + 8 : place + 10] = struct.pack("<H", 1)
        target = io.BytesIO(bytes(raw))
    target.seek(0)
    return target


def test_a_whole_package_is_kept_by_digest_with_what_is_opened():
    files = {"two.html": page(""), "img/road.png": b"\x89PNG\r\n\x1a\n0000", "adlcp_rootv1p2.xsd": "<x/>"}
    kept = take_in(package(files, manifest=TWO_PARTS))
    assert kept["title"] == "Package of the test"
    assert [(item["id"], item["href"], item["mastery"]) for item in kept["items"]] == [
        ("one", "one.html", None),
        ("two", "two.html", 60.0),
    ]
    assert kept["files"]["img/road.png"]["type"] == "image/png"
    assert "adlcp_rootv1p2.xsd" not in kept["files"]
    with scorm_package.packages.open(kept["files"]["two.html"]["sha256"]) as file:
        assert b"api.js" in file.read()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("../outside.html", "outside"),
        ("a/../../outside.html", "outside"),
        ("/etc/outside.html", "outside"),
        ("C:/outside.html", "outside"),
        ("a\\outside.html", "outside"),
        ("a//b.html", "no name"),
        ("./b.html", "no name"),
        ("line\nbreak.html", "no name"),
        ("x" * 300 + ".html", "no name"),
        ("ONE.html", "twice"),
        ("film.swf", "Flash"),
        ("tool.exe", "programs"),
        ("more.zip", "archives"),
        ("page.php", "servers"),
        ("data.bin", "this kind"),
        ("noending", "this kind"),
    ],
)
def test_an_odd_entry_refuses_the_package(name, says):
    assert says in refused(entry(name))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("road.png", b"GIF89a", "not what its name says"),
        ("road.png", b"MZ\x90\0", "program"),
        ("road.html", b"\x7fELF", "program"),
        ("road.js", b"a\0b", "no text"),
    ],
)
def test_content_counts_not_the_name(name, content, says):
    assert says in refused(entry(name, content))


def test_links_and_encrypted_entries_are_refused():
    assert "link" in refused(entry("link.html", b"/etc/passwd", mode=stat.S_IFLNK | 0o777))
    assert "encrypted" in refused(entry("closed.html", encrypted=True))


def test_sizes_are_counted_while_unpacking(settings):
    settings.SCORM_FILE_MAX_BYTES = 1000
    assert "larger than" in refused(entry("big.txt", b"a" * 2000))
    settings.SCORM_FILE_MAX_BYTES = 10**9
    settings.SCORM_UNPACKED_MAX_BYTES = 3000
    assert "Unpacked" in refused(entry("big.txt", b"a" * 4000))
    settings.SCORM_MAX_FILES = 2
    assert "more than 2 files" in refused(package())
    settings.SCORM_MAX_BYTES = 10
    assert "at most" in refused(package())


def test_a_trap_that_grows_is_refused_whatever_its_head_says():
    target = package()
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", b"\0" * 30_000_000)
    raw = target.getvalue().replace(struct.pack("<I", 30_000_000), struct.pack("<I", 10))
    said = refused(io.BytesIO(raw))
    assert "hundredfold" in said or "damaged" in said
    target.seek(0)
    assert "hundredfold" in refused(target)


@pytest.mark.parametrize("way", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_what_is_packed_in_another_way_is_refused_before_it_is_unpacked(way):
    target = package()
    with zipfile.ZipFile(target, "a", way) as archive:
        archive.writestr("other.html", page(""))
    raw = bytearray(target.getvalue())
    place = raw.index(b"other.html") + len("other.html")
    raw[place + 20 : place + 60] = b"\xff" * 40
    assert "another way" in refused(io.BytesIO(bytes(raw)))


@pytest.mark.parametrize("name", [b"", b"\0ne.html"])
def test_an_entry_without_a_name_refuses_the_package(name):
    raw = package().getvalue()
    if name:
        raw = raw.replace(b"one.html", name)
    else:
        # Of the last entry of the list the name is no more: its length is 0, and so is what follows it.
        place = raw.rfind(b"PK\x01\x02")
        end = raw.rfind(b"PK\x05\x06")
        length = struct.unpack("<H", raw[place + 28 : place + 30])[0]
        head = bytearray(raw[place : place + 46])
        head[28:30] = b"\0\0"
        tail = bytearray(raw[end:])
        tail[12:16] = struct.pack("<I", struct.unpack("<I", tail[12:16])[0] - length)
        raw = raw[:place] + bytes(head) + bytes(tail)
    assert "no name" in refused(io.BytesIO(raw))


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04" + b"\0" * 60])
def test_what_is_no_zip_file_is_refused(content):
    assert "ZIP" in refused(io.BytesIO(content))


DTD = '<!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (manifest(("one", "Read", "one.html"), prolog=DTD), "entities"),
        (
            manifest(("one", "Read", "one.html"), prolog='<!DOCTYPE m SYSTEM "file:///etc/passwd">'),
            "entities",
        ),
        (manifest(("one", "Read", "one.html"), version="2004 4th Edition"), "SCORM 2004"),
        (manifest(("one", "Read", "one.html"), version="CAM 1.3"), "SCORM 2004"),
        (manifest(("one", "Read", "one.html"), version="0.9"), "0.9"),
        (manifest(("one", "Read", "missing.html")), "does not hold"),
        (manifest(("one", "Read", "https://elsewhere.example/a.html")), "outside"),
        (manifest(("one", "Read", "../a.html")), "outside"),
        (manifest(("one", "Read", "one.html"), ("one", "Again", "one.html")), "twice"),
        (manifest(("one", "Read", "http://[bad/one.html")), "no address"),
        (manifest(("one", "Read", "empty.html")), "empty"),
        (manifest(("one", "Read", f"one.html?{'x' * 500}")), "too long"),
        (
            manifest(("one", "Read", "one.html"), more="<adlcp:masteryscore>999</adlcp:masteryscore>"),
            "0 to 100",
        ),
        (manifest(), "nothing to open"),
        ("<manifest", "no XML"),
        ("<other/>", "no manifest"),
        ("<a>" * 70 + "</a>" * 70, "deeply"),
    ],
)
def test_a_manifest_that_cannot_be_used_is_refused(text, says):
    assert says in refused(package({"empty.html": b""}, manifest=text))


def test_a_package_without_manifest_says_where_it_lies():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("course/imsmanifest.xml", manifest(("one", "Read", "one.html")))
    assert "course" in refused(target)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.html", "x")
    assert "no imsmanifest" in refused(target)


class TestUpload:
    def test_by_the_author_of_a_draft_of_that_kind(self, cast: Any) -> None:
        draft = ModuleDraftFactory(owner_office=cast.team, author=cast.owner, kind="scorm")
        done = upload_package(draft, actor=cast.owner, version=draft.version, file=package())
        assert done.version == draft.version + 1
        assert ModulePackage.objects.visible_to(cast.colleague).get().items[0]["title"] == "Read"
        assert not ModulePackage.objects.visible_to(cast.outsider).exists()

    def test_not_by_others_and_not_for_lessons(self, cast: Any) -> None:
        draft = ModuleDraftFactory(owner_office=cast.team, author=cast.owner, kind="scorm")
        with pytest.raises(RefusedError):
            upload_package(draft, actor=cast.colleague, version=draft.version, file=package())
        lessons = ModuleDraftFactory(owner_office=cast.team, author=cast.owner)
        with pytest.raises(InvalidError):
            upload_package(lessons, actor=cast.owner, version=lessons.version, file=package())
        assert not ModulePackage.objects.unscoped(WHY).exists()

    def test_a_refused_one_keeps_the_one_before(self, cast: Any) -> None:
        draft = ModuleDraftFactory(owner_office=cast.team, author=cast.owner, kind="scorm")
        draft = upload_package(draft, actor=cast.owner, version=draft.version, file=package())
        with pytest.raises(InvalidError) as error:
            upload_package(draft, actor=cast.owner, version=draft.version, file=io.BytesIO(b"no"))
        assert set(error.value.fields) == {"file"}
        assert ModulePackage.objects.unscoped(WHY).count() == 1
