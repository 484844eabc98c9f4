"""How the components are drawn, everywhere."""

import pghistory
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cimic_portal.core.sharing.levels import Component
from cimic_portal.core.sharing.records import Reference


class Shape(models.TextChoices):
    """Drawn in `templates/components/marks.html`."""

    TRIANGLE = "triangle", _("triangle")
    DIAMOND = "diamond", _("diamond")
    CIRCLE = "circle", _("circle")
    SQUARE = "square", _("square")
    PENTAGON = "pentagon", _("pentagon")
    HEXAGON = "hexagon", _("hexagon")
    CROSS = "cross", _("cross")
    SHIELD = "shield", _("shield")


class Tint(models.TextChoices):
    """Readable in light and dark, in `portal.css`."""

    OLIVE = "olive", _("olive")
    NAVY = "navy", _("navy")
    SKY = "sky", _("sky")
    TEAL = "teal", _("teal")
    VIOLET = "violet", _("violet")
    BROWN = "brown", _("brown")
    ROSE = "rose", _("rose")
    SLATE = "slate", _("slate")


@pghistory.track()
class ComponentMark(Reference):
    """The letter, shape and tint of one component: never colour alone, so no two share a shape or a letter.

    Personal data: none. Retention: kept.
    """

    component = models.PositiveSmallIntegerField(
        _("component"), choices=Component.choices, primary_key=True, editable=False
    )
    letter = models.CharField(
        _("letter"),
        max_length=1,
        unique=True,
        validators=[RegexValidator(r"^\w\Z", _("One letter or digit."))],
        error_messages={"unique": _("Another component has this letter.")},
    )
    shape = models.CharField(
        _("shape"),
        max_length=10,
        choices=Shape.choices,
        unique=True,
        error_messages={"unique": _("Another component has this shape.")},
    )
    tint = models.CharField(
        _("tint"),
        max_length=10,
        choices=Tint.choices,
        unique=True,
        error_messages={"unique": _("Another component has this tint.")},
    )

    class Meta:
        ordering = ["component"]
        verbose_name = _("mark of a component")
        verbose_name_plural = _("marks of the components")

    def __str__(self) -> str:
        return str(self.get_component_display())
