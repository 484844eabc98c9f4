"""The kinds of engagement the portal ships with; the mission edits them in the admin."""

from django.db import migrations

KINDS = [
    ("Key leader engagement", True),
    ("Liaison meeting", False),
    ("Phone or radio call", False),
    ("Field visit", False),
    ("Community meeting", False),
    ("Coordination forum", False),
    ("Assessment", False),
]


def ship(apps, schema_editor):
    kind = apps.get_model("liaison", "EngagementKind")
    for order, (name, is_key_leader) in enumerate(KINDS, start=1):
        kind.objects.get_or_create(name=name, defaults={"is_key_leader": is_key_leader, "order": order * 10})


class Migration(migrations.Migration):
    dependencies = [("liaison", "0001_tables")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
