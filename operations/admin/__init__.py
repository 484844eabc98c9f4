"""Operations in the administration."""

from operations.admin import operation

__all__ = ["operation"]
