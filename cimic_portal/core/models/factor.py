"""Second factors, for the trail."""

from typing import ClassVar

import pghistory
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _


@pghistory.track(obj_field=None, exclude=["data", "last_used_at"])
class SecondFactor(Authenticator):
    """An authenticator app, a passkey, or recovery codes, by which a person proves who they are.

    The rows are allauth's; this is their place in the trail, which never holds a secret.
    Personal data: which kind somebody uses, and since when. Retention: until its owner removes it.
    """

    sharing: ClassVar[str] = "personal"
    owned_by: ClassVar[str] = "user"

    class Meta:
        proxy = True
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")
