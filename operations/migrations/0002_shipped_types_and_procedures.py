"""The types of operation and the procedures the portal ships with; the mission edits them in the admin."""

from django.db import migrations

TYPES = [
    "Area security",
    "Joint patrol",
    "Humanitarian support",
    "Escort",
    "Engineering",
    "DDR support",
    "Electoral support",
    "Evacuation",
    "PoC response",
]

PROCEDURES = {
    ("Protection of civilians in planning", None): [
        "Threats to civilians in the area are described, with who is at risk of what",
        "The effect of the operation on civilians is among the risks, with a mitigation",
        "Women’s, youth and displaced people’s representatives were heard",
        "Schools, health facilities, displacement sites and water points in the area are listed",
        "Complaints from the population have an address during the operation",
    ],
    ("Humanitarian partners beside the operation", None): [
        "The UN-CMCoord officer knows period and area",
        "Humanitarian sites and movements in the area and period were looked up",
        "Nothing in the plan makes humanitarian partners look like part of the operation",
        "An emergency number for humanitarian partners is manned throughout",
    ],
    ("Casualty evacuation", None): [
        "A medical team and its position are named for every phase",
        "Landing sites are surveyed and named with their grid",
        "The time from injury to surgery is estimated and accepted by the medical officer",
        "Radio channel and words for an evacuation are known to every participant",
    ],
    ("Evacuation of civilians", "Evacuation"): [
        "The people to be moved agreed freely, in a language they understand",
        "Families stay together; children alone are handed to the child protection officer",
        "Reception at the destination is confirmed, with water, shelter and health care",
        "The list of people is kept by the humanitarian partner, not by the force",
    ],
}


def ship(apps, schema_editor):
    kind = apps.get_model("operations", "OperationType")
    for order, name in enumerate(TYPES, start=1):
        kind.objects.get_or_create(name=name, defaults={"order": order * 10})
    procedure = apps.get_model("operations", "Procedure")
    step = apps.get_model("operations", "ProcedureStep")
    for (name, of_kind), steps in PROCEDURES.items():
        found = kind.objects.filter(name=of_kind).first() if of_kind else None
        made, is_new = procedure.objects.get_or_create(name=name, defaults={"kind": found})
        if is_new:
            for order, text in enumerate(steps, start=1):
                step.objects.create(procedure=made, text=text, order=order * 10)


class Migration(migrations.Migration):
    dependencies = [("operations", "0001_tables")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
