"""The addresses under which an opened package is served, and what stands behind them.

An address is signed, belongs to one attempt, and is dead after some hours, or when the attempt or the
post of its person ends. It is the only key: the origin that serves packages knows no cookie and nobody's
session.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import IO, Any

from django.conf import settings
from django.core import signing

from cimic_portal.core.models import Person
from training.models import ModuleAttempt, ModulePackage
from training.services.scorm_package import packages

_SALT = "training.content"
_WHY = "opened by an address that was given to the person who learns"


@dataclass(frozen=True)
class Opened:
    """An attempt whose package is open: what the wrapper tells the package of itself."""

    attempt: ModuleAttempt
    package: ModulePackage

    @property
    def learner(self) -> str:
        """A name for the package, which tells nobody who it is."""
        return signing.Signer(salt=_SALT).signature(str(self.attempt.person_id))[:12]


def address_of(attempt: ModuleAttempt) -> str:
    """Where the package of this attempt is served from now on, for some hours."""
    token = signing.dumps({"attempt": attempt.pk}, salt=_SALT)
    return f"{settings.CONTENT_ORIGIN}/{token}/"


def opened_by(token: str) -> Opened | None:
    """What an address opens; None for one that is forged, too old, or whose attempt or post has ended."""
    try:
        told = signing.loads(token, salt=_SALT, max_age=settings.CONTENT_HOURS * 3600)
        number = int(told["attempt"])
    except (signing.BadSignature, TypeError, KeyError, ValueError):
        return None
    rows = ModuleAttempt.objects.filter(handed_in_at__isnull=True, person__in=Person.objects.posted())
    attempt = rows.select_related("edition", "module", "person").filter(pk=number).first()
    if attempt is None or attempt.edition.package_id is None:
        return None
    return Opened(attempt, _package(attempt.edition.package_id))


# The index of a package never changes; one of two thousand files is not read anew for each of them.
@lru_cache(maxsize=8)
def _package(pk: int) -> ModulePackage:
    return ModulePackage.objects.unscoped(_WHY).get(pk=pk)


def file_of(opened: Opened, path: str) -> tuple[IO[bytes], dict[str, Any]] | None:
    """A file of the package and what is known of it; None where it holds no such file."""
    about = opened.package.files.get(path)
    if about is None:
        return None
    try:
        return packages.open(about["sha256"]), about
    except OSError:
        return None
