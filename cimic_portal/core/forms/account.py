"""Signing in and choosing a password: allauth's forms, in this portal's words and rules."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm as AllauthChangePasswordForm,
)
from allauth.account.forms import (
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.models import Person
from cimic_portal.core.services.people import send_password_link


def plain(form: forms.BaseForm, labels: dict[str, Any]) -> None:
    """Our labels above the fields, and no text inside them."""
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, {"login": _("Email address"), "password": _("Password")})
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "autofocus": True}
        # The page itself says where to go without a password.
        self.fields["password"].help_text = ""


class ChangePasswordForm(AllauthChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(
            self,
            {
                "oldpassword": _("Current password"),
                "password1": _("New password"),
                "password2": _("New password again"),
            },
        )
        self.fields["oldpassword"].help_text = ""


class ForgottenPasswordForm(ResetPasswordForm):
    """Asks for a link by mail. The answer is the same for every address, known here or not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, {"email": _("Email address")})

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        return email

    def save(self, request: Any, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        person = Person.objects.filter(email=email, is_active=True).first()
        if person is not None:
            send_password_link(person, actor=person)
        return email


class NewPasswordForm(ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, {"password1": _("New password"), "password2": _("New password again")})


class ConfirmPasswordForm(ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plain(self, {"password": _("Password")})
        self.fields["password"].help_text = ""
