"""Verbs on qualifications: award, enter one from before the mission, confirm, revoke."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import IO, TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.policies import require
from cimic_portal.core.services.attachments import keep_picture
from cimic_portal.core.services.notifications import notify
from cimic_portal.core.services.verbs import lock_part, need_reason, save_changed_part, verb
from training.models import Proof, Qualification, Way
from training.policies import qualification as policies
from training.services.record import open_to, record_of

if TYPE_CHECKING:
    from cimic_portal.core.models import Person
    from training.models import Course, Enrolment, TrainingRecord


def award(
    person: Person,
    course: Course,
    *,
    on: date,
    actor: Person,
    how: str = Way.SESSION,
    enrolment: Enrolment | None = None,
) -> Qualification:
    """Record that the person passed a course on a day; a later one renews. Part of the running verb.

    `how`: one of `Way`. Raises InvalidError at `person` for somebody who never held a post.
    """
    record = record_of(person)
    open_to(record, course.office)
    made: Qualification = Qualification.objects.create(
        record=record,
        course=course,
        issued_on=on,
        expires_on=course.expiry(on),
        way=how,
        enrolment=enrolment,
        authority=course.authority,
        entered_by=actor,
        confirmed_at=timezone.now(),
        confirmed_by=actor,
    )
    notify(record, "qualification.awarded", people=[person], actor=None, about=[made])
    return made


@dataclass(frozen=True)
class EarlierInput:
    """What is said about a qualification from before the mission. `proof`: a picture of the paper."""

    course: Course
    issued_on: date
    expires_on: date | None
    authority: str
    proof: IO[bytes] | None = None


def enter_earlier(record: TrainingRecord, data: EarlierInput, *, actor: Person) -> Qualification:
    """Enter one from before the mission; it counts once somebody else has confirmed the proof.

    Raises RefusedError, InvalidError.
    """
    require(policies.can_enter(actor, record))
    problems = _problems(record, data)
    if problems:
        raise InvalidError(problems)
    with verb("qualification.enter", actor=actor):
        open_to(record, data.course.office)
        made: Qualification = Qualification.objects.create(
            record=record,
            course=data.course,
            issued_on=data.issued_on,
            expires_on=data.expires_on,
            way=Way.EARLIER,
            authority=data.authority.strip(),
            entered_by=actor,
        )
        if data.proof is not None:
            _keep_proof(made, data.proof, actor)
        posts = policies.confirming_positions(made)
        notify(record, "qualification.entered", positions=posts, actor=actor, about=[made])
        return made


def _problems(record: TrainingRecord, data: EarlierInput) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    today = timezone.localdate()
    if data.issued_on > today:
        problems["issued_on"] = [_("This day is still to come.")]
    if not data.authority.strip():
        problems["authority"] = [_("Say who issued it.")]
    if data.proof is None:
        problems["proof"] = [_("Add a picture of the certificate.")]
    if data.expires_on is not None and data.expires_on < data.issued_on:
        problems["expires_on"] = [_("It would expire before it was issued.")]
    elif data.expires_on is not None and data.expires_on < today:
        problems["expires_on"] = [_("It has expired already, so it proves nothing now.")]
    longest = data.course.expiry(data.issued_on)
    if "expires_on" not in problems and longest is not None and (data.expires_on or date.max) > longest:
        words = _("This course holds good for %(months)d months: until %(day)s at most.")
        problems["expires_on"] = [
            words % {"months": data.course.validity_months, "day": f"{longest:%d %b %Y}"}
        ]
    same = Qualification.objects.unscoped("the parts of a record that the actor reads").filter(
        record=record, course=data.course, issued_on=data.issued_on, revoked_at__isnull=True
    )
    if same.exists():
        problems["course"] = [_("This course of that day is in the record already.")]
    return problems


def _keep_proof(qualification: Qualification, content: IO[bytes], actor: Person) -> None:
    picture = keep_picture(content, field="proof")
    Proof.objects.create(
        record=qualification.record,
        qualification=qualification,
        caption=str(qualification.course)[:200],
        added_by=actor,
        **vars(picture),
    )


def has_proof(qualification: Qualification) -> bool:
    """Whether a picture of the paper is there to be looked at."""
    rows = Proof.objects.unscoped("the proof of a qualification that the actor reads").standing()
    return rows.filter(qualification=qualification).exists()


def confirm_qualification(
    qualification: Qualification, *, actor: Person, version: int, seen: str = ""
) -> Qualification:
    """Confirm that the proof is right: from now on it counts, until it expires.

    `seen`: what was looked at instead, where no proof is attached. Raises RefusedError, InvalidError,
    StaleError.
    """
    with verb("qualification.confirm", actor=actor, reason=seen):
        current = lock_part(qualification, actor=actor, version=version)
        require(policies.can_confirm(actor, current))
        if not seen.strip() and not has_proof(current):
            raise InvalidError({"seen": [_("No proof is attached. Say what you have seen instead.")]})
        current.confirmed_at, current.confirmed_by, current.reason = timezone.now(), actor, seen.strip()
        save_changed_part(current)
        _tell(current, "qualification.confirmed", actor)
        return current


def revoke_qualification(
    qualification: Qualification, *, actor: Person, version: int, reason: str
) -> Qualification:
    """Take it back, with the reason; its certificate then says so. Raises RefusedError, StaleError."""
    need_reason(reason, _("Say why it counts no more."))
    with verb("qualification.revoke", actor=actor, reason=reason):
        current = lock_part(qualification, actor=actor, version=version)
        require(policies.can_revoke(actor, current))
        current.revoked_at, current.reason = timezone.now(), reason
        save_changed_part(current)
        _tell(current, "qualification.revoked", actor)
        return current


def certificate_of(code: str) -> Qualification | None:
    """What the code on a certificate stands for; None for one that is none, or that was never confirmed.

    Whoever holds the paper may verify it, signed in or not: the page tells what stands on the paper.
    """
    rows = Qualification.objects.unscoped("whoever holds the certificate verifies what stands on it")
    found: Qualification | None = (
        rows.filter(code=code, confirmed_at__isnull=False).select_related("record__person", "course").first()
    )
    return found


def _tell(qualification: Qualification, kind: str, actor: Person) -> None:
    """Tell the person whose it is."""
    record = qualification.record
    notify(record, kind, people=[record.person], actor=actor, about=[qualification])
