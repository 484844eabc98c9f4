"""What core announces, inside the transaction of the change."""

from django.dispatch import Signal

# Somebody was given a post, or one that they hold was changed or ended. `person`: their id.
posts_changed = Signal()
