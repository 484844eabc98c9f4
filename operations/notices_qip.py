"""What people are told of quick impact projects."""

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.notices import NotificationKind

QIP_KINDS = [
    NotificationKind(
        "qip.submitted",
        _("Proposal for the committee: {title}, by {actor}"),
        _("A proposal waits for the committee that a position of yours chairs"),
        tone="waiting",
    ),
    NotificationKind(
        "qip.vote",
        _("Your vote is asked for as {position}: {title}"),
        _("The vote of a position of yours is asked for"),
        tone="waiting",
    ),
    NotificationKind(
        "qip.quorum",
        _("The committee has a quorum, you can decide: {title}"),
        _("A proposal that a position of yours decides has reached its quorum"),
        tone="waiting",
    ),
    NotificationKind(
        "qip.returned",
        _("Your proposal was returned: {title}, by {actor}"),
        _("A proposal of yours was returned"),
        tone="refused",
    ),
    NotificationKind(
        "qip.approved",
        _("Your proposal was approved: {title}"),
        _("A proposal of yours was approved"),
        tone="done",
    ),
    NotificationKind(
        "qip.not_approved",
        _("Your proposal was not approved: {title}"),
        _("A proposal of yours was not approved"),
        tone="refused",
    ),
    NotificationKind(
        "qip.started",
        _("Work has begun: {title}"),
        _("Work on a project has begun that a committee of yours approved"),
        by_mail=False,
    ),
    NotificationKind(
        "qip.milestone_due",
        _("A milestone comes near: {title}"),
        _("A milestone of a project of yours comes near"),
        tone="waiting",
        by_mail=False,
    ),
    NotificationKind(
        "qip.milestone_overdue",
        _("A milestone is overdue: {title}"),
        _("A milestone of a project of yours, or of your office, is overdue"),
        tone="refused",
    ),
    NotificationKind(
        "qip.completed",
        _("Completion report to accept: {title}, by {actor}"),
        _("A completion report waits for a position of yours"),
        tone="waiting",
    ),
    NotificationKind(
        "qip.reopened",
        _("More is asked for than your completion report says: {title}, by {actor}"),
        _("More is asked for than a completion report of yours says"),
        tone="refused",
    ),
    NotificationKind(
        "qip.closed",
        _("Project closed: {title}, by {actor}"),
        _("A project of yours was closed"),
        tone="done",
        by_mail=False,
    ),
    NotificationKind(
        "qip.cancelled",
        _("Project cancelled: {title}, by {actor}"),
        _("A project that you know of was cancelled"),
        tone="draft",
    ),
]
