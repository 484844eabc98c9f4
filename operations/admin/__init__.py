"""Operations in the administration: settings are managed, records looked at as the rule allows."""

from operations.admin import operation, qip

__all__ = ["operation", "qip"]
