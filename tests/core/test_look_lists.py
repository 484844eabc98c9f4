"""Filters, sorting, error summaries and fields, as pages draw them."""

import re
from typing import Any

from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

KINDS = [("m", "Meeting"), ("k", "Key leader engagement")]


class Filters(forms.Form):
    kind = forms.MultipleChoiceField(choices=KINDS, required=False, widget=forms.CheckboxSelectMultiple)
    place = forms.CharField(required=False)


class Report(forms.Form):
    purpose = forms.CharField(help_text="One line.")
    note = forms.CharField(required=False)
    state = forms.CharField(widget=forms.HiddenInput)
    mood = forms.ChoiceField(choices=KINDS, widget=forms.RadioSelect)


class Promise(forms.Form):
    row_label = "Promise"

    text = forms.CharField(label="What was promised")


Promises = forms.formset_factory(Promise, extra=1, can_delete=True)


def render(source: str, query: str = "", **context: object) -> str:
    return Template(source).render(Context({"request": RequestFactory().get(f"/list/?{query}"), **context}))


def bar(query: str) -> str:
    request = RequestFactory().get(f"/list/?{query}")
    return Template("{% filter_bar form %}").render(
        Context({"request": request, "form": Filters(request.GET)})
    )


def test_filter_that_is_on_shows_its_words_and_the_way_to_remove_it() -> None:
    html = bar("kind=k&place=Oum&sort=-when&after=abc")
    assert "Kind: Key leader engagement" in html
    assert 'href="?place=Oum&amp;sort=-when"' in html


def test_filters_keep_the_order_and_drop_the_cursor() -> None:
    html = bar("sort=-when&after=abc")
    assert '<input type="hidden" name="sort" value="-when">' in html
    assert "abc" not in html


def test_filters_that_are_off_show_no_chip() -> None:
    assert 'class="chip on"' not in bar("kind=&place=")


def test_filter_of_several_choices_is_one_chip() -> None:
    html = bar("kind=m&kind=k")
    assert html.count('class="chip on"') == 1
    assert "Kind: Meeting, Key leader engagement" in html


def test_filter_value_is_escaped() -> None:
    assert "<script>" not in bar("place=%3Cscript%3E")


def test_sort_header_turns_round() -> None:
    source = "{% sort_header 'When' 'when' %}"
    assert 'href="?sort=when"' in render(source)
    assert 'aria-sort="ascending"><a href="?sort=-when"' in render(source, "sort=when&before=x")
    assert 'aria-sort="descending"><a href="?sort=when"' in render(source, "sort=-when")


def test_sort_header_keeps_filters() -> None:
    assert "place=Oum" in render("{% sort_header 'When' 'when' %}", "place=Oum")


def summary(**context: object) -> str:
    return render_to_string("components/error_summary.html", context)


def test_error_summary_links_each_error_to_its_field() -> None:
    form = Report({"state": "x"})
    html = summary(form=form)
    assert '<a href="#id_purpose">Purpose: Fill this in.</a>' in html
    assert "2 things to mend" in html


def test_error_summary_shows_hidden_fields_without_a_link() -> None:
    html = summary(form=Report({"purpose": "x", "mood": "m"}))
    assert "#id_state" not in html
    assert "Fill this in." in html


def test_error_summary_reads_formsets_and_leaves_out_rows_taken_away() -> None:
    data = {
        "form-TOTAL_FORMS": "2",
        "form-INITIAL_FORMS": "0",
        "form-0-DELETE": "on",
        "form-1-DELETE": "",
        "form-1-text": "",
    }
    rows = Promises(data | {"form-1-text": " "})
    html = summary(form=None, formsets=[rows])
    assert "form-0-text" not in html


def rows_sent(*texts: str, away: tuple[int, ...] = ()) -> Any:
    data = {"form-TOTAL_FORMS": str(len(texts)), "form-INITIAL_FORMS": str(len(texts))}
    data |= {f"form-{number}-text": text for number, text in enumerate(texts)}
    return Promises(data | {f"form-{number}-DELETE": "on" for number in away})


def test_error_summary_names_the_row() -> None:
    html = summary(form=None, formsets=[rows_sent("x", "", "y", "")])
    assert '<a href="#id_form-1-text">Promise 2, What was promised: Fill this in.</a>' in html
    assert '<a href="#id_form-3-text">Promise 4, What was promised: Fill this in.</a>' in html


def test_error_summary_numbers_rows_as_the_page_does() -> None:
    html = summary(form=None, formsets=[rows_sent("x", "", "", away=(0, 1))])
    assert '<a href="#id_form-2-text">Promise 1, What was promised: Fill this in.</a>' in html
    assert html.count("<a ") == 1


def test_error_summary_leads_from_the_whole_row_to_its_first_field() -> None:
    rows = rows_sent("x", "y")
    rows.is_valid()
    rows.forms[1].add_error(None, "Twice the same.")
    assert '<a href="#id_form-1-text">Promise 2: Twice the same.</a>' in summary(form=None, formsets=[rows])


def test_error_summary_is_silent_when_all_is_well() -> None:
    assert summary(form=Report()).strip() == ""


def field(name: str, data: dict[str, str] | None = None) -> str:
    return str(Report(data)[name].as_field_group())


def test_field_names_help_and_error_for_the_input() -> None:
    html = field("purpose", {"state": "x"})
    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert described is not None
    ids = described[1].split()
    assert ids == ["id_purpose_helptext", "id_purpose_error"]
    assert all(f'id="{name}"' in html for name in ids)
    assert 'aria-invalid="true"' in html


def test_field_says_what_is_optional() -> None:
    assert "optional" in field("note")
    assert "optional" not in field("purpose")


def test_field_of_choices_is_a_group_with_a_legend() -> None:
    html = field("mood")
    assert "<fieldset" in html
    assert "<legend>Mood" in html


def test_formset_row_without_javascript_has_a_box_to_remove_it() -> None:
    html = render_to_string("components/formset.html", {"formset": Promises(), "add_label": "Add"})
    assert "<legend>Promise</legend>" in html
    assert 'name="form-0-DELETE"' in html
    assert 'name="form-__prefix__-text"' in html
