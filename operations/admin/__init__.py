"""Operations in the administration: settings are managed, records looked at as the rule allows."""

from operations.admin import qip

__all__ = ["qip"]
