"""What operations announce to the apps above. Sent inside the transaction of the verb."""

from django.dispatch import Signal

# A finding of a finished review: `finding` (Finding), `actor` (Person).
finding_settled = Signal()
