"""The demo page that shows all mail, and that it cannot exist on a mission's server."""

import os
import subprocess
import sys

import pytest
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse

from cimic_portal.embedded.layout import CHECKOUT
from tests.factories.cast import make_cast
from tests.support.services import child_environment


@pytest.fixture
def folder(tmp_path, settings):
    settings.MAIL_DIR = tmp_path
    return tmp_path


def send(folder, *subjects, body="Body"):
    backend = "django.core.mail.backends.filebased.EmailBackend"
    with get_connection(backend, file_path=str(folder)) as open_one:
        for subject in subjects:
            EmailMessage(subject, body, to=["lo@example.org"], connection=open_one).send()


@pytest.fixture
def reader(client, db):
    client.force_login(make_cast().partner)
    return client


def test_demo_people_read_all_demo_mail(reader, folder):
    send(folder, "First", "Second")
    send(
        folder,
        "Third – Lorani",
        body="Open it:\nhttp://localhost:8000/notifications/7/\n<script>alert(1)</script>",
    )
    page = reader.get(reverse("demo_mail"))
    assert page.status_code == 200
    letters = page.context["letters"]
    assert {letter.subject for letter in letters} == {"First", "Second", "Third – Lorani"}
    assert len({letter.name for letter in letters}) == 3
    third = next(letter for letter in letters if letter.subject.startswith("Third"))
    text = reader.get(reverse("demo_mail_letter", args=[third.name])).content.decode()
    assert "lo@example.org" in text and "&lt;script&gt;" in text and "<script>alert" not in text
    assert 'href="http://localhost:8000/notifications/7/"' in text


def test_page_without_mail_says_what_brings_some(reader, folder):
    assert "No mail was sent yet" in reader.get(reverse("demo_mail")).content.decode()


def test_folder_that_is_missing_is_no_error(reader, settings, tmp_path):
    settings.MAIL_DIR = tmp_path / "none"
    assert reader.get(reverse("demo_mail")).status_code == 200


@pytest.mark.parametrize("name", ["none-0", "20261122-0", "x", "-0"])
def test_letter_that_is_not_there_is_not_found(reader, folder, name):
    (folder / "secret.txt").write_text("not mail")
    send(folder, "First")
    assert reader.get(f"/demo/mail/{name}/").status_code == 404


@pytest.mark.parametrize("path", ["../secret-0", "%2e%2e%2fsecret-0"])
def test_letter_outside_the_folder_is_not_found(reader, folder, path):
    assert reader.get(f"/demo/mail/{path}/").status_code == 404


def production(program, **more):
    environment = child_environment() | {
        "DJANGO_SETTINGS_MODULE": "cimic_portal.settings.production",
        "SECRET_KEY": "k" * 60,
        "EMAIL_URL": "smtp://localhost:25",
        "ALLOWED_HOSTS": "portal.example.org",
        **more,
    }
    return subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{program}"],
        env={name: value for name, value in environment.items() if value},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_settings_have_no_demo_page():
    program = (
        "from django.conf import settings\n"
        "from django.urls import NoReverseMatch, Resolver404, resolve, reverse\n"
        "assert not settings.DEMO\n"
        "assert reverse('notifications')\n"
        "for ask in (lambda: reverse('demo_mail'), lambda: resolve('/demo/mail/')):\n"
        "    try:\n"
        "        ask()\n"
        "    except (NoReverseMatch, Resolver404):\n"
        "        continue\n"
        "    raise SystemExit('the demo page is wired')\n"
        "print('refused')\n"
    )
    ended = production(program)
    assert ended.stdout.strip() == "refused", ended.stderr


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("PORTAL_DEMO", "1", "PORTAL_DEMO"),
        ("EMAIL_URL", "", "EMAIL_URL"),
        ("SECRET_KEY", "", "SECRET_KEY"),
    ],
)
def test_production_settings_refuse(variable, value, words):
    ended = production("print('started')", **{variable: value})
    assert ended.returncode != 0 and "started" not in ended.stdout
    assert "ImproperlyConfigured" in ended.stderr and words in ended.stderr
    assert os.environ.get("DJANGO_SETTINGS_MODULE") is None
