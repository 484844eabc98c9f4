"""The training record of a person: made when it is first needed, and read by the right offices."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError
from cimic_portal.core.models import Holding, Office, Person
from cimic_portal.core.querysets import current
from training.models import Reads, RecordOffice, TrainingRecord, TrainingRules

WHY = "a training record is found for its person; whoever acts has been judged by the verb"
_BATCH = 2000


def record_of(person: Person) -> TrainingRecord:
    """The training record of the person, made when there is none yet. Part of the running transaction.

    Raises InvalidError at `person` for somebody who never held a post: no office could read it.
    """
    rows = TrainingRecord.objects.unscoped(WHY)
    found = rows.select_related("person", "owner_office").filter(person=person).first()
    if found is not None:
        return found
    offices = _offices_of([person.pk]).get(person.pk, [])
    if not offices:
        raise InvalidError({"person": [_("%(person)s holds no post now.") % {"person": person}]})
    made, _new = rows.get_or_create(
        person=person,
        defaults={"author": person, "owner_office_id": offices[0], "audience_components": []},
    )
    _follow({made: offices})
    return made


def open_to(record: TrainingRecord, office: Office | None) -> None:
    """Let the office that gives a course read the record. Part of the running transaction."""
    if office is not None and office.pk != record.owner_office_id:
        RecordOffice.objects.unscoped(WHY).get_or_create(record=record, office=office, why=Reads.COURSE)


def follow_person(person: int) -> None:
    """Make the record of a person, or move it, to the office of the post held now; if one is held."""
    offices = _offices_of([person])
    if offices:
        _make_missing([person], offices)
        rows = TrainingRecord.objects.unscoped(WHY).filter(person=person)
        _follow(dict.fromkeys(rows, offices[person]))


def follow_posts() -> int:
    """Make and move the records after their people: each to the office of the post held now. How many.

    For the sweep: posts begin and end by the clock, without a verb.
    """
    offices = _offices_of(None)
    changed = 0
    people = sorted(offices)
    for start in range(0, len(people), _BATCH):
        batch = people[start : start + _BATCH]
        with transaction.atomic():
            changed += _make_missing(batch, offices)
            rows = TrainingRecord.objects.unscoped(WHY).filter(person__in=batch)
            changed += _follow({row: offices[row.person_id] for row in rows})
    return changed


def _make_missing(people: list[int], offices: dict[int, list[int]]) -> int:
    known = TrainingRecord.objects.unscoped(WHY).filter(person__in=people).values_list("person_id", flat=True)
    missing = sorted(set(people) - set(known))
    rows = [
        TrainingRecord(person_id=person, author_id=person, owner_office_id=offices[person][0])
        for person in missing
    ]
    return len(TrainingRecord.objects.bulk_create(rows, ignore_conflicts=True))


def _offices_of(people: list[int] | None) -> dict[int, list[int]]:
    """The offices in which each person holds a post now, the one held longest first; None: of everybody."""
    held = Holding.objects.filter(current(timezone.now()), person__is_active=True)
    if people is not None:
        held = held.filter(person__in=people)
    found: dict[int, list[int]] = {}
    rows = held.order_by("person", "since", "pk").values_list("person_id", "position__office_id")
    for person, office in rows:
        if office not in found.setdefault(person, []):
            found[person].append(office)
    return found


def _centre() -> tuple[int | None, set[int]]:
    """The training centre, and the offices of its organisation."""
    centre = TrainingRules.in_force().centre
    if centre is None:
        return None, set()
    tree = Office.objects.filter(organisation=centre.organisation_id)
    return centre.pk, set(tree.values_list("pk", flat=True))


def _follow(records: dict[TrainingRecord, list[int]]) -> int:
    """Give each record the office of its person's post, and the others that read it. How many changed."""
    centre, served = _centre()
    moved = [record for record, offices in records.items() if record.owner_office_id != offices[0]]
    for record in moved:
        record.owner_office_id = records[record][0]
        record.save(update_fields=["owner_office", "updated_at"])
    wanted = {
        (record.pk, office, why)
        for record, offices in records.items()
        for office, why in _others(offices, centre, served)
    }
    rows = RecordOffice.objects.unscoped(WHY).filter(record__in=records).exclude(why=Reads.COURSE)
    stands = {(row.record_id, row.office_id, row.why): row.pk for row in rows}
    gone = [pk for key, pk in stands.items() if key not in wanted]
    if gone:
        RecordOffice.objects.unscoped(WHY).filter(pk__in=gone).delete()
    missing = sorted(wanted - set(stands))
    RecordOffice.objects.bulk_create(
        [RecordOffice(record_id=record, office_id=office, why=why) for record, office, why in missing],
        ignore_conflicts=True,
    )
    return len({*(record.pk for record in moved), *(record for record, _office, _why in missing)})


def _others(offices: list[int], centre: int | None, served: set[int]) -> list[tuple[int, str]]:
    others = [(office, Reads.POST.value) for office in offices[1:]]
    if centre is not None and centre not in offices and offices[0] in served:
        others.append((centre, Reads.CENTRE.value))
    return others
