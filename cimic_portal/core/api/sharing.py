"""Who may read, as every shared noun takes it in the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from cimic_portal.core.models import Organisation
from cimic_portal.core.services.audience import Sharing
from cimic_portal.core.sharing.levels import MAX_KEYED_ID, Classification, Component

# More than that is everybody.
MOST_ORGANISATIONS = 200


class SharingFields(serializers.Serializer[Any]):
    """Who may read: level and audience, as written."""

    classification = serializers.ChoiceField(
        choices=Classification.choices, default=int(Classification.UNCLASSIFIED)
    )
    audience_components = serializers.ListField(
        child=serializers.ChoiceField(choices=Component.choices), default=list, max_length=len(Component)
    )
    audience_organisations = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_KEYED_ID),
        default=list,
        max_length=MOST_ORGANISATIONS,
    )

    def validate_audience_organisations(self, chosen: list[int]) -> list[int]:
        """Each once, and all of them known: one query."""
        rows = Organisation.objects.filter(is_archived=False, pk__in=chosen)
        known = set(rows.values_list("pk", flat=True))
        if unknown := sorted(set(chosen) - known):
            message = _("No organisation has this number: %(numbers)s.")
            raise serializers.ValidationError(message % {"numbers": ", ".join(map(str, unknown))})
        return sorted(known)


def sharing_of(data: dict[str, Any]) -> Sharing:
    """Takes the three fields out of `data`."""
    return Sharing(
        data.pop("classification"),
        tuple(data.pop("audience_components")),
        tuple(data.pop("audience_organisations")),
    )
