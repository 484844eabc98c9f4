"""What the framework says of input that it cannot take, in the plain words of the portal.

The frameworks speak of valid values and integers; here each message says what to do. A field that knows
better (`error_messages`) still speaks for itself.
"""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from rest_framework import serializers

# Lazy words, which the stubs of the frameworks take for text in one place and for promises in another.
Words = dict[str, Any]

NOT_OFFERED: Final = _("Choose one of the values offered here.")
_DAY: Final = _("Write the day as 2026-11-22.")
_TIME: Final = _("Write the time as 14:05.")
_MAIL: Final = _("Write an e-mail address, such as name@example.org.")
_WEB: Final = _("Write a web address, such as https://example.org.")

# Code of the message to its words, by the class that speaks them; those below it in the framework inherit.
_FORM_FIELDS: Final[dict[Any, Words]] = {
    forms.Field: {"required": _("Fill this in.")},
    forms.BooleanField: {"required": _("Tick this box.")},
    forms.ChoiceField: {"required": _("Choose one."), "invalid_choice": NOT_OFFERED},
    forms.ModelChoiceField: {"invalid_choice": NOT_OFFERED},
    forms.MultipleChoiceField: {
        "required": _("Choose at least one."),
        "invalid_choice": NOT_OFFERED,
        "invalid_list": NOT_OFFERED,
    },
    forms.ModelMultipleChoiceField: {
        "required": _("Choose at least one."),
        "invalid_choice": NOT_OFFERED,
        "invalid_list": NOT_OFFERED,
        "invalid_pk_value": NOT_OFFERED,
    },
    forms.DateField: {"invalid": _DAY},
    forms.TimeField: {"invalid": _TIME},
    forms.DateTimeField: {"invalid": _("Write day and time as 2026-11-22 14:05.")},
    forms.SplitDateTimeField: {
        "required": _("Give the day and the time."),
        "invalid": _("Give the day and the time."),
        "incomplete": _("Give the day and the time."),
        "invalid_date": _DAY,
        "invalid_time": _TIME,
    },
    forms.FileField: {
        "required": _("Choose a file."),
        "missing": _("Choose a file."),
        "invalid": _("The file did not arrive. Choose it again."),
        "empty": _("There is nothing in this file. Choose another."),
        "max_length": ngettext_lazy(
            "Give the file a name of at most %(max)d character; this one has %(length)d.",
            "Give the file a name of at most %(max)d characters; this one has %(length)d.",
            "max",
        ),
        "contradiction": _("Either choose a file or tick that it goes, not both."),
    },
    forms.URLField: {"invalid": _WEB},
    forms.UUIDField: {"invalid": _("Copy this again, as a whole.")},
    # Nobody types it: the device writes its answer there.
    forms.JSONField: {"invalid": _("The answer of the device cannot be read. Try again.")},
    forms.BaseFormSet: {
        "missing_management_form": _("The rows did not arrive as a whole. Send the form again."),
        "too_many_forms": ngettext_lazy("Leave at most %(num)d row.", "Leave at most %(num)d rows.", "num"),
        "too_few_forms": ngettext_lazy(
            "Fill in at least %(num)d row.", "Fill in at least %(num)d rows.", "num"
        ),
    },
}

_CHECKS: Final[dict[Any, Any]] = {
    validators.MaxValueValidator: _("Give %(limit_value)s or less."),
    validators.MinValueValidator: _("Give %(limit_value)s or more."),
    validators.MaxLengthValidator: ngettext_lazy(
        "Write at most %(limit_value)d character; this is %(show_value)d.",
        "Write at most %(limit_value)d characters; this is %(show_value)d.",
        "limit_value",
    ),
    validators.MinLengthValidator: ngettext_lazy(
        "Write at least %(limit_value)d character; this is %(show_value)d.",
        "Write at least %(limit_value)d characters; this is %(show_value)d.",
        "limit_value",
    ),
    validators.EmailValidator: _MAIL,
    validators.URLValidator: _WEB,
    validators.RegexValidator: _("Write this in the form that is asked for."),
    validators.ProhibitNullCharactersValidator: _("Take out the character that cannot be shown (NUL)."),
}

_FIGURES: Final[Words] = {
    "max_digits": ngettext_lazy("Write at most %(max)s digit.", "Write at most %(max)s digits.", "max"),
    "max_decimal_places": ngettext_lazy(
        "Write at most %(max)s digit after the point.", "Write at most %(max)s digits after the point.", "max"
    ),
    "max_whole_digits": ngettext_lazy(
        "Write at most %(max)s digit before the point.",
        "Write at most %(max)s digits before the point.",
        "max",
    ),
}

_LIMITS: Final[Words] = {
    "max_value": _("Send {max_value} or less."),
    "min_value": _("Send {min_value} or more."),
}
_NUMBER: Final[Words] = {
    "invalid": _("Send a number."),
    "max_string_length": _("Send a shorter number."),
    **_LIMITS,
}
_ELEMENTS: Final[Words] = {
    "not_a_list": _("Send a list, not {input_type}."),
    "empty": _("Send at least one."),
    "max_length": _("Send at most {max_length}."),
    "min_length": _("Send at least {min_length}."),
}
_CHOICE = _("Send one of the values offered; “{input}” is not among them.")
_NEEDED = _("Send this field.")
# As `_FORM_FIELDS`, for what programs send. Its words have their values in braces.
_API_FIELDS: Final[dict[Any, Words]] = {
    serializers.Field: {"required": _NEEDED, "null": _("Send a value, not null.")},
    serializers.BooleanField: {"invalid": _("Send true or false.")},
    serializers.CharField: {
        "invalid": _("Send a text."),
        "blank": _("Fill this in."),
        "max_length": _("Write at most {max_length} characters."),
        "min_length": _("Write at least {min_length} characters."),
    },
    serializers.EmailField: {"invalid": _MAIL},
    serializers.URLField: {"invalid": _WEB},
    serializers.UUIDField: {"invalid": _("Send a UUID, such as 0f8b5a3e-1c52-4d0e-9a57-3f1f5f6f7a10.")},
    serializers.IntegerField: _NUMBER | {"invalid": _("Send a whole number.")},
    serializers.FloatField: _NUMBER | {"overflow": _("Send a smaller number.")},
    serializers.DecimalField: _NUMBER
    | {
        "max_digits": _("Send at most {max_digits} digits."),
        "max_decimal_places": _("Send at most {max_decimal_places} digits after the point."),
        "max_whole_digits": _("Send at most {max_whole_digits} digits before the point."),
    },
    serializers.DateTimeField: {
        "invalid": _("Send day and time as {format}."),
        "date": _("Send the time as well as the day."),
        "make_aware": _("Send another time: the clocks of {timezone} leave this one out."),
        "overflow": _("Send a year from 1 to 9999."),
    },
    serializers.DateField: {
        "invalid": _("Send the day as {format}."),
        "datetime": _("Send the day without a time."),
    },
    serializers.TimeField: {"invalid": _("Send the time as {format}.")},
    serializers.ChoiceField: {"invalid_choice": _CHOICE},
    serializers.MultipleChoiceField: _ELEMENTS | {"invalid_choice": _CHOICE},
    serializers.FileField: {
        "required": _("Send a file."),
        "invalid": _("Send a file, as multipart/form-data."),
        "no_name": _("Send the file with its name."),
        "empty": _("There is nothing in this file. Send another."),
        "max_length": _("Give the file a name of at most {max_length} characters; this one has {length}."),
    },
    serializers.ListField: _ELEMENTS,
    serializers.ListSerializer: _ELEMENTS,
    serializers.ManyRelatedField: _ELEMENTS,
    serializers.DictField: {"not_a_dict": _("Send an object, not {input_type}.")},
    serializers.Serializer: {"invalid": _("Send an object, not {datatype}.")},
    serializers.JSONField: {"invalid": _("Send JSON.")},
    serializers.PrimaryKeyRelatedField: {
        "required": _NEEDED,
        "does_not_exist": _("Send the number of one that you can see; {pk_value} is none."),
        "incorrect_type": _("Send its number, not {data_type}."),
    },
    serializers.SlugRelatedField: {
        "does_not_exist": _("Send one that you can see; “{value}” is none."),
        "invalid": _("Send a text."),
    },
}


def speak_plainly() -> None:
    """Set the words, once, when the portal starts and before the first form is declared.

    In the classes of the frameworks, so that a form written tomorrow speaks plainly without knowing of this.
    """
    for check, words in _CHECKS.items():
        check.message = words
    validators.DecimalValidator.messages.update(_FIGURES)
    for field, words in (_FORM_FIELDS | _API_FIELDS).items():
        field.default_error_messages = field.__dict__.get("default_error_messages", {}) | words
