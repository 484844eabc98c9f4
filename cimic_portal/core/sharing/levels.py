"""The fixed words of the sharing rule: components and classification levels."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Component(models.IntegerChoices):
    """Who a person works for. The first three are the mission, the last two its partners."""

    MILITARY = 1, _("Military")
    POLICE = 2, _("Police")
    CIVILIAN = 3, _("Civilian")
    HUMANITARIAN = 4, _("Humanitarian")
    HOST_STATE = 5, _("Host state")

    @property
    def of_mission(self) -> bool:
        return self <= Component.CIVILIAN


class Classification(models.IntegerChoices):
    """How far a record may travel, and how far a person is cleared; the order is the meaning."""

    UNCLASSIFIED = 1, _("Unclassified")
    CONFIDENTIAL = 2, _("Confidential")
    STRICTLY_CONFIDENTIAL = 3, _("Strictly confidential")


class KeyKind(models.IntegerChoices):
    """The eight kinds of reader key. A key is `id * 8 + kind`, so no two kinds share a number.

    OWNER is the office that owns a record (read by its people, its heads and the heads above);
    OFFICE is an office named in an acting role (read by its own people only). AUTHOR is a person
    within one organisation: it ends when they leave that organisation.
    """

    OWNER = 0, "owner office"
    COMPONENT = 1, "component"
    PERSON = 2, "person"
    GRANT = 3, "grant"
    POSITION = 4, "position"
    ORGANISATION = 5, "organisation"
    AUTHOR = 6, "author within an organisation"
    OFFICE = 7, "office named"


# Ids beyond this would overflow the int4 keys; each keyed table carries it as a CHECK.
MAX_KEYED_ID = 2**28


def key(kind: KeyKind, pk: int) -> int:
    """The reader key of one office, person, …"""
    return pk * 8 + kind
