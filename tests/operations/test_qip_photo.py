"""Photos: checked by content, written anew, kept by digest, served under the rule."""

from __future__ import annotations

import io
import os
import struct
import time
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cimic_portal.core import store
from cimic_portal.core.errors import InvalidError
from cimic_portal.core.services.attachments import LARGEST, SMALL, drop_unowned_files, keep_picture
from cimic_portal.core.sharing.levels import Classification
from operations.models import QipPhoto
from operations.services import qip_work as work
from tests.factories.cast import Cast
from tests.factories.operations_qip import QipPhotoFactory, picture, running_qip
from tests.support.facts import WHY
from tests.support.pages import body, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def with_gps() -> io.BytesIO:
    """A phone's picture: turned on its side, with the place, the camera and a comment in it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825).update({1: "N", 2: (4.0, 21.0, 36.0), 3: "E", 4: (18.0, 33.0, 0.0)})
    return picture(exif=exif, comment=b"hidden comment", size=(64, 48))


class TestKeep:
    def test_place_camera_and_comment_are_dropped_and_it_stands_upright(self) -> None:
        sent = with_gps()
        assert b"SecretPhone" in sent.getvalue()
        kept = keep_picture(sent)
        with store.attachments.open(kept.sha256) as file:
            content = file.read()
        for word in (b"SecretPhone", b"hidden comment", b"Exif", b"GPS"):
            assert word not in content
        image = Image.open(io.BytesIO(content))
        assert dict(image.getexif()) == {}
        assert (image.size, kept.width, kept.height) == ((48, 64), 48, 64)
        assert (kept.content_type, kept.size) == ("image/jpeg", len(content))

    @pytest.mark.parametrize("tag", [0x0128, 0x011A])
    def test_damaged_notes_of_the_camera_do_not_keep_the_picture_out(self, tag: int) -> None:
        """Held on its side, and a number (the unit or the density) that is written as text."""
        entries = struct.pack("<HHHII", 2, 0x0112, 3, 1, 6) + struct.pack("<HHIII", tag, 2, 2, 65, 0)
        exif = b"Exif\0\0II*\0" + struct.pack("<I", 8) + entries
        kept = keep_picture(picture("PNG", exif=exif))
        assert (kept.width, kept.height) == (64, 48)

    def test_what_hangs_behind_the_picture_is_dropped(self) -> None:
        kept = keep_picture(io.BytesIO(picture("PNG").getvalue() + b"PK\x03\x04 a program"))
        with store.attachments.open(kept.sha256) as file:
            assert b"a program" not in file.read()

    def test_large_one_is_made_smaller_with_a_small_one_beside_it(self) -> None:
        kept = keep_picture(picture(size=(3000, 1500)))
        assert (kept.width, kept.height) == (LARGEST, LARGEST // 2)
        with store.attachments.open(kept.preview_sha256) as file:
            assert Image.open(file).size == (SMALL, SMALL // 2)

    def test_clear_parts_stay_clear(self) -> None:
        file = io.BytesIO()
        Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(file, "PNG")
        assert keep_picture(file).content_type == "image/png"

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"MZ a program",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            b"GIF89a" + b"\0" * 40,
            picture().getvalue()[:200],
            b"\x89PNG\r\n\x1a\n" + b"\0" * 60,
            b"%PDF-1.7 not a picture",
        ],
        ids=["empty", "program", "svg", "gif", "cut", "broken", "pdf"],
    )
    def test_what_is_no_picture_is_told_at_its_field(self, content: bytes) -> None:
        with pytest.raises(InvalidError) as error:
            keep_picture(io.BytesIO(content))
        assert "JPEG, PNG or WebP" in error.value.fields["file"][0]

    def test_size_of_the_file_is_limited(self, settings: Any) -> None:
        settings.PICTURE_MAX_BYTES = 2**20
        with pytest.raises(InvalidError, match="1 MB"):
            keep_picture(io.BytesIO(b"\0" * (2**20 + 1)))

    def test_few_bytes_that_unpack_to_many_pixels_are_refused(self) -> None:
        """The head says 60,000 by 60,000; nothing of it is unpacked."""
        head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
        chunk = struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
        with pytest.raises(InvalidError):
            keep_picture(io.BytesIO(b"\x89PNG\r\n\x1a\n" + chunk))

    def test_number_of_pixels_is_limited(self, settings: Any) -> None:
        settings.PICTURE_MAX_PIXELS = 64 * 48 - 1
        with pytest.raises(InvalidError, match="pixels"):
            keep_picture(picture())

    def test_files_that_nobody_names_are_dropped_after_a_day(self, cast: Cast) -> None:
        old = time.time() - 2 * 24 * 3600
        lost, named = keep_picture(picture()), keep_picture(picture(size=(32, 32)))
        kept = vars(named)
        QipPhotoFactory(qip=running_qip(cast), added_by=cast.owner, **kept)
        for path in store.attachments.folder.glob("??/*"):
            os.utime(path, (old, old))
        fresh = keep_picture(picture(size=(16, 16)))
        assert drop_unowned_files() == len({lost.sha256, lost.preview_sha256})
        left = set(store.attachments.digests(older_than=-60))
        assert left == {named.sha256, named.preview_sha256, fresh.sha256, fresh.preview_sha256}


def add(cast: Cast, qip: Any, **fields: Any) -> QipPhoto:
    given = {"file": picture(), "caption": "The hole", "classification": 1, **fields}
    work.add_photo(qip, actor=cast.owner, version=qip.version, **given)
    qip.refresh_from_db()
    found: QipPhoto = QipPhoto.objects.unscoped(WHY).latest("pk")
    return found


class TestOfProject:
    def test_is_never_less_classified_than_its_project(self, cast: Cast) -> None:
        qip = running_qip(cast, classification=Classification.CONFIDENTIAL)
        assert add(cast, qip).classification == Classification.CONFIDENTIAL
        narrow = add(cast, qip, classification=Classification.STRICTLY_CONFIDENTIAL)
        assert narrow.classification == Classification.STRICTLY_CONFIDENTIAL

    def test_above_ones_own_clearance_and_without_caption_it_is_refused(self, cast: Cast) -> None:
        cast.owner.clearance = Classification.UNCLASSIFIED
        cast.owner.save()
        with pytest.raises(InvalidError) as error:
            add(cast, running_qip(cast), classification=2, caption=" ")
        assert set(error.value.fields) == {"classification", "caption"}

    def test_narrower_photo_is_not_there_for_who_is_not_cleared(self, cast: Cast) -> None:
        qip = running_qip(cast)
        photo = add(cast, qip, classification=Classification.CONFIDENTIAL, caption="Guard post")
        cast.colleague.clearance = Classification.UNCLASSIFIED
        cast.colleague.save()
        for name, status in (("owner", 200), ("colleague", 404), ("partner", 404)):
            client = signed_in(getattr(cast, name))
            for tail in ("", "small/"):
                answer = client.get(f"{qip.get_absolute_url()}photos/{photo.pk}/{tail}")
                assert answer.status_code == status, name
        assert "Guard post" in body(signed_in(cast.owner).get(qip.get_absolute_url()))
        assert "Guard post" not in body(signed_in(cast.colleague).get(qip.get_absolute_url()))

    def test_is_served_as_what_it_is_and_kept_nowhere(self, cast: Cast) -> None:
        qip = running_qip(cast)
        photo = add(cast, qip)
        answer = signed_in(cast.owner).get(f"{qip.get_absolute_url()}photos/{photo.pk}/")
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"]
        assert Image.open(io.BytesIO(b"".join(answer.streaming_content))).size == (64, 48)

    def test_damaged_file_is_told_and_not_served(self, cast: Cast) -> None:
        qip = running_qip(cast)
        photo = add(cast, qip)
        path = store.attachments.folder / photo.sha256[:2] / photo.sha256
        path.write_bytes(b"other bytes")
        answer = signed_in(cast.owner).get(f"{qip.get_absolute_url()}photos/{photo.pk}/")
        assert answer.status_code == 410

    def test_taken_away_it_is_shown_to_nobody(self, cast: Cast) -> None:
        qip = running_qip(cast)
        photo = add(cast, qip, caption="A face")
        client = signed_in(cast.owner)
        address = f"{qip.get_absolute_url()}photos/{photo.pk}/"
        assert "A face" in body(client.get(f"{address}strike/"))
        assert client.post(f"{address}strike/", {"version": qip.version, "reason": ""}).status_code == 422
        client.post(f"{address}strike/", {"version": qip.version, "reason": "She asked"})
        assert client.get(address).status_code == 404
        assert "A face" not in body(client.get(qip.get_absolute_url()))
        photo.refresh_from_db()
        assert photo.struck_reason == "She asked"

    def test_form_takes_a_file_and_tells_what_is_wrong_with_it(self, cast: Cast) -> None:
        qip = running_qip(cast)
        client, address = signed_in(cast.owner), f"{qip.get_absolute_url()}photos/add/"
        assert 'enctype="multipart/form-data"' in body(client.get(address))
        sent = {"version": 1, "caption": "The hole", "classification": "1"}
        wrong = SimpleUploadedFile("photo.jpg", b"MZ a program", "image/jpeg")
        answer = client.post(address, {**sent, "file": wrong})
        assert answer.status_code == 422
        assert "no picture that can be read" in body(answer)
        assert "The hole" in body(answer)
        right = SimpleUploadedFile("../../x.exe", picture("WEBP").getvalue(), "text/html")
        assert client.post(address, {**sent, "file": right}).status_code == 302
        assert QipPhoto.objects.unscoped(WHY).get().content_type == "image/jpeg"
        assert client.post(address, sent).status_code == 422


def test_history_does_not_tell_of_a_photo_that_is_classified_higher(cast: Cast) -> None:
    qip = running_qip(cast, published=True, audience_components=[3, 4])
    add(cast, qip, classification=2)
    cast.partner.clearance = 1
    cast.partner.save()
    assert "Photo added" in body(signed_in(cast.owner).get(qip.get_absolute_url()))
    page = signed_in(cast.partner).get(qip.get_absolute_url())
    assert page.status_code == 200
    assert "Photo added" not in body(page)
