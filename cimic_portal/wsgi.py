"""Pages and API, served by granian."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cimic_portal.settings.production")

application = get_wsgi_application()
