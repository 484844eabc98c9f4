"""Addresses of signing in, passwords, and one's own page."""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes.views import view_recovery_codes
from allauth.mfa.webauthn.views import reauthenticate_webauthn
from django.urls import URLPattern, URLResolver, path, re_path

from cimic_portal.core.views import account as own
from cimic_portal.core.views import factors, provider

# allauth's own routes would open more than is wanted (sign-up, addresses), so each is named here.
urlpatterns: list[URLPattern | URLResolver] = [
    path("sign-in/", account.login, name="account_login"),
    path("sign-in/second-factor/", factor.authenticate, name="mfa_authenticate"),
    path("sign-in/provider/", provider.oidc_begin, name="oidc_begin"),
    path("sign-in/provider/answer/", provider.oidc_answer, name="oidc_answer"),
    path("sign-out/", account.logout, name="account_logout"),
    path("account/closed/", account.account_inactive, name="account_inactive"),
    path("password/", account.password_change, name="account_change_password"),
    path("password/new/", account.password_reset, name="account_reset_password"),
    path("password/new/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/link/(?P<uidb36>[0-9a-z]{1,10})-(?P<key>[\w-]{1,80})/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/link/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("me/", own.me, name="me"),
    path("me/data/", own.my_data, name="my_data"),
    path("me/second-factor/", factor.index, name="mfa_index"),
    path("me/second-factor/app/", factors.add_app, name="mfa_activate_totp"),
    path("me/second-factor/app/remove/", factors.remove_app, name="mfa_deactivate_totp"),
    path("me/second-factor/keys/add/", factors.add_key, name="mfa_add_webauthn"),
    path("me/second-factor/keys/<int:pk>/remove/", factors.remove_key, name="mfa_remove_webauthn"),
    path("me/second-factor/codes/", view_recovery_codes, name="mfa_view_recovery_codes"),
    path("me/second-factor/codes/new/", factors.new_codes, name="mfa_generate_recovery_codes"),
    # Asked again before a factor is changed.
    path("me/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("me/confirm/code/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("me/confirm/key/", reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("me/positions/<int:pk>/delegate/", own.delegate_position, name="delegate_position"),
    path("me/delegations/<int:pk>/end/", own.delegation_end, name="delegation_end"),
    path("me/tokens/new/", own.token_create, name="token_create"),
    path("me/tokens/<int:pk>/end/", own.token_end, name="token_end"),
    path("me/sessions/<int:pk>/end/", own.end_session, name="end_session"),
]
