"""The SITREP of an operation: drawn from the journal and the records of a period, as PDF and XLSX."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from cimic_portal.core.models import Document, DocumentSource
from operations.models import ReachedDecision
from operations.reports.operation_sitrep import KIND
from operations.services.decisions import decide_point
from operations.services.journal import strike_entry
from operations.services.journal_inputs import ReportedProgress
from tests.factories.core import ahead
from tests.operations.journal_steps import a_point, a_task, entered, journal_of, under_way
from tests.operations.steps import WHY, post_of
from tests.support.outbox import deliver_waiting
from tests.support.pages import signed_in
from tests.support.papers import pages_of

pytestmark = pytest.mark.django_db


def filled(cast):
    operation = under_way(cast, classification=2)
    task, point = a_task(operation), a_point(operation, decider=post_of(cast.head))
    a_task(operation, "Begin tomorrow", starts_at=ahead(hours=20), ends_at=ahead(days=2))
    before = timezone.now() - timedelta(days=3)
    entered(operation, cast.owner, "Before the period", happened_at=before)
    entered(operation, cast.owner, "Wrong ford")
    strike_entry(journal_of(operation)[-1], actor=cast.owner, reason="Wrong")
    entered(operation, cast.other_component, "Shots at the market", kind="situation", is_urgent=True)
    entered(operation, cast.owner, "Gauge at 2.1 m", kind="situation", decision=point.key)
    progress = ReportedProgress("held_up", 30, 0)
    entered(operation, cast.owner, "=HYPERLINK(1) Track under water", task=task.key, progress=progress)
    reached = ReachedDecision.objects.unscoped(WHY).select_related("decider", "operation").get()
    decide_point(reached, actor=cast.head, version=1, decision="Close the ford now", reason="Water")
    return operation


def made(cast, operation, form, person=None):
    now = timezone.localtime()
    since = now - timedelta(days=1)
    given = {
        "since_0": f"{since:%Y-%m-%d}",
        "since_1": f"{since:%H:%M}",
        "until_0": f"{now + timedelta(days=1):%Y-%m-%d}",
        "until_1": "00:00",
        "office": cast.team.pk,
        "form": form,
    }
    client = signed_in(person or cast.owner)
    answer = client.post(reverse("operation_sitrep", args=[operation.reference]), given)
    assert answer.status_code == 302
    deliver_waiting()
    document = Document.objects.unscoped(WHY).get(kind=KIND, form=form)
    assert document.state == "ready", document.problem
    answer = client.get(reverse("document_fetch", args=[document.reference]))
    return document, b"".join(answer.streaming_content)


def test_as_pdf(cast):
    operation = filled(cast)
    document, content = made(cast, operation, "pdf")
    text = " ".join(" ".join(pages_of(content)).split())
    for told in (
        "CONFIDENTIAL",
        "Market days",
        "Shots at the market",
        "urgent",
        "Close the ford now",
        "Reason: Water",
        "Track under water",
        "Held up 30 %",
        "Begin tomorrow",
        "1 entry of the period was struck",
    ):
        assert told in text, told
    assert "Before the period" not in text
    assert "Wrong ford" not in text
    assert document.classification == 2
    (source,) = DocumentSource.objects.unscoped(WHY).filter(document=document)
    assert (source.record_model, source.record_id) == ("operations.Operation", operation.pk)


def test_as_workbook(cast):
    operation = filled(cast)
    _document, content = made(cast, operation, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Journal", "Decisions", "Tasks", "Next 48 hours", "Limits"]
    cells = [
        str(cell) for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for cell in row
    ]
    assert "Shots at the market" in cells
    assert "Close the ford now" in cells
    assert "'=HYPERLINK(1) Track under water" in cells
    assert not [cell for cell in cells if cell.startswith("=")]


def test_without_anything_it_says_so(cast):
    _document, content = made(cast, under_way(cast), "pdf")
    text = " ".join(" ".join(pages_of(content)).split())
    assert "Nothing was entered in this period." in text
