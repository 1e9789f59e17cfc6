# SPDX-License-Identifier: Apache-2.0
import sys

import pytest

from pyfly.server.exceptions import ServerNotFoundError
from pyfly.server.selection import installed_servers, select_server


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Make the given servers, as ``name="module:Class"``, the only installed ones."""
    (tmp_path / "adapters_under_test.py").write_text(
        "class Present: ...\n"
        "class Absent:\n    @classmethod\n    def is_available(cls):\n        return False\n"
    )
    (tmp_path / "broken_adapter.py").write_text("import no_such_library\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])

    def write(**servers):
        metadata = tmp_path / "servers-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: servers\nVersion: 1.0\n")
        lines = [f"{name} = {path}" for name, path in servers.items()]
        (metadata / "entry_points.txt").write_text("\n".join(["[pyfly.servers]", *lines]))

    yield write
    sys.modules.pop("adapters_under_test", None)


def test_auto_prefers_granian_then_uvicorn_then_hypercorn_then_others_by_name(install):
    names = ("zeta", "hypercorn", "alpha", "uvicorn", "granian")
    install(**dict.fromkeys(names, "adapters_under_test:Present"))

    assert installed_servers() == ["granian", "uvicorn", "hypercorn", "alpha", "zeta"]
    assert select_server().name == "granian"


def test_auto_passes_over_a_server_whose_library_is_missing(install):
    install(
        granian="adapters_under_test:Absent",
        uvicorn="broken_adapter:Adapter",
        mine="adapters_under_test:Present",
    )

    assert select_server("auto").name == "mine"


def test_a_named_server_is_created_from_its_entry_point(install):
    install(granian="adapters_under_test:Present", mine="adapters_under_test:Present")

    selected = select_server("mine")

    assert selected.name == "mine"
    assert type(selected.create()).__name__ == "Present"


def test_an_unknown_name_lists_the_valid_ones(install):
    install(granian="adapters_under_test:Present", mine="adapters_under_test:Present")

    with pytest.raises(ServerNotFoundError) as caught:
        select_server("tomcat")

    assert caught.value.requested == "tomcat"
    assert caught.value.installed == ("granian", "mine")
    assert caught.value.description == "pyfly.server.type: no server named 'tomcat' is installed."
    assert caught.value.action.startswith("Use one of: auto, granian, mine;")


def test_a_named_server_without_its_library_is_not_replaced_by_another(install):
    install(granian="adapters_under_test:Absent", mine="adapters_under_test:Present")

    with pytest.raises(ServerNotFoundError, match="no server named 'granian' is installed"):
        select_server("granian")


def test_no_server_at_all_says_what_to_install(install):
    install()

    with pytest.raises(ServerNotFoundError) as caught:
        select_server()

    assert caught.value.description == "No ASGI server found."
    assert "pyfly[web]" in caught.value.action
