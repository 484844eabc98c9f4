"""The one row of rules for training; the mission names its training centre in the administration."""

from django.db import migrations


def enter(apps, schema_editor):
    apps.get_model("training", "TrainingRules").objects.get_or_create(id=1)


class Migration(migrations.Migration):
    dependencies = [("training", "0003_shipped_cases")]

    operations = [migrations.RunPython(enter, migrations.RunPython.noop)]
