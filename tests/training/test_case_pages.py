"""Case studies: shipped, read by everyone, kept by administrators."""

from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from tests.factories.training import CaseStudyFactory
from tests.support.pages import body, signed_in, words
from training.models import CaseStudy

pytestmark = pytest.mark.django_db


def test_the_two_that_are_shipped_are_whole_and_read_by_a_partner(cast):
    CaseStudy.objects.all().delete()
    import_module("training.migrations.0003_shipped_cases").ship(apps, None)
    client = signed_in(cast.partner)
    listed = body(client.get(reverse("cases")))
    for case in CaseStudy.objects.all():
        case.full_clean()
        assert case.title in listed
        page = body(client.get(case.get_absolute_url()))
        for heading in ("What happened", "What worked", "What hampered", "What to take along"):
            assert heading in page
        assert page.count("<ol>") == 1
        assert page.count("<ul") >= 2
        assert "##" not in page
        assert "**" not in page
    assert set(CaseStudy.objects.values_list("mission", flat=True)) == {"UNAMSIL", "MONUC, MONUSCO"}


def test_words_are_found_and_what_is_archived_is_not_listed(cast):
    CaseStudyFactory(title="Found", worked="Liaison assistants")
    CaseStudyFactory(title="Archived one", worked="Liaison assistants", is_archived=True)
    listed = words(body(signed_in(cast.owner).get(f"{reverse('cases')}?q=assistants")))
    assert "Found" in listed
    assert "Archived one" not in listed


def test_texts_are_words_whatever_stands_in_them(cast):
    case = CaseStudyFactory(story="<script>alert(1)</script>", worked="**bold** <b>no</b>")
    page = body(signed_in(cast.owner).get(case.get_absolute_url()))
    assert "<script>alert" not in page
    assert "<strong>bold</strong> &lt;b&gt;no&lt;/b&gt;" in page


def test_the_way_leads_from_the_lessons_to_a_case_and_back(cast):
    case = CaseStudyFactory()
    client = signed_in(cast.partner)
    lessons, cases, one = reverse("lessons"), reverse("cases"), case.get_absolute_url()
    for page, links in ((lessons, [cases]), (cases, [one, lessons]), (one, [cases, lessons])):
        main = body(client.get(page)).partition("<main")[2]
        for link in links:
            assert f'href="{link}"' in main, (page, link)
