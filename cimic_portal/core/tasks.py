"""What workers do for core. Tasks take ids and call services."""

from __future__ import annotations

from typing import Any

from celery import shared_task, signals

from cimic_portal.core.audit.seal import seal
from cimic_portal.core.outbox import handles
from cimic_portal.core.pulse import Pulse
from cimic_portal.core.services import (
    attachments,
    delegations,
    delivery,
    documents,
    factors,
    forgetting,
    letters,
    mail,
    notifications,
    outbox,
    people,
    proposals,
    stream,
)

handles(
    documents.MAKE,
    started=documents.mark_making,
    given_up=documents.mark_failed,
    tries=documents.TRIES,
    snapshot=True,
)(documents.make_document)
handles(notifications.TELL)(notifications.tell)
handles(notifications.MAIL)(mail.mail)
handles(people.PASSWORD_LINK)(letters.password_link)
handles(people.PASSWORD_CHANGED)(letters.password_changed)
handles(people.ADDRESS_CHANGED)(letters.address_changed)
handles(people.LEAVE)(people.leave)
handles(factors.FACTORS_CHANGED)(letters.factors_changed)
handles(factors.CODE_USED)(letters.recovery_code_used)
handles(delegations.DELEGATED)(letters.delegated)
handles(proposals.PROPOSED)(letters.proposed)
handles(proposals.DECIDED)(letters.proposal_decided)


@shared_task(name="cimic_portal.core.tasks.deliver")
def deliver(pk: int) -> None:
    """Do one outbox entry."""
    delivery.deliver(pk)


@shared_task(name="cimic_portal.core.tasks.sweep_outbox")
def sweep_outbox() -> None:
    """Hint what the broker lost."""
    outbox.sweep()


@shared_task(name="cimic_portal.core.tasks.tidy")
def tidy() -> None:
    """Drop what is no longer kept."""
    outbox.drop_done()
    notifications.drop_old()
    stream.drop_old()
    documents.drop_unowned_files()
    attachments.drop_unowned_files()


@shared_task(name="cimic_portal.core.tasks.seal_trail")
def seal_trail() -> None:
    """Seal what was added to the audit trail."""
    seal()


@shared_task(name="cimic_portal.core.tasks.forget")
def forget() -> None:
    """Anonymise what was decided."""
    forgetting.forget_decided()


_pulse = Pulse()


@signals.celeryd_after_setup.connect
def _know_queues(instance: Any, **_more: object) -> None:
    _pulse.queues = tuple(instance.app.amqp.queues.consume_from)


@signals.heartbeat_sent.connect
def _beat(**_more: object) -> None:
    _pulse.beat()
