"""Operations in the administration: settings are managed, records looked at as the rule allows."""

from operations.admin import asset, operation, qip

__all__ = ["asset", "operation", "qip"]
