"""Secrets of one data folder, made once and readable by their owner only."""

import os
import secrets
from pathlib import Path


def secret(folder: Path, name: str) -> str:
    """Return the secret `name`, making it on first use (64 hexadecimal characters, mode 0600)."""
    path = folder / name
    if not path.exists():
        # Written beside and linked into place: two first starts at once agree on one secret.
        fresh = folder / f"{name}.{os.getpid()}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()
