"""The certificate of a qualification: a page with a code that anybody can verify."""

from __future__ import annotations

from typing import TYPE_CHECKING

import segno
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.paper.pdf import make_pdf
from cimic_portal.core.sharing.levels import Classification
from training.models import Way

if TYPE_CHECKING:
    from training.models import Qualification

_GROUP = 4


def spaced(code: str) -> str:
    """The code as people read it aloud: in groups of four."""
    return " ".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def certificate_pdf(qualification: Qualification, *, address: str) -> bytes:
    """The certificate as PDF. `address`: of the public page that verifies it; it stands in the QR code.

    It names the person, the course, the days and who issued it, no more: whoever holds the paper can
    verify it, so nothing classified stands on it. One that was revoked, expired or waits says so.
    """
    course = qualification.course
    expires = qualification.expires_on
    here = qualification.way != Way.EARLIER
    standard = " ".join(filter(None, (course.standard, course.edition)))
    return make_pdf(
        "certificate",
        {
            "person": str(qualification.record.person),
            "course": course.title,
            "qr": _drawn(address),
            "address": address,
            "code": spaced(qualification.code),
            "facts": [
                (_("Course"), course.code),
                *([(_("Standard"), standard)] if standard else []),
                (_("Issued"), qualification.issued_on),
                (_("Valid until"), expires if expires else _("does not expire")),
                (_("Issuing authority"), qualification.authority or course.authority),
            ],
            "words": {
                "certifies": _("This certifies that"),
                "passed": _("has passed the course") if here else _("holds the qualification"),
                "verify": _("Scan the code, or open the address and type the code, to verify this page."),
                "code": _("Code"),
                "drawn": _("QR code with the address of the page that verifies this certificate"),
            },
        },
        classification=Classification.UNCLASSIFIED,
        title=_("Certificate"),
        made_by=_("the portal"),
        made_at=timezone.now(),
        period="",
        filters="",
        stamp="" if qualification.valid_on(timezone.localdate()) else qualification.get_state_display(),
    )


def _drawn(address: str) -> list[str]:
    """The QR code row by row, one for what is dark, with the margin that scanners need."""
    code = segno.make(address, error="m", micro=False)
    return ["".join(str(dark) for dark in row) for row in code.matrix_iter(border=2)]
