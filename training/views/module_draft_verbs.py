"""The verbs of a draft of a module, as the pages show them, and the words of its history."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from cimic_portal.core.views.verbs import ReasonForm, Verb
from training.models import ModuleDraftState as State
from training.policies import module as policies
from training.services import module_draft as services

DRAFT_VERBS = [
    Verb(
        name="submit",
        label=gettext_lazy("Submit"),
        policy=policies.can_submit,
        run=services.submit_draft,
        states=(State.DRAFT,),
        text=gettext_lazy("The releasing position reads it and puts it into the catalogue."),
        done=gettext_lazy("Module submitted."),
        primary=True,
    ),
    Verb(
        name="publish",
        label=gettext_lazy("Publish"),
        policy=policies.can_publish,
        run=services.publish_draft,
        states=(State.SUBMITTED,),
        text=gettext_lazy(
            "From now on everybody with a post may learn it. Attempts that are open go on as they are."
        ),
        done=gettext_lazy("Module published."),
        primary=True,
    ),
    Verb(
        name="return",
        label=gettext_lazy("Return to author"),
        policy=policies.can_publish,
        run=services.return_draft,
        states=(State.SUBMITTED,),
        done=gettext_lazy("Module returned."),
        form=ReasonForm,
    ),
    Verb(
        name="drop",
        label=gettext_lazy("Drop"),
        policy=policies.can_drop,
        run=services.drop_draft,
        states=(State.DRAFT, State.SUBMITTED),
        text=gettext_lazy("It stays readable for your office, with your reason, and is never published."),
        done=gettext_lazy("Draft dropped."),
        form=ReasonForm,
        danger=True,
        if_allowed=True,
    ),
]
WORDS = {
    "insert": gettext_lazy("Begun"),
    "update": gettext_lazy("Changed"),
    "moduledraft.begin": gettext_lazy("Begun"),
    "moduledraft.edit": gettext_lazy("Described anew"),
    "moduledraft.write_page": gettext_lazy("Page written"),
    "moduledraft.write_question": gettext_lazy("Question written"),
    "moduledraft.arrange": gettext_lazy("Order changed"),
    "moduledraft.upload": gettext_lazy("Package uploaded"),
    "moduledraft.submit": gettext_lazy("Submitted"),
    "moduledraft.return": gettext_lazy("Returned"),
    "moduledraft.publish": gettext_lazy("Published"),
    "moduledraft.drop": gettext_lazy("Dropped"),
}
