# SPDX-License-Identifier: Apache-2.0
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

Run = Callable[..., Result]


def beans(payload: Any) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = payload["contexts"]["application"]["beans"]
    return found


def test_no_bean_is_made(shop: Run) -> None:
    assert shop("beans").exit_code == 0
    assert not Path("made.txt").exists()


def test_each_bean_is_described(as_json: Callable[..., Any]) -> None:
    found = beans(as_json("beans"))

    assert found["till"] == {
        "aliases": [],
        "scope": "singleton",
        "type": "inspected_shop.Till",
        "resource": "inspected_shop",
        "dependencies": ["Orders"],
        "stereotype": "service",
        "source": "inspected_shop.Till",
    }
    assert found["Orders"]["dependencies"] == ["memory", "ShopProperties"]
    assert (found["Config"]["stereotype"], found["Config"]["source"]) == ("other", "given")


def test_a_product_tells_the_method_that_makes_it(as_json: Callable[..., Any]) -> None:
    memory = beans(as_json("beans"))["memory"]

    assert (memory["type"], memory["stereotype"]) == ("inspected_shop.Store", "bean")
    assert (memory["resource"], memory["source"]) == ("inspected_shop", "inspected_shop.Stores#memory")
    assert memory["dependencies"] == ["Stores"]


def test_conditions_decide_what_is_there(as_json: Callable[..., Any]) -> None:
    found = beans(as_json("beans", "-D", "shop.store=database", "--env", "PYFLY_SHOP_CHRISTMAS=true"))

    assert {"database", "Tree"} <= found.keys()
    assert "memory" not in found


def test_beans_of_one_name_are_all_there(pyfly: Run, write: Callable[..., None]) -> None:
    write(
        inspected_here="class Store: ...\n",
        inspected_there="class Store: ...\n",
        inspected_twins=(
            "from pyfly.config.store import Config\n"
            "from pyfly.context import ApplicationContext\n"
            "import inspected_here, inspected_there\n"
            "context = ApplicationContext(Config({}))\n"
            "context.register_bean(inspected_here.Store)\n"
            "context.register_bean(inspected_there.Store)\n"
            "context.register_bean(inspected_there.Store, name='other')\n"
        ),
    )

    found = beans(json.loads(pyfly("beans", "--app", "inspected_twins:context", "--json").stdout))

    assert {name for name, bean in found.items() if bean["type"].endswith(".Store")} == {
        "Store",
        "inspected_there.Store",
        "other",
    }


def test_a_table_is_lines_that_tools_can_read(shop: Run) -> None:
    lines = shop("beans").stdout.splitlines()

    assert lines[0].split() == ["Name", "Type", "Scope", "Stereotype", "Dependencies", "Source"]
    (till,) = (line for line in lines if line.startswith("till "))
    assert till.split() == [
        "till",
        "inspected_shop.Till",
        "singleton",
        "service",
        "Orders",
        "inspected_shop.Till",
    ]
