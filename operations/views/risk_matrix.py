"""The matrix of risks: likelihood across, impact down, each risk in its cell; today and after mitigation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from operations.forms.plan import IMPACTS, LIKELIHOODS
from operations.models import Risk, risk_level


def matrices(risks: Sequence[Risk]) -> Mapping[str, Any]:
    """Both matrices for the template; risks are numbered in their order."""
    numbered = list(enumerate(risks, start=1))
    return {
        "numbered": numbered,
        "likelihoods": [label for _value, label in LIKELIHOODS],
        "matrices": [
            (_("Today"), _matrix([(n, r, r.likelihood, r.impact) for n, r in numbered])),
            (
                _("What remains after mitigation"),
                _matrix([(n, r, r.residual_likelihood, r.residual_impact) for n, r in numbered]),
            ),
        ],
    }


def _matrix(placed: Sequence[tuple[int, Risk, int | None, int | None]]) -> list[dict[str, Any]]:
    """Rows from the highest impact down."""
    return [
        {
            "impact": label,
            "cells": [
                {
                    "level": risk_level(likelihood, impact),
                    "risks": [(n, r) for n, r, at, hit in placed if (at, hit) == (likelihood, impact)],
                }
                for likelihood, _label in LIKELIHOODS
            ],
        }
        for impact, label in reversed(IMPACTS)
    ]
