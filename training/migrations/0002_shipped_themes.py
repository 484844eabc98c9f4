"""The themes of lessons the portal ships with; the mission edits them in the admin."""

from django.db import migrations

THEMES = [
    "Planning together",
    "Command and coordination",
    "Information and sharing",
    "Protection of civilians",
    "Contact with communities",
    "Humanitarian partners",
    "Movement and escort",
    "Logistics and assets",
    "Medical support",
    "Media and rumours",
    "Training and handover",
]


def ship(apps, schema_editor):
    theme = apps.get_model("training", "LessonTheme")
    for order, name in enumerate(THEMES, start=1):
        theme.objects.get_or_create(name=name, defaults={"order": order * 10})


class Migration(migrations.Migration):
    dependencies = [("training", "0001_tables")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
