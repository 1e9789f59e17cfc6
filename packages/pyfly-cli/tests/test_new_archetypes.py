# SPDX-License-Identifier: Apache-2.0
"""Archetypes that other distributions bring."""

import os
from pathlib import Path

import pytest

MODULE = """
from pathlib import Path

from pyfly.cli.templates import Archetype

MAIL = Archetype(
    description="A service that sends mail",
    details="A sender",
    templates=Path(__file__).parent / "mail_templates",
    features=("validation",),
    extras=("mail",),
    distributions=("acme-mail", "acme-spool"),
    first_commands=(".venv/bin/{{ name }} send",),
)
not_an_archetype = object()
"""

TEMPLATES = {
    "mail_templates/.gitignore.jinja": "{% include 'shared/gitignore' %}",
    "mail_templates/README.md.jinja": "# {{ name }}, {{ archetype }}\n",
    "mail_templates/requirements.txt.jinja": "{{ requirements | join('\\n') }}\n",
    "mail_templates/src/__package__/__init__.py.jinja": "",
}


@pytest.fixture
def acme(bring):
    def install(entry="MAIL", name="mail", **files):
        bring(
            "acme-mail",
            "1.4.2",
            entry_points=f"[pyfly.cli_archetypes]\n{name} = acme_archetypes:{entry}\n",
            files={"acme_archetypes.py": MODULE, **TEMPLATES, **files},
        )

    return install


def test_a_distribution_brings_an_archetype(pyfly, acme, bring):
    acme()
    bring("acme-spool", "2.0")

    result = pyfly("new", "post", "--archetype", "mail")

    assert result.exit_code == 0, result.output
    assert Path("post/README.md").read_text() == "# post, mail\n"
    assert Path("post/src/post/__init__.py").read_text() == ""
    assert ".venv/" in Path("post/.gitignore").read_text()
    assert "acme-mail>=1.4.2,<2\nacme-spool>=2.0,<3\n" in Path("post/requirements.txt").read_text()
    assert Path("post/requirements.txt").read_text().startswith("pyfly[mail]")
    assert "  .venv/bin/post send\n" in result.stdout


def test_it_is_listed_with_what_it_still_needs(pyfly, acme):
    acme()

    lines = pyfly("new", "--list").stdout.splitlines()

    (line,) = (line for line in lines if line.startswith("mail "))
    assert "A service that sends mail" in line
    assert "needs acme-spool, which is not installed" in line


def test_it_is_refused_while_something_is_missing(pyfly, acme):
    acme()

    result = pyfly("new", "post", "--archetype", "mail")

    assert (result.exit_code, os.listdir()) == (1, [])
    assert "The archetype mail needs acme-spool, which is not installed." in result.stderr


def test_it_takes_the_place_of_one_that_was_absent(pyfly, acme):
    acme(name="messaging")

    output = pyfly("new", "--list").stdout

    assert "A service that sends mail" in output
    assert "pyfly-messaging" not in output


def test_it_cannot_replace_one_of_the_command(pyfly, acme):
    acme(name="library")

    assert "A service that sends mail" not in pyfly("new", "--list").stdout


@pytest.mark.parametrize(
    ("entry", "warning"),
    [
        ("NOWHERE", "Warning: archetype 'mail' (acme_archetypes:NOWHERE) cannot be loaded: AttributeError"),
        ("not_an_archetype", "Warning: acme_archetypes:not_an_archetype, named 'mail', is not an Archetype."),
    ],
)
def test_a_broken_one_warns_and_the_others_work(pyfly, acme, entry, warning):
    acme(entry)

    result = pyfly("new", "kit", "--archetype", "library")

    assert result.exit_code == 0
    assert warning in result.stderr


@pytest.mark.parametrize(
    "template",
    [
        {"mail_templates/wrong.txt.jinja": "{{ nowhere }}"},
        {"mail_templates/src/__package__/wrong.py.jinja": "{% endif %}"},
    ],
)
def test_a_template_that_fails_leaves_nothing(pyfly, acme, bring, template):
    acme(**template)
    bring("acme-spool")

    result = pyfly("new", "post", "--archetype", "mail")

    assert (result.exit_code, os.listdir()) == (1, [])


def test_a_file_that_cannot_be_written_leaves_nothing(pyfly, acme, bring):
    # 'a' is to be a file and a folder.
    acme(**{"mail_templates/a.jinja": "", "mail_templates/a/b.jinja": ""})
    bring("acme-spool")

    result = pyfly("new", "post", "--archetype", "mail")

    assert (result.exit_code, os.listdir()) == (1, [])
    assert "post cannot be written: " in result.stderr
