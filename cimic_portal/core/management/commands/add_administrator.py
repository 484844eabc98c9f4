"""The first administrator of a new portal; every other person is entered in the administration."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cimic_portal.core.models import Person
from cimic_portal.core.services.letters import password_path
from cimic_portal.core.services.verbs import verb
from cimic_portal.core.sharing.levels import Classification, Component


class Command(BaseCommand):
    help = "Adds an administrator and prints the link by which they choose their password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("given_name")
        parser.add_argument("family_name")

    def handle(self, *args: Any, **options: Any) -> None:
        person = Person(
            email=options["email"].strip().lower(),
            given_name=options["given_name"],
            family_name=options["family_name"],
            component=Component.CIVILIAN,
            clearance=Classification.UNCLASSIFIED,
            is_staff=True,
        )
        person.set_unusable_password()
        try:
            person.full_clean()
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        with verb("person.add", actor=None, reason="add_administrator"):
            person.save()
        self.stdout.write(f"{person} chooses a password here, once, within two days:")
        self.stdout.write(settings.PORTAL_URL.rstrip("/") + password_path(person))
