"""People, positions and who holds them, as administrators enter them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cimic_portal.core.forms.suggest import AddressInput
from cimic_portal.core.models import Holding, Person, Position, SharingGroup
from cimic_portal.core.own import own_change, refuse_own
from cimic_portal.core.sharing.levels import Classification


class ProposingForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form of which a part may have to wait for a second administrator; `reason` is for them."""

    actor: ClassVar[Person]
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=200,
        help_text=gettext_lazy(
            "Needed for a higher clearance or a head post: these wait until another administrator "
            "confirms them."
        ),
    )

    def need_reason(self) -> None:
        """Beside the field, where something has to wait."""
        if not self.cleaned_data.get("reason", "").strip() and "reason" not in self.errors:
            self.add_error("reason", _("Say why; the administrator who confirms it reads this."))


class PersonForm(ProposingForm):
    """Nobody changes their own clearance, component, activity or administrator mark.

    `proposed_clearance`: the higher one that waits; the row keeps the one that stands.
    """

    proposed_clearance: int | None = None
    own_fields = frozenset({"component", "clearance", "is_active", "is_staff"})

    class Meta:
        model = Person
        fields = (
            "form_of_address",
            "given_name",
            "family_name",
            "email",
            "phone",
            "languages",
            "component",
            "clearance",
            "is_active",
            "is_staff",
        )
        widgets: ClassVar[dict[str, Any]] = {"form_of_address": AddressInput}

    def clean_email(self) -> str:
        """In lower case, as people sign in with it."""
        email: str = self.cleaned_data["email"].strip().lower()
        if Person.objects.filter(email=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Someone else signs in with this address."))
        return email

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        refuse_own(self.actor, self.instance, self.changed_data, set(self.own_fields))
        asked, stands = cleaned.get("clearance"), self._standing_clearance()
        if asked is not None and asked > stands:
            self.need_reason()
            self.proposed_clearance, cleaned["clearance"] = asked, stands
        return cleaned

    def _standing_clearance(self) -> int:
        row = Person.objects.filter(pk=self.instance.pk).values_list("clearance", flat=True).first()
        return row or Classification.UNCLASSIFIED


class PositionForm(ProposingForm):
    """One head and one releasing position in an office; nobody lifts a position of their own.

    `proposes_head`: somebody holds the post that is to become head, so the mark waits.
    """

    proposes_head: bool = False
    own_fields = frozenset({"office", "is_head", "is_releasing", "is_archived"})

    class Meta:
        model = Position
        fields = ("office", "title", "is_head", "is_releasing", "is_archived")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        held = self.instance.pk in self.actor.access.positions
        touched = self.own_fields.intersection(self.changed_data) if held else frozenset()
        problems: dict[str, Any] = {name: own_change() for name in touched}
        for mark, words in (
            ("is_head", _("%(position)s is the head of this office. Take the mark from it first.")),
            ("is_releasing", _("%(position)s releases for this office. Take the mark from it first.")),
        ):
            other = self._other(mark) if cleaned.get(mark) else None
            if other is not None:
                problems.setdefault(mark, words % {"position": other.title})
        if problems:
            raise ValidationError(problems)
        if cleaned.get("is_head") and "is_head" in self.changed_data and self._is_held():
            self.need_reason()
            self.proposes_head, cleaned["is_head"] = True, False
        return cleaned

    def _is_held(self) -> bool:
        held = Holding.objects.filter(position=self.instance.pk).exclude(until__lte=timezone.now())
        return self.instance.pk is not None and held.exists()

    def _other(self, mark: str) -> Position | None:
        office = self.cleaned_data.get("office")
        if office is None or office.pk is None:
            return None
        rows = Position.objects.filter(office=office, **{mark: True})
        return rows.exclude(pk=self.instance.pk).first()


class HoldingForm(ProposingForm):
    """Someone else's service in a position, over a period. A new one in a head post waits."""

    class Meta:
        model = Holding
        fields = ("person", "position", "since", "until")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        person = self.instance.person if self.instance.pk else cleaned.get("person")
        if person is not None and person.pk == self.actor.pk and self.has_changed():
            field = "person" if "person" in self.fields else None
            raise ValidationError({field: own_change()} if field else own_change())
        since, until = cleaned.get("since") or self.instance.since, cleaned.get("until")
        if since and until and until <= since:
            raise ValidationError({"until": _("The end must come after the beginning.")})
        position = cleaned.get("position")
        self._check_overlap(person, position, since, until)
        if not self.instance.pk and position is not None and position.is_head:
            self.need_reason()
        return cleaned

    def _check_overlap(self, person: Any, position: Any, since: Any, until: Any) -> None:
        if self.instance.pk:
            position = self.instance.position
        # Whoever is entered in the same form holds nothing yet.
        if any(one is None or one.pk is None for one in (person, position)) or since is None:
            return
        others = Holding.objects.filter(person=person, position=position).exclude(pk=self.instance.pk)
        if until is not None:
            others = others.filter(since__lt=until)
        if any(other.until is None or other.until > since for other in others):
            raise ValidationError(
                {"since": _("This person holds the position already in a part of this period.")}
            )


class SharingGroupForm(forms.ModelForm):  # type: ignore[type-arg]
    """A group and its people; nobody adds or removes themselves."""

    actor: ClassVar[Person]
    people = forms.ModelMultipleChoiceField(
        queryset=Person.objects.filter(is_active=True), required=False, label=gettext_lazy("People")
    )

    class Meta:
        model = SharingGroup
        fields = ("name", "office")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            offered = Q(is_active=True) | Q(groups=self.instance)
            self.fields["people"].queryset = Person.objects.filter(offered).distinct()  # type: ignore[attr-defined]
            self.initial["people"] = self.instance.user_set.all()

    def clean_people(self) -> Any:
        people = self.cleaned_data["people"]
        before = set(self.instance.user_set.values_list("pk", flat=True)) if self.instance.pk else set()
        if self.actor.pk in before.symmetric_difference(person.pk for person in people):
            raise ValidationError(own_change())
        return people


def is_future(holding: Holding) -> bool:
    """Whether the period has not begun: it can still be taken back."""
    return holding.since > timezone.now()
