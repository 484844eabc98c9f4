"""Celery on Valkey, the outbox behind it, and the cache beside it."""

from kombu import Exchange, Queue

from .environment import Environment, with_password

env = Environment()

_PASSWORD = env.str("REDIS_PASSWORD", default="")
REDIS_URL = with_password(env.str("REDIS_URL", default="redis://localhost:6379/0"), _PASSWORD)

# Separate queues: a slow report never holds up a notification. A worker without -Q takes them all.
OUTBOX_QUEUES = ("notify", "mail", "reports")
# Seconds after which a worker gives up one entry of a queue and it is tried again later.
OUTBOX_TIME_LIMITS = {"notify": 120, "mail": 120, "reports": 1800}
# After so many tries an entry is a dead letter.
OUTBOX_TRIES = env.int("OUTBOX_TRIES", default=8)
# Seconds before the second try; each further wait is four times as long, at most six hours.
# Eight tries so span half a day: a mail server may be away for a night.
OUTBOX_FIRST_WAIT = env.float("OUTBOX_FIRST_WAIT", default=15)
# Seconds for which a worker that has died keeps its entry from the others.
OUTBOX_LEASE = env.float("OUTBOX_LEASE", default=60)

# A file that workers and the live stream touch every few seconds, for who looks whether they hang.
PULSE_PATH = env.str("PULSE_PATH", default="")

CELERY_BROKER_URL = with_password(
    env.str("CELERY_BROKER_URL", default=REDIS_URL.replace("unix://", "redis+socket://")), _PASSWORD
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in OUTBOX_QUEUES]
CELERY_TASK_DEFAULT_QUEUE = "notify"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A worker waits for the broker for as long as it takes.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
}
CELERY_TIMEZONE = "UTC"
# What beat sends in vain, because no worker runs, does not pile up.
CELERY_BEAT_SCHEDULE = {
    "sweep-outbox": {
        "task": "cimic_portal.core.tasks.sweep_outbox",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "remind-of-taskings": {
        "task": "liaison.tasks.remind",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "escalate-overdue-answers": {
        "task": "operations.tasks.escalate",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "remind-of-milestones": {
        "task": "operations.tasks.remind_of_milestones",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "remind-of-lessons": {
        "task": "training.tasks.remind",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "keep-guidance": {
        "task": "training.tasks.keep_guidance",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "remind-of-readiness": {
        "task": "training.tasks.remind_of_readiness",
        "schedule": 6 * 3600.0,
        "options": {"expires": 3600},
    },
    "follow-posts": {
        "task": "training.tasks.follow_posts",
        "schedule": 600.0,
        "options": {"expires": 600},
    },
    "deliver-injects": {
        "task": "training.tasks.deliver_injects",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "tidy-operations": {
        "task": "operations.tasks.tidy",
        "schedule": 24 * 3600.0,
        "options": {"expires": 3600},
    },
    "sweep-bookings": {
        "task": "operations.tasks.sweep_bookings",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "seal-trail": {
        "task": "cimic_portal.core.tasks.seal_trail",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "forget": {
        "task": "cimic_portal.core.tasks.forget",
        "schedule": 24 * 3600.0,
        "options": {"expires": 3600},
    },
    "tidy": {
        "task": "cimic_portal.core.tasks.tidy",
        "schedule": 6 * 3600.0,
        "options": {"expires": 3600},
    },
}

CACHES = {
    "default": {
        "BACKEND": "cimic_portal.core.cache.PatientCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 1},
    }
}
