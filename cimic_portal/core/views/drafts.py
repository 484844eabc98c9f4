"""Unsaved work on the device: the server's word that it was saved."""

import re

from django.http import HttpRequest

_KEY = re.compile(r"[\w-]{1,80}", re.ASCII)


def draft_tag(request: HttpRequest) -> str:
    """The extra tag of a message after a form was saved: the device then forgets its copy of that form.

    `messages.success(request, text, extra_tags=draft_tag(request))`. The form says its key in the
    hidden field `draft` (layouts/form.html); nothing else makes the device forget.
    """
    key = request.POST.get("draft", "")
    return f"draft:{key}" if _KEY.fullmatch(key) else ""
