"""The kinds of asset that the portal ships with; the mission edits them in the admin."""

from django.db import migrations

KINDS = [
    ("Light vehicle", False),
    ("Armoured vehicle", False),
    ("Truck", False),
    ("Bus", False),
    ("Ambulance", False),
    ("Helicopter", False),
    ("Aeroplane", False),
    ("Unmanned aircraft", False),
    ("Boat", False),
    ("Engineer plant", False),
    ("Engineer team", False),
    ("Explosive ordnance disposal team", False),
    ("Medical team", False),
    ("Formed police unit platoon", False),
    ("Translator team", True),
    ("Community liaison team", True),
    ("Storage", False),
    ("Water and power", False),
    ("Communications", False),
    ("Meeting room", False),
]


def ship(apps, schema_editor):
    kind = apps.get_model("operations", "AssetKind")
    for order, (name, has_languages) in enumerate(KINDS, start=1):
        kind.objects.get_or_create(name=name, defaults={"has_languages": has_languages, "order": order * 10})


class Migration(migrations.Migration):
    replaces = [("operations", "0010_shipped_kinds_of_asset")]
    dependencies = [("operations", "0003_shipped_qip_criteria")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
