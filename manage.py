#!/usr/bin/env python
"""The portal's command line."""

import os
import sys

# What builds tables runs as the role that owns them; `PORTAL_ROLE=owner` does the same for any command.
OWNER_COMMANDS = {"migrate", "makemigrations", "showmigrations", "sqlmigrate", "flush", "pgtrigger"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cimic_portal.settings.development")
    if OWNER_COMMANDS.intersection(sys.argv[1:2]):
        os.environ.setdefault("PORTAL_ROLE", "owner")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
