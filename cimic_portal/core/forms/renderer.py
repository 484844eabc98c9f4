"""Forms are rendered by the portal's own field templates."""

from django.forms.renderers import TemplatesSetting


class PortalRenderer(TemplatesSetting):
    """Finds form templates in `templates/` before Django's own.

    `templates/django/forms/field.html` is the one look of a field; what is not replaced there comes
    from the app `django.forms`, which therefore stands in INSTALLED_APPS.
    """
