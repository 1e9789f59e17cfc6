# SPDX-License-Identifier: Apache-2.0
"""Which layer wins, for any choice of layers and keys."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from pyfly.config.store import Config

# Lowest first. A document is written behind those that are in its file already.
LAYERS = [
    "application",
    "starters",
    "config/pyfly.yaml",
    "config/pyfly.toml",
    "pyfly.yaml",
    "pyfly.yaml, second document",
    "pyfly.yaml, document of a",
    "pyfly.yaml, document of b",
    "pyfly.toml",
    "config/pyfly-a.yaml",
    "pyfly-a.yaml",
    "pyfly-a.yaml, document of b",
    "pyfly-b.yaml",
    "imported.yaml",
    "imported.yaml, document of a",
    "later.toml",
    "environment",
    "arguments",
]
KEYS = ["shop.size", "shop.pool.depth", "name", "tags"]
CONDITION = "pyfly.config.activate.on-profile"


def nested(keys: list[str], value: str) -> dict[str, Any]:
    """Settings that give each of the keys the name of their layer, in either notation."""
    tree: dict[str, Any] = {}
    for key in keys:
        first, _, rest = key.partition(".")
        if rest:
            tree.setdefault(first, {}).update(nested([rest], value))
        else:
            tree[key] = [value] if key == "tags" else value

    return tree


def write(folder: Path, layers: dict[str, list[str]]) -> None:
    (folder / "config").mkdir()
    documents: dict[str, list[str]] = {}
    for layer in LAYERS[2:-2]:
        name, _, part = layer.partition(", ")
        settings = nested(layers.get(layer, []), layer)
        if part.startswith("document of "):
            settings[CONDITION] = part.removeprefix("document of ")

        if name.endswith(".toml"):
            text = "\n".join(f"{key} = {json.dumps(layer)}" for key in layers.get(layer, []) if key != "tags")
            text += f"\ntags = [{json.dumps(layer)}]" if "tags" in layers.get(layer, []) else ""
        else:
            text = json.dumps(settings)

        documents.setdefault(name, []).append(text)

    for name, texts in documents.items():
        (folder / name).write_text("\n---\n".join(texts))


@given(st.dictionaries(st.sampled_from(LAYERS), st.lists(st.sampled_from(KEYS), unique=True)))
def test_highest_layer_that_sets_a_key_gives_its_value(layers: dict[str, list[str]]) -> None:
    variables = {
        "PYFLY_" + key.replace(".", "_").upper(): "environment" for key in layers.get("environment", [])
    }
    with tempfile.TemporaryDirectory() as name, patch.dict(os.environ, variables):
        folder = Path(name)
        write(folder, layers)
        config = Config.from_sources(
            folder,
            ["a", "b"],
            application={
                **nested(layers.get("application", []), "application"),
                "pyfly.config.import": ["file:imported.yaml", "file:later.toml"],
            },
            starter_defaults=nested(layers.get("starters", []), "starters"),
            arguments=dict.fromkeys(layers.get("arguments", []), "arguments"),
        )
        config.reload_from_sources()
        for key in KEYS:
            setters = [layer for layer in LAYERS if key in layers.get(layer, [])]
            expected: object = setters[-1] if setters else None
            found = config.get(key)
            assert (found[0] if isinstance(found, list) else found) == expected, key


@given(
    st.recursive(
        st.integers() | st.lists(st.integers(), max_size=2),
        lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
        max_leaves=8,
    ).filter(lambda tree: isinstance(tree, dict)),
    st.dictionaries(st.sampled_from("abc"), st.integers() | st.just({"a": 1}), max_size=3),
)
def test_mappings_merge_and_everything_else_is_replaced(lower: dict[str, Any], upper: dict[str, Any]) -> None:
    def merged(below: Any, above: Any) -> Any:
        if not isinstance(below, dict) or not isinstance(above, dict):
            return above

        return {
            key: merged(below.get(key), above[key]) if key in above else below[key]
            for key in {**below, **above}
        }

    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "pyfly.yaml").write_text(f"{json.dumps(lower)}\n---\n{json.dumps(upper)}")
        config = Config.from_sources(name, load_defaults=False)

    assert config.to_dict() == merged(lower, upper)
