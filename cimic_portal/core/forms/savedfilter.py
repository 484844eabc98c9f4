"""The name of a saved filter."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SavedFilterForm(forms.Form):
    """What to call the filters that are on."""

    name = forms.CharField(label=_("Name"), max_length=40, help_text=_("It stands above the list as a tab."))
