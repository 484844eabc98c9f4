"""The ranks, forms of address, marks and rules that the portal ships with; the mission edits them in the admin."""

from django.db import migrations

ADDRESSES = [
    *("Ms", "Mr", "Mx", "Dr", "Prof", "Amb", "Hon", "Chief", "El Hadj", "Sister", "Father", "Imam"),
    *("Pte", "Cpl", "Sgt", "WO", "2Lt", "Lt", "Cpt", "Maj", "Lt Col", "Col", "Brig Gen", "Maj Gen", "Lt Gen"),
    *("Gen", "Lt Cdr", "Cdr", "Insp", "Supt", "Commissioner"),
]
MARKS = [
    (1, "M", "triangle", "olive"),
    (2, "P", "diamond", "navy"),
    (3, "C", "circle", "sky"),
    (4, "H", "square", "teal"),
    (5, "S", "pentagon", "violet"),
]


def ship(apps, schema_editor):
    address, mark = apps.get_model("core", "FormOfAddress"), apps.get_model("core", "ComponentMark")
    for order, name in enumerate(ADDRESSES, start=1):
        address.objects.get_or_create(name=name, defaults={"order": order * 10})
    for component, letter, shape, tint in MARKS:
        drawn = {"letter": letter, "shape": shape, "tint": tint}
        mark.objects.get_or_create(component=component, defaults=drawn)
    apps.get_model("core", "RetentionRules").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("core", "0009_settings_of_the_mission")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
