"""The environment from which the settings are read; whatever is secret may stand in a file instead.

`NAME_FILE` names a file that holds the value of NAME, as containers hand over secrets.
"""

from urllib.parse import quote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping


class _Mapping(FileAwareMapping):
    """Without the line break that editors leave at the end of a file."""

    def __getitem__(self, key: str) -> str:
        try:
            return str(super().__getitem__(key)).rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(f"{key}_FILE names a file that cannot be read: {error}") from error


class Environment(environ.FileAwareEnv):
    """As of django-environ, with the values of `NAME_FILE` read from their files."""

    ENVIRON = _Mapping()


def with_password(address: str, password: str) -> str:
    """The address with a password that is kept apart from it; one that stands in it is replaced."""
    if not password:
        return address
    parts = urlsplit(address)
    user, _, host = parts.netloc.rpartition("@")
    name = user.partition(":")[0]
    # By hand, because `urlunsplit` writes the path of a socket with other slashes.
    return address.replace(
        f"{parts.scheme}://{parts.netloc}", f"{parts.scheme}://{name}:{quote(password, safe='')}@{host}", 1
    )
