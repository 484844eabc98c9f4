"""The kinds of guidance the portal ships with; the mission edits them in the admin."""

from django.db import migrations

KINDS = [
    "Policy",
    "Framework",
    "Directive",
    "Standard operating procedure",
    "Guideline",
    "Template",
]


def ship(apps, schema_editor):
    kind = apps.get_model("training", "GuidanceKind")
    for order, name in enumerate(KINDS, start=1):
        kind.objects.get_or_create(name=name, defaults={"order": order * 10})


class Migration(migrations.Migration):
    dependencies = [("training", "0004_training_rules")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
