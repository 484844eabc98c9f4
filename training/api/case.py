"""Case studies in the API. Reading only."""

from __future__ import annotations

from rest_framework import serializers

from cimic_portal.core.api.viewsets import ListedViewSet
from training.listings.case import case_list
from training.models import CaseStudy


class CaseStudySerializer(serializers.ModelSerializer[CaseStudy]):
    class Meta:
        model = CaseStudy
        fields = (
            "id",
            "title",
            "mission",
            "country",
            "since_year",
            "until_year",
            "summary",
            "story",
            "worked",
            "hampered",
            "advice",
            "is_archived",
        )


class CaseStudyViewSet(ListedViewSet):
    """What missions of the past did, what helped and what hampered."""

    listing = case_list
    serializer_class = CaseStudySerializer
