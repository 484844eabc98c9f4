"""What people are told of modules."""

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.notices import NotificationKind

KINDS = [
    NotificationKind(
        "moduledraft.submitted",
        _("Module to publish: {title}, by {actor}"),
        _("A module waits to be published by you"),
        tone="waiting",
    ),
    NotificationKind(
        "moduledraft.returned",
        _("Your module was returned: {title}, by {actor}"),
        _("A module of yours was returned"),
        tone="refused",
    ),
    NotificationKind(
        "moduledraft.published",
        _("Your module is in the catalogue: {title}"),
        _("A module of yours was published"),
        tone="done",
        by_mail=False,
    ),
    NotificationKind(
        "module.passed",
        _("You passed a module"),
        _("You passed a module"),
        tone="done",
        by_mail=False,
        joins=("module",),
    ),
]
