"""Pages of readiness: the offices, the courses, the matrix of one office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from cimic_portal.core.audit.reads import log_read
from cimic_portal.core.models import Office
from training.forms.readiness import MatrixForm, ReadinessForm
from training.models import Qualification
from training.readiness.counts import by_course, by_office, summed
from training.readiness.matrix import MatrixPage, looked_at, matrix_page
from training.readiness.people import People, Tree, read_people
from training.readiness.reading import Asked, Readiness, narrowed, readiness_of
from training.views.readiness_frame import left_out_words, legend, tabs

if TYPE_CHECKING:
    from cimic_portal.core.models import Person

# Digits that fit an integer column.
_LONGEST_KEY = 9


@require_GET
def readiness_page(request: HttpRequest) -> HttpResponse:
    """Every office, as a tree: how many people are ready, lack something, are late, run out."""
    tree, form, readiness = _asked_for(request)
    lines = by_office(readiness, tree)
    context = {"title": _("Readiness"), "lines": lines, **tabs("readiness")}
    return _overview(request, "training/readiness/offices.html", form, readiness, context)


@require_GET
def courses_page(request: HttpRequest) -> HttpResponse:
    """Every course that is asked: how many need it, have it, lack it; the one lacked most on top."""
    _tree, form, readiness = _asked_for(request)
    context = {
        "title": _("Readiness by course"),
        "lines": by_course(readiness),
        **tabs("readiness_courses"),
    }
    return _overview(request, "training/readiness/courses.html", form, readiness, context)


def _asked_for(request: HttpRequest) -> tuple[Tree, ReadinessForm, Readiness]:
    """The readiness of whom the address asks for; of nobody where it cannot be read."""
    person: Any = request.user
    tree = Tree()
    form = ReadinessForm(request.GET, tree=tree, organisations=person.access.organisations)
    if not form.is_valid():
        return tree, form, Readiness(timezone.localdate(), [], [])
    asked = form.cleaned_data
    offices = tree.below(asked["office"]) if asked["office"] else None
    people = read_people(person, tree, offices=offices)
    if asked["component"]:
        shown = [who for who in people.shown if who.component == asked["component"]]
        people = People(shown, people.left_out)
    return tree, form, _of_course(person, people, asked["course"])


def _of_course(person: Person, people: People, course: Any) -> Readiness:
    """Of one course those are counted who need it; without one everybody."""
    rows = Qualification.objects.visible_to(person)
    asked = Asked(course.pk if course else None)
    found = readiness_of(rows, people, asked, timezone.localdate())
    return narrowed(found, course.pk if course else None)


def _overview(
    request: HttpRequest, template: str, form: Any, readiness: Readiness, context: dict[str, Any]
) -> HttpResponse:
    person: Any = request.user
    log_read(person, "readiness", readiness.records)
    context |= {
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "total": summed(readiness.rows),
        "left_out": left_out_words(readiness.left_out),
        "page_classification": readiness.level,
        "query": _kept(request),
    }
    return render(request, template, context)


def _kept(request: HttpRequest, *without: str) -> str:
    """The parameters that say something, as text for an address."""
    return urlencode([(name, value) for name, value in request.GET.items() if value and name not in without])


def office_readiness(reader: Person, office: Office, course: Any = None) -> Readiness:
    """The matrix of an office with everything below it."""
    tree = Tree()
    people = read_people(reader, tree, offices=tree.below(office.pk))
    return _of_course(reader, people, course)


@require_GET
def office_matrix(request: HttpRequest, pk: int) -> HttpResponse:
    """The people of an office and of those below it × the courses that their posts ask."""
    person: Any = request.user
    office = get_object_or_404(Office.objects.select_related("organisation"), pk=pk)
    form = MatrixForm(request.GET)
    course = form.cleaned_data["course"] if form.is_valid() else None
    readiness = office_readiness(person, office, course)
    context = {
        "title": _("Readiness of %(office)s") % {"office": office},
        "sub": _("With everything below it, %(organisation)s") % {"organisation": office.organisation},
        "actions": exports(request, "office_readiness", pk),
        **tabs("readiness"),
    }
    return matrix_shown(request, form, readiness, context)


def exports(request: HttpRequest, route: str, key: object) -> list[dict[str, Any]]:
    """The matrix as files, with the filters of the page, and as a document."""
    kept = _kept(request, "after")
    query = f"?{kept}" if kept else ""
    files = [(name, reverse(f"{route}_{name}", args=[key]) + query) for name in ("csv", "xlsx")]
    actions: list[dict[str, Any]] = [
        {"label": name.upper(), "url": url, "page": True, "download": True} for name, url in files
    ]
    paper = reverse(f"{route}_document", args=[key])
    return [*actions, {"label": _("As PDF"), "url": paper, "page": True}]


def matrix_shown(
    request: HttpRequest, form: MatrixForm, readiness: Readiness, context: dict[str, Any]
) -> HttpResponse:
    """The page of any matrix: fifty people, the sums of all of them, and what most of them lack."""
    person: Any = request.user
    rows = looked_at(readiness, form.cleaned_data["look"]) if form.is_valid() else []
    page = matrix_page(readiness, rows, _after(request))
    # The sums on top tell of everybody whom the reader may see, so everybody is in the log.
    log_read(person, "readiness matrix", readiness.records)
    context |= {
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "page": page,
        "total": summed(readiness.rows),
        "lacking": [line for line in by_course(readiness) if line.missing][:5],
        "left_out": left_out_words(readiness.left_out),
        "legend": legend(),
        "page_classification": max(readiness.level, context.get("level", 1)),
        "pager": _pager(request, page),
        "bare_url": request.path,
    }
    return render(request, "training/readiness/matrix.html", context)


def _after(request: HttpRequest) -> int | None:
    text = request.GET.get("after", "")
    return int(text) if text.isdecimal() and len(text) <= _LONGEST_KEY else None


def _pager(request: HttpRequest, page: MatrixPage) -> dict[str, str]:
    kept = _kept(request, "after")

    def to(after: int | None) -> str:
        return "?" + "&".join(filter(None, [kept, f"after={after}" if after else ""]))

    return {
        "previous_url": to(page.before) if page.has_before else "",
        "next_url": to(page.after) if page.after is not None else "",
        "label": _("%(first)d–%(last)d of %(total)d, by name")
        % {"first": page.first, "last": page.last, "total": page.total},
    }
