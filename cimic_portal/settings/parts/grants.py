"""django-guardian: single grants on direct foreign keys, never a role."""

ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
# Grants are read through the sharing rule alone, so guardian's own backend stays out (see ADR 0003).
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
