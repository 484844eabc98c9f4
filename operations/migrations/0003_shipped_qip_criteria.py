"""The criteria and rules that quick impact projects ship with; the mission edits them in the admin."""

from django.db import migrations

CRITERIA = [
    ("Non-recurrent", "It is done once; no running costs remain with the mission."),
    ("Quick impact", "People see the result within months, not years."),
    ("Visible", "The community sees what was done, and knows by whom."),
    ("Cost-effective", "The price is right for what it brings, compared with other ways."),
    ("Community ownership", "The community asked for it and will keep it up."),
    ("Urgency", "Waiting would cost more than acting now."),
    ("Support of local authorities", "Those in charge of the place agree, and say so."),
    ("Reliable partner", "Whoever carries it out can do so and accounts for the money."),
    ("No duplication of humanitarian work", "Humanitarian actors were asked; nobody does or plans the same."),
]


def ship(apps, schema_editor):
    criterion = apps.get_model("operations", "QipCriterion")
    for order, (name, help_text) in enumerate(CRITERIA, start=1):
        criterion.objects.get_or_create(name=name, defaults={"help_text": help_text, "order": order * 10})
    apps.get_model("operations", "QipRules").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    replaces = [("operations", "0005_shipped_qip_criteria")]
    dependencies = [("operations", "0002_shipped_types_and_procedures")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
