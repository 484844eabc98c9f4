"""The audit trail: one event row per change, written by trigger, never changed."""

import pghistory

PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
PGHISTORY_APPEND_ONLY = True
# The context is stored in the event itself: the separate context table could be rewritten.
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_CONTEXT_ID_FIELD = pghistory.ContextUUIDField()
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="events", db_constraint=False, null=False)
# Refuses to be read without saying for whom.
PGHISTORY_BASE_MODEL = "cimic_portal.core.audit.events.Event"
