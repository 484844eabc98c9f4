"""The rules of assets that the portal ships with; the mission edits them in the admin."""

from django.db import migrations


def ship(apps, schema_editor):
    apps.get_model("operations", "AssetRules").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("operations", "0005_asset_rules")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
