"""What was typed into a form, given to a verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cimic_portal.core.errors import InvalidError, StaleError
from cimic_portal.core.services.merging import MergeNeededError
from cimic_portal.core.views.drafts import draft_tag
from cimic_portal.core.views.verbs import show_problems

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Row = TypeVar("Row", bound=Model)


def saved(
    request: HttpRequest,
    form: Any,
    write: Callable[[], Row],
    done: StrOrPromise | Callable[[Row], str],
) -> Row | None:
    """The row that `write` made of a valid form that was sent, told as `done`; None where the form is shown.

    `form`: a form, or several that answer as one. What the verb finds wrong stands beside the fields; that
    somebody changed the record meanwhile is told on top, and nothing that was typed is lost. Raises
    MergeNeededError where the verb brings two texts together.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        row = write()
    except InvalidError as error:
        show_problems(form, error)
        return None
    except MergeNeededError:
        # The page shows both texts.
        raise
    except StaleError as error:
        said = _("Somebody changed this meanwhile. What you typed is kept: compare, then save it again.")
        show_problems(form, InvalidError({"version": [said, *error.changes]}))
        request.stale_status = error.status  # type: ignore[attr-defined]
        return None
    messages.success(request, done(row) if callable(done) else str(done), draft_tag(request))
    return row


def form_status(request: HttpRequest) -> int:
    """Of a form that is shown: 200 at first, 422 with something to mend, 409 where somebody was faster."""
    return getattr(request, "stale_status", 422) if request.method == "POST" else 200
