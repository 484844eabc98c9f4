"""Case studies in the administration."""

from __future__ import annotations

from django.contrib import admin

from cimic_portal.core.admin.base import PortalAdmin
from training.models import CaseStudy


@admin.register(CaseStudy)
class CaseStudyAdmin(PortalAdmin):
    list_display = ("title", "mission", "country", "years", "is_archived")
    list_filter = ("is_archived",)
    search_fields = ("title", "mission", "country")
