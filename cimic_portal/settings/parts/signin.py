"""Sign-in through django-allauth; nobody signs up by themselves."""

from .environment import Environment
from .mission import MISSION_NAME

env = Environment()

AUTH_USER_MODEL = "core.Person"
AUTHENTICATION_BACKENDS = ["cimic_portal.core.backends.PortalBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "cimic_portal.core.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "cimic_portal.core.services.people.LinkTokens"  # noqa: S105
ACCOUNT_FORMS = {
    "login": "cimic_portal.core.forms.account.SignInForm",
    "change_password": "cimic_portal.core.forms.account.ChangePasswordForm",
    "reset_password": "cimic_portal.core.forms.account.ForgottenPasswordForm",
    "reset_password_from_key": "cimic_portal.core.forms.account.NewPasswordForm",
    "reauthenticate": "cimic_portal.core.forms.account.ConfirmPasswordForm",
}
# A link by which a password is chosen: long enough for a satellite link and a night's sleep.
PASSWORD_RESET_TIMEOUT = 48 * 60 * 60

# How many proxies of the mission stand before the portal: their entries in X-Forwarded-For are
# believed, all else in it is not. None in `make run`.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
# Counted in the cache. `ip` is the client's address (of IPv6 its /64), `key` see adapters.py.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "30/m/ip",
    "login_failed_here": "5/10m/key",
    "login_failed_anywhere": "100/h/key",
    "factor_failed_here": "5/10m/key",
    "factor_failed_anywhere": "30/h/key",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "verify_certificate": "60/m/ip",
}

# Whoever is cleared for more than this level proves who they are by a second factor too, and so does every
# administrator: `unclassified`, `confidential`; `off` asks nobody, and production refuses it.
SECOND_FACTOR_ABOVE = env.str("SECOND_FACTOR_ABOVE", default="unclassified")
MFA_ADAPTER = "cimic_portal.core.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = f"CIMIC portal {MISSION_NAME}"
# Half a minute before and after: a satellite link is slow, and clocks differ. No code is taken twice.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "cimic_portal.core.forms.factors.CodeForm",
    "reauthenticate": "cimic_portal.core.forms.factors.ConfirmCodeForm",
    "activate_totp": "cimic_portal.core.forms.factors.ActivateAppForm",
    "add_webauthn": "cimic_portal.core.forms.factors.AddKeyForm",
    "authenticate_webauthn": "cimic_portal.core.forms.factors.KeyForm",
    "reauthenticate_webauthn": "cimic_portal.core.forms.factors.ConfirmKeyForm",
}

# The mission's own OpenID Connect provider, beside the password. It lets in whom the portal knows already.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
OIDC_NAME = env.str("OIDC_NAME", default="the mission account")
# Which of the ways to sign in that the provider names (`amr`) the portal takes for a second factor.
OIDC_SECOND_FACTOR = env.list("OIDC_SECOND_FACTOR", default=[])
SOCIALACCOUNT_ADAPTER = "cimic_portal.core.adapters.ProviderAdapter"
# A link, not a form: browsers forbid a form to be led to another origin. Nothing changes by following it.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_PROVIDERS = {
    "mission_oidc": {
        "APPS": [
            {
                "provider_id": "mission",
                "name": OIDC_NAME,
                "client_id": env.str("OIDC_CLIENT_ID", default=""),
                "secret": env.str("OIDC_CLIENT_SECRET", default=""),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
        if OIDC_ISSUER
        else []
    }
}
