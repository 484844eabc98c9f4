"""Mail to one person about their own account; written and sent by the workers."""

from __future__ import annotations

from email.utils import parseaddr
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.http import int_to_base36
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.models import Delegation, Person, Proposal, ProposalState, SecondFactor
from cimic_portal.core.services.people import link_tokens

if TYPE_CHECKING:
    from cimic_portal.core.models import OutboxEntry


PROPOSALS = "admin:core_proposal_changelist"
FACTOR_WORDS = {
    SecondFactor.Type.TOTP: gettext_lazy("authenticator app"),
    SecondFactor.Type.WEBAUTHN: gettext_lazy("passkey or security key"),
    SecondFactor.Type.RECOVERY_CODES: gettext_lazy("recovery codes"),
}

_BY_OWNER = gettext_lazy(
    "This was done on your own page. If it was not you, choose a new password at once and tell an "
    "administrator."
)
_BY_ADMINISTRATOR = gettext_lazy(
    "An administrator did this; every device was signed out and every token ended. If you did not ask "
    "for it, tell an administrator by another way than mail."
)


def password_path(person: Person) -> str:
    """The address at which the person chooses a password: works once, for two days. A secret."""
    return reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": int_to_base36(person.pk), "key": link_tokens.make_token(person)},
    )


def password_link(entry: OutboxEntry) -> None:
    """The link by which a person chooses a password. It is made here, so that the outbox holds none."""
    person = Person.objects.filter(pk=entry.payload["person"], is_active=True).first()
    if person is None:
        return
    path = password_path(person)
    with translation.override(settings.LANGUAGE_CODE):
        if person.has_usable_password():
            subject = _("Choose a new password")
            text = _(
                "Someone, hopefully you, asked for a new password. The link below works once, for two days. "
                "If it was not you, do nothing: your password stays as it is."
            )
        else:
            subject = _("Your account in the coordination portal")
            text = _(
                "An administrator opened an account for you. Choose your password with the link below; "
                "it works once, for two days. Afterwards you sign in with this mail address."
            )
        _send(entry, person.email, subject, text, path)


def password_changed(entry: OutboxEntry) -> None:
    """Tell a person that their password changed, in case it was not them."""
    person = Person.objects.filter(pk=entry.payload["person"], is_active=True).first()
    if person is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        text = _(
            "Your password was changed, every other device was signed out and every token ended. "
            "If it was not you, choose a new one at once and tell an administrator."
        )
        _send(entry, person.email, _("Your password was changed"), text, reverse("account_reset_password"))


def factors_changed(entry: OutboxEntry) -> None:
    """Tell a person which of their second factors came and went, in case it was not them."""
    person = Person.objects.filter(pk=entry.payload["person"], is_active=True).first()
    if person is None:
        return
    kinds = {value: str(label) for value, label in FACTOR_WORDS.items()}
    with translation.override(settings.LANGUAGE_CODE):
        lines = [_("Added: %s.") % kinds[kind] for kind in entry.payload["added"]]
        lines += [_("Removed: %s.") % kinds[kind] for kind in entry.payload["removed"]]
        who = _BY_OWNER if entry.payload["by_owner"] else _BY_ADMINISTRATOR
        text = "\n".join([*lines, "", str(who)])
        _send(entry, person.email, _("Your second factor was changed"), text, reverse("mfa_index"))


def recovery_code_used(entry: OutboxEntry) -> None:
    """Tell a person that one of their recovery codes let somebody in."""
    person = Person.objects.filter(pk=entry.payload["person"], is_active=True).first()
    if person is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        text = _(
            "Somebody signed in as you with one of your recovery codes; it does not work again. "
            "If it was not you, choose a new password at once and tell an administrator."
        )
        _send(entry, person.email, _("A recovery code was used"), text, reverse("mfa_index"))


def address_changed(entry: OutboxEntry) -> None:
    """Tell the former address of a person that another one signs in now."""
    person = Person.objects.get(pk=entry.payload["person"])
    former = person.events.filter(pgh_id=entry.payload["event"]).first()
    if former is None or former.email == person.email:
        return
    with translation.override(settings.LANGUAGE_CODE):
        text = _(
            "An administrator changed the address with which you sign in; this one no longer opens your "
            "account. If you do not know of it, tell an administrator by another way than mail."
        )
        _send(entry, former.email, _("Your address for signing in was changed"), text, "")


def delegated(entry: OutboxEntry) -> None:
    """Tell a delegate that they act for a position, and for how long."""
    rows = Delegation.objects.select_related("delegate", "delegator", "position__office")
    given = rows.filter(pk=entry.payload["delegation"], delegate__is_active=True).first()
    if given is None:
        return
    zone = timezone.get_default_timezone()
    with translation.override(settings.LANGUAGE_CODE):
        text = _(
            "%(delegator)s lets you act for the position “%(position)s” from %(since)s to %(until)s. "
            "What you may do for it, and what waits, stands on your home page meanwhile."
        ) % {
            "delegator": given.delegator,
            "position": given.position,
            "since": f"{given.since.astimezone(zone):%d %b %Y, %H:%M}",
            "until": f"{given.until.astimezone(zone):%d %b %Y, %H:%M}",
        }
        _send(entry, given.delegate.email, _("You deputise for a position"), text, reverse("me"))


def proposed(entry: OutboxEntry) -> None:
    """Tell an administrator that something waits for a second one."""
    asked = Proposal.objects.select_related("proposed_by").get(pk=entry.payload["proposal"])
    person = Person.objects.filter(pk=entry.payload["person"], is_active=True, is_staff=True).first()
    if person is None or asked.state != ProposalState.WAITING:
        return
    with translation.override(settings.LANGUAGE_CODE):
        text = _("%(who)s proposes: %(what)s. Another administrator confirms or refuses it.")
        words = text % {"who": asked.proposed_by, "what": asked}
        _send(entry, person.email, _("A proposal waits for you"), words, reverse(PROPOSALS))


def proposal_decided(entry: OutboxEntry) -> None:
    """Tell whom it concerns, and both administrators, what was decided."""
    decided = Proposal.objects.select_related("proposed_by", "decided_by").get(pk=entry.payload["proposal"])
    person = Person.objects.filter(pk=entry.payload["person"], is_active=True).first()
    if person is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        text = _(
            "%(what)s: %(state)s. It was proposed by %(proposer)s and decided by %(decider)s. "
            "If you know of a reason against it, tell an administrator."
        ) % {
            "what": decided,
            "state": decided.get_state_display(),
            "proposer": decided.proposed_by,
            "decider": decided.decided_by,
        }
        path = reverse(PROPOSALS) if person.is_staff else reverse("me")
        _send(entry, person.email, _("A clearance or head post was decided"), text, path)


def _send(entry: OutboxEntry, to: str, subject: str, text: str, path: str) -> None:
    base = settings.PORTAL_URL.rstrip("/")
    context = {"text": text, "link": base + path if path else "", "mission_name": settings.MISSION_NAME}
    # A repeated try carries the same name, so that the mail server can drop it.
    name = salted_hmac("core.letters", str(entry.pk), algorithm="sha256").hexdigest()[:32]
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    EmailMessage(
        subject=f"[{settings.MISSION_NAME}] {subject}",
        body=render_to_string("emails/letter.txt", context),
        to=[to],
        headers={"Message-ID": f"<{name}@{host}>", "Auto-Submitted": "auto-generated"},
    ).send()
