"""One record and what is done to it, and the pages that tell of several."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from cimic_portal.core.models import Document, Notification, Person, ReadEntry
from liaison.models import Contact, Engagement, Tasking
from operations.models import Asset, Operation, Qip
from tests.leak.surfaces import API_NAMES, API_VERBS, NOUNS, STALE, TELLS_NO_RECORD, VERBS, routes, surface
from tests.leak.visitor import Visitor
from tests.leak.world import found_in, mark, references_in
from training.models import Guidance, Lesson


@surface("home", "home")
def _home(visitor: Visitor) -> None:
    visitor.get("/")


@surface("one record", *(route for _model, _listing, route in NOUNS))
def _one_record(visitor: Visitor) -> None:
    """The page of each record with its parts, links and history: whoever may see it reads its words."""
    for model, _listing, _route in NOUNS:
        for record in visitor.some(visitor.world.records[model]):
            address = record.get_absolute_url()
            answer = visitor.must_open(address, record)
            if visitor.sees(record) and visitor.enters:
                own = {visitor.world.number_of[record]}
                visitor.must_tell(address, answer.said, own, own)


@surface("one record in the API", *(f"api:{route}-detail" for _model, _listing, route in NOUNS))
def _api_record(visitor: Visitor) -> None:
    for model, _listing, route in NOUNS:
        for record in visitor.some(visitor.world.records[model]):
            visitor.must_open(reverse(f"api:{route}-detail", args=[record.reference]), record)


EDITED = (
    (Engagement, "engagement_edit"),
    (Contact, "contact_edit"),
    (Operation, "operation_edit"),
    (Operation, "operation_frame"),
    (Qip, "qip_edit"),
    (Asset, "asset_edit"),
    (Lesson, "lesson_edit"),
    (Guidance, "guidance_edit"),
)


@surface("edit pages", *(route for _model, route in EDITED))
def _edit(visitor: Visitor) -> None:
    for model, route in EDITED:
        for record in visitor.some(visitor.world.records[model]):
            visitor.must_open(reverse(route, args=[record.reference]), record)


@surface("lesson from an operation", "lesson_record")
def _lesson_from(visitor: Visitor) -> None:
    """The form names the operation, and begins with its type, area and readers."""
    visitor.get(reverse("lesson_record"))
    for operation in visitor.some(visitor.world.records[Operation]):
        address = f"{reverse('lesson_record')}?operation={operation.reference}"
        visitor.must_open(address, operation, answer=visitor.get(address))


@surface("verbs", *(f"{route}_verb" for route in VERBS))
def _verbs(visitor: Visitor) -> None:
    """The page of a verb, and the verb itself on a version that never was: refusals and error texts."""
    for model, _listing, route in [noun for noun in NOUNS if noun[2] in VERBS]:
        for index, record in visitor.some(enumerate(visitor.world.records[model])):
            verb = VERBS[route][index % len(VERBS[route])]
            address = reverse(f"{route}_verb", args=[record.reference, verb])
            if visitor.sees(record):
                visitor.must_open(address, record)
                visitor.must_open(reverse(f"{route}_verb", args=[record.reference, "grant"]), record)
            visitor.must_open(
                address, record, answer=visitor.post(address, {"version": STALE, "reason": "Why"})
            )


@surface(
    "verbs in the API",
    *(f"api:{route}-{API_NAMES.get(verb, verb)}" for route in API_VERBS for verb in API_VERBS[route]),
    tells=False,
)
def _api_verbs(visitor: Visitor) -> None:
    for model, _listing, route in [noun for noun in NOUNS if noun[2] in API_VERBS]:
        for index, record in visitor.some(enumerate(visitor.world.records[model])):
            verb = API_VERBS[route][index % len(API_VERBS[route])]
            address = reverse(f"api:{route}-{API_NAMES.get(verb, verb)}", args=[record.reference])
            sent = {"version": STALE, "reason": "Why", "outcome": "Done"}
            visitor.must_open(address, record, answer=visitor.post_json(address, sent))


@surface("photos", "qip_photo", "qip_photo_small", "api:qip-photo", "qip_photo_strike", "qip_photo_add")
def _photos(visitor: Visitor) -> None:
    """A photo is there for whoever may see its project and is cleared for the photo itself."""
    for photo, number in visitor.some(visitor.world.photos.items()):
        qip = photo.qip
        may = visitor.sees(qip) and visitor.person.clearance >= photo.classification
        for route in ("qip_photo", "qip_photo_small", "api:qip-photo", "qip_photo_strike"):
            address = reverse(route, args=[qip.reference, photo.pk])
            answer = visitor.get(address)
            if visitor.enters and (answer.status_code == 404) == may:
                visitor.fault(f"{address}: {answer.status_code}")
            if route != "qip_photo_strike":
                visitor.must_tell(address, answer.said, {number} if may else set(), {number})
        visitor.must_open(reverse("qip_photo_add", args=[qip.reference]), qip)


@surface("parts of a project", "qip_milestone", "qip_payment_strike")
def _parts_of_project(visitor: Visitor) -> None:
    for part, route in visitor.some(visitor.world.project_parts):
        address = reverse(route, args=[part.qip.reference, part.pk])
        visitor.must_open(address, part.qip)
        sent = {"version": STALE, "reason": "Why", "done_on": "2026-01-01", "note": "Seen"}
        visitor.must_open(address, part.qip, answer=visitor.post(address, sent))


@surface(
    "documents",
    "document_progress",
    "document_fetch",
    "document_release",
    "document_again",
    "api:document-file",
)
def _documents(visitor: Visitor) -> None:
    """A file only while every source may be seen; what else a document has, with the document."""
    told = visitor.world.may_be_told(visitor.person)
    for document in visitor.some(visitor.world.records[Document]):
        for route in ("document_fetch", "api:document-file"):
            address = reverse(route, args=[document.reference])
            answer = visitor.must_open(address, document)
            number = visitor.world.file_of[document]
            visitor.must_tell(address, answer.said, {number} & told, {number})
        visitor.must_open(reverse("document_progress", args=[document.reference]), document)
        address = reverse("document_release", args=[document.reference])
        visitor.must_open(
            address, document, answer=visitor.post(address, {"version": STALE, "reason": "Why"})
        )
        if not visitor.sees(document):
            address = reverse("document_again", args=[document.reference])
            visitor.must_open(address, document, answer=visitor.post(address))


@surface("log a contact", "log_contact", "contact_add")
def _log_contact(visitor: Visitor) -> None:
    """What is already known is offered from what the person may see only."""
    for tasking in visitor.some(visitor.world.records[Tasking]):
        visitor.get(f"{reverse('log_contact')}?tasking={tasking.reference}")
    for contact in visitor.some(visitor.hidden(Contact)):
        sent = {
            "met-TOTAL_FORMS": "1",
            "met-INITIAL_FORMS": "0",
            "met-0-contact": contact.reference,
            "met-0-contact_text": contact.name,
            "own-TOTAL_FORMS": "0",
            "own-INITIAL_FORMS": "0",
            "promises-TOTAL_FORMS": "0",
            "promises-INITIAL_FORMS": "0",
        }
        visitor.post(reverse("log_contact"), sent, contact.name, contact.reference)
        office = next(iter(visitor.person.access.offices), 0)
        sent = {"name": contact.name, "office": str(office), "classification": "1"}
        visitor.post(reverse("contact_add"), sent, contact.name)


@surface(
    "notifications", "notifications", "notification_open", "notifications_count", "api:notification-list"
)
def _notifications(visitor: Visitor) -> None:
    """Lines about records that were hidden since are gone, and so is their count."""
    Notification.objects.filter(person=visitor.person).update(read_at=None)
    seen = sum(len(visitor.visible(model)) for model in visitor.world.records)
    visitor.get(reverse("notifications"))
    answer = visitor.get(reverse("notifications_count"))
    if visitor.enters and str(min(seen, 99)) not in answer.said and seen:
        visitor.fault(f"notifications_count: does not say {seen}")
    visitor.get(f"{reverse('api:notification-list')}?limit=200")
    for line in visitor.some(Notification.objects.filter(person=visitor.person)):
        answer = visitor.get(reverse("notification_open", args=[line.pk]))
        record = next(
            one
            for one in visitor.world.number_of
            if (one._meta.label, one.pk) == (line.record_model, line.record_id)
        )
        if not visitor.sees(record) and answer.status_code == 302 and record.reference in answer.said:
            visitor.fault("notification_open leads to a hidden record")


@surface("pages of what records point at", "organisation", "area", "place")
def _pages_around(visitor: Visitor) -> None:
    """Organisations, areas and places list the records that point at them."""
    for record in visitor.some((*visitor.world.records[Tasking], *visitor.world.records[Contact])):
        visitor.get(reverse("organisation", args=[record.organisation_id]))  # type: ignore[attr-defined]
    for name, key in (("area", visitor.world.area.pcode), ("place", visitor.world.place.pk)):
        visitor.get(reverse(name, args=[key]))


@surface("one promise", "commitment_settle", "api:commitment-detail", "api:commitment-settle")
def _promise(visitor: Visitor) -> None:
    for promise in visitor.some(visitor.world.promises.values()):
        engagement = promise.engagement
        visitor.must_open(reverse("commitment_settle", args=[engagement.reference, promise.pk]), engagement)
        visitor.must_open(reverse("api:commitment-detail", args=[promise.pk]), engagement)
        address = reverse("api:commitment-settle", args=[promise.pk])
        visitor.must_open(address, engagement, answer=visitor.post_json(address, {"version": STALE}))


@surface("everything else", *TELLS_NO_RECORD, tells=False)
def _everything_else(visitor: Visitor) -> None:
    """Opened by everybody; what needs a key gets one that fits."""
    keys = {"pk": 1, "name": "engagements", "pcode": "CN", "uidb36": "1", "key": "a-b", "code": "A"}
    keys |= {"number": 1, "edition": 1, "step": "archive"}
    # Signing out would end the visit.
    named = sorted(set(routes()) & TELLS_NO_RECORD.keys() - {"account_logout", "admin:logout"})
    for name in visitor.some(named):
        pattern = routes()[name]
        visitor.get(reverse(name, kwargs={key: keys[key] for key in pattern.pattern.regex.groupindex}))


@surface("administration", *(f"admin:{name}" for name in ("index", "app_list", "autocomplete")))
def _administration(visitor: Visitor) -> None:
    """Every list, search, row and history of the admin; by number as well as by reference."""
    visitor.get("/admin/")
    for model, site in admin.site._registry.items():
        label = f"{model._meta.app_label}_{model._meta.model_name}"
        visitor.get(f"/admin/{model._meta.app_label}/")
        changelist = reverse(f"admin:{label}_changelist")
        visitor.get(changelist)
        visitor.get(reverse(f"admin:{label}_add"))
        for record in visitor.some(visitor.world.records.get(model, [])):  # type: ignore[call-overload]
            word = mark(visitor.world.number_of[record])
            if site.search_fields:
                visitor.get(f"{changelist}?q={word}", word)
            for page in ("change", "history", "delete"):
                for key in (record.reference, record.pk):
                    visitor.get(reverse(f"admin:{label}_{page}", args=[key]))
        for name in site.autocomplete_fields:
            query = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}&field_name={name}"
            visitor.get(f"/admin/autocomplete/?term=qzkw&{query}")


@surface("broken glass", "admin:glass", "admin:glass_record", tells=False)
def _broken_glass(visitor: Visitor) -> None:
    """Nobody has broken any: there is nothing behind it, for administrators either."""
    visitor.get("/admin/glass/")
    for record in visitor.some(visitor.world.number_of):
        address = reverse("admin:glass_record", args=[record.reference])
        answer = visitor.get(address)
        if answer.status_code == 200:
            visitor.fault(f"{address}: opens though no glass is broken")


@surface("audit trail", "admin:trail")
def _audit_trail(visitor: Visitor) -> None:
    """Each as an administrator: by kind, reference, person and verb they find what they may read, no more."""
    Person.objects.filter(pk=visitor.person.pk).update(is_staff=True)
    for model, _listing, _route in NOUNS:
        records = visitor.world.records[model]
        kind = f"/admin/trail/?kind={model._meta.label_lower}"
        answer = visitor.get(kind)
        told = set(references_in(answer.said, records))
        expected = {one for one in records if visitor.enters and visitor.sees(one)}
        if 'rel="next"' not in answer.said and expected - told:
            visitor.fault(f"{kind}: records that may be read are missing")
        for record in visitor.some(records):
            found = visitor.get(f"{kind}&record={record.reference}")
            if visitor.enters and not visitor.sees(record) and "Nothing was found" not in found.said:
                visitor.fault(f"{kind}: finds {record} by its reference")
            visitor.get(f"{kind}&person={record.author.email}&verb=insert")


@surface("note of monitoring", "diligence_strike")
def _note_of_monitoring(visitor: Visitor) -> None:
    for note in visitor.some(visitor.world.notes):
        address = reverse("diligence_strike", args=[note.operation.reference, note.pk])
        visitor.must_open(address, note.operation)


@surface("my data", "my_data", tells=False)
def _my_data(visitor: Visitor) -> None:
    """What is held about the reader: of what they once read, only what they may read now."""
    marks = [f"{one._meta.model_name}:{one.reference}" for one in visitor.world.number_of]
    ReadEntry.objects.create(person=visitor.person, surface="page", records=marks)
    answer = visitor.get(reverse("my_data"))
    told = set(references_in(answer.said, visitor.world.number_of))
    expected = {one for one in visitor.world.number_of if visitor.enters and visitor.sees(one)}
    if told != expected:
        visitor.fault(f"reads: {len(told)} records instead of {len(expected)}")


@surface("retention", "retention", "retention_decide")
def _retention(visitor: Visitor) -> None:
    """All contacts are due: an administrator is shown those alone that the rule opens, others none."""
    Person.objects.filter(pk=visitor.person.pk).update(is_staff=True)
    long_ago = timezone.now() - timedelta(days=2000)
    Contact.objects.unscoped("long ago").update(updated_at=long_ago)
    Engagement.objects.unscoped("long ago").update(starts_at=long_ago, ends_at=None)
    visitor.get(reverse("retention"))
    answer = visitor.get(reverse("retention_decide", args=["contact"]))
    told = {number for number in found_in(answer.said) if number in visitor.world.items}
    if visitor.enters and visitor.visible(Contact) - told:
        visitor.fault("contacts that may be read are missing")
