# SPDX-License-Identifier: Apache-2.0
import sys
from dataclasses import dataclass
from typing import Annotated, Literal

import pytest

from house import config_reference
from house.config_reference import PAGE, render, undeclared_properties, unknown_keys_read, write_reference
from pyfly.config.alias import Alias
from pyfly.config.metadata import keys_of
from pyfly.core import config_properties

PROJECT = '[project]\nname = "pyfly-it"\n'
DECLARED = 'entry-points."pyfly.config_properties" = { "it" = "house_it:ItProperties" }\n'
CLASS = """
from dataclasses import dataclass
from pyfly.core import config_properties

@config_properties("it")
@dataclass
class ItProperties:
    size: int = 1
"""


@config_properties("shop")
@dataclass
class Shop:
    """Sell things.

    Attributes:
        mode: ``fast`` or safe | sound.
        port: Where it listens.
    """

    mode: Literal["fast", "safe"]
    port: Annotated[int, Alias("web.port", deprecated=True)] = 80


def test_page_has_a_table_for_each_section():
    page = render(keys_of(Shop, owner="pyfly-shop"))

    assert page.partition("## ")[2] == (
        "pyfly-shop\n"
        "\n"
        "### `shop`\n"
        "\n"
        "| key | type | default | variable | meaning |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| `shop.mode` | `fast`, `safe` |  | `PYFLY_SHOP_MODE` | `fast` or safe \\| sound. Required. |\n"
        "| `shop.port` | integer | `80` | `PYFLY_SHOP_PORT` "
        "| Where it listens. `web.port` is an old name of it. |\n"
    )


def test_stale_page_is_told_and_written(make_repository, capsys):
    workspace = make_repository({"packages/core/pyproject.toml": '[project]\nname = "pyfly-core"\n'})

    assert write_reference(workspace, check=True) == 1
    assert "run `hatch run reference`" in capsys.readouterr().out
    assert write_reference(workspace) == 0
    assert "`pyfly.app.name`" in (workspace.root / PAGE).read_text("utf-8")
    assert write_reference(workspace, check=True) == 0


@pytest.mark.parametrize(
    ("project", "found"),
    [
        (PROJECT + DECLARED, []),
        (PROJECT, ['pyfly-it: "it" = "house_it:ItProperties" is not in pyfly.config_properties']),
    ],
)
def test_class_that_is_not_declared_is_named(make_repository, monkeypatch, project, found):
    workspace = make_repository({"packages/it/pyproject.toml": project, "packages/it/src/house_it.py": CLASS})
    monkeypatch.syspath_prepend(workspace.root / "packages/it/src")
    monkeypatch.delitem(sys.modules, "house_it", raising=False)

    assert list(undeclared_properties(workspace)) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('config.get("pyfly.app.name")', []),
        ('config.get("pyfly.logging.level.root")', []),
        ('self._config.get("pyfly.app")', []),
        ('KEY = "pyfly.app.nmae"\nconfig.get(KEY, 1)', ["packages/it/src/it.py:2: reads pyfly.app.nmae"]),
        ('switched_on(config, "pyfly.app.on")', ["packages/it/src/it.py:1: reads pyfly.app.on"]),
        ('meta.get("pyfly.cli.debug")', []),
    ],
)
def test_key_that_no_class_has_is_named(make_repository, monkeypatch, source, found):
    workspace = make_repository({"packages/it/pyproject.toml": PROJECT, "packages/it/src/it.py": source})
    monkeypatch.setattr(config_reference, "workspace_keys", lambda _: config_reference.installed_keys())

    assert list(unknown_keys_read(workspace)) == found
