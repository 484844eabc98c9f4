"""Mail: by SMTP when EMAIL_URL names a server, else into a folder."""

from pathlib import Path

from .environment import Environment

env = Environment()

MAIL_DIR = Path(env.str("PORTAL_DATA", default=".portal")).resolve() / "mail"
vars().update(env.email_url("EMAIL_URL", default="filemail://"))
# An address cannot carry an absolute folder, so it is said here.
EMAIL_FILE_PATH = str(MAIL_DIR)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="CIMIC portal <portal@localhost>")
EMAIL_TIMEOUT = 10
