"""Serving a picture of a record. The caller fetched it, and its record, under the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.services.attachments import open_picture

if TYPE_CHECKING:
    from cimic_portal.core.models import Attachment, Person
    from cimic_portal.core.sharing.records import SharedRecord

_ENDINGS = {"image/jpeg": "jpg", "image/png": "png"}


def send_picture(
    person: Person, record: SharedRecord, attachment: Attachment, *, small: bool = False
) -> FileResponse:
    """The picture, or the small one; nothing of its name or type comes from whoever added it."""
    file = open_picture(attachment, small=small)
    if not small:
        # The page that shows the small ones was logged itself.
        log_read(person, f"{record._meta.model_name} picture", [record])
    kind = attachment.content_type if attachment.content_type in _ENDINGS else "application/octet-stream"
    return FileResponse(
        file,
        as_attachment=kind not in _ENDINGS,
        filename=f"{record.reference}-{attachment.pk}.{_ENDINGS.get(kind, 'bin')}",
        content_type=kind,
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store, private"},
    )
