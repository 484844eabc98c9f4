"""What people are told of guidance."""

from django.utils.translation import gettext_lazy as _

from cimic_portal.core.notices import NotificationKind

KINDS = [
    NotificationKind(
        "guidance.asked",
        _("To comment on as {position}: {title}, from {actor}"),
        _("A position of yours is asked to comment on guidance in review"),
        tone="waiting",
    ),
    NotificationKind(
        "guidance.submitted",
        _("To bring into force or return as {position}: {title}, from {actor}"),
        _("Guidance waits for the decision of a position of yours"),
        tone="waiting",
    ),
    NotificationKind(
        "guidance.taken_back",
        _("Taken back from review: {title}, by {actor}"),
        _("Guidance was taken back from review"),
        tone="draft",
        by_mail=False,
    ),
    NotificationKind(
        "guidance.commented",
        _("Comment on {title}, by {actor}"),
        _("Guidance that you write was commented on"),
        by_mail=False,
    ),
    NotificationKind(
        "guidance.comment_answered",
        _("Your comment on {title} was answered by {actor}"),
        _("A comment of yours on guidance was answered"),
        by_mail=False,
    ),
    NotificationKind(
        "guidance.answered",
        _("{actor} has reviewed {title}"),
        _("A reviewer of guidance that you write has answered"),
        by_mail=False,
    ),
    NotificationKind(
        "guidance.objected",
        _("{actor} does not agree with {title}"),
        _("A reviewer does not agree with guidance in review"),
        tone="refused",
    ),
    NotificationKind(
        "guidance.all_answered",
        _("All reviewers have answered; it waits for {position}: {title}"),
        _("All reviewers of guidance have answered; it waits for your decision"),
        tone="waiting",
    ),
    NotificationKind(
        "guidance.review_silent",
        _("A reviewer is silent past the day: {title}. Silence is not consent."),
        _("A reviewer of guidance is silent past the day"),
        tone="refused",
    ),
    NotificationKind(
        "guidance.returned",
        _("Returned to be worked on: {title}, by {actor}"),
        _("Guidance that you write was returned"),
        tone="refused",
    ),
    NotificationKind(
        "guidance.approved",
        _("Approved, and in force on its day: {title}, by {actor}"),
        _("Guidance of yours was approved and comes into force on its day"),
        tone="done",
        by_mail=False,
    ),
    NotificationKind(
        "guidance.in_force",
        _("In force: {title}"),
        _("Guidance of yours came into force"),
        tone="done",
        by_mail=False,
    ),
    NotificationKind(
        "guidance.acknowledge",
        _("To read and acknowledge: {title}"),
        _("There is guidance for you to read and acknowledge"),
        tone="waiting",
    ),
    NotificationKind(
        "guidance.acknowledge_due",
        _("To acknowledge within three days: {title}"),
        _("Guidance waits for your acknowledgement within three days"),
        tone="waiting",
    ),
    NotificationKind(
        "guidance.acknowledge_overdue",
        _("Your acknowledgement is overdue: {title}"),
        _("Your acknowledgement of guidance is overdue"),
        tone="refused",
    ),
    NotificationKind(
        "guidance.acknowledge_escalated",
        _("People of your office have not acknowledged {title}"),
        _("People of your office have not acknowledged guidance in time"),
        tone="refused",
    ),
    NotificationKind(
        "guidance.review_due",
        _("The review falls due: {title}, for {position}"),
        _("The review of guidance falls due"),
        tone="waiting",
    ),
    NotificationKind(
        "guidance.review_overdue",
        _("The review is overdue: {title}, for {position}"),
        _("The review of guidance is overdue"),
        tone="refused",
    ),
    NotificationKind(
        "guidance.confirmed",
        _("Reviewed, still right: {title}, by {actor}"),
        _("Guidance of yours was reviewed and is still right"),
        tone="done",
        by_mail=False,
    ),
    NotificationKind(
        "guidance.withdrawn",
        _("Withdrawn: {title}, by {actor}"),
        _("Guidance of yours was withdrawn"),
        tone="refused",
    ),
]
