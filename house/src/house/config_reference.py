# SPDX-License-Identifier: Apache-2.0
"""The reference page of all configuration keys, written from what the classes of settings say."""

import ast
import importlib
import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from house.workspace import Workspace
from pyfly.config.metadata import KeyMetadata, installed_keys

PAGE = "docs/reference/configuration-keys.md"
GROUP = "pyfly.config_properties"

_HEAD = """\
# Configuration keys

Every key that the distributions of PyFly read. `hatch run reference` writes this page from their classes of
settings. A class of your own [describes its keys](../modules/configuration-strictness.md) in the same way.

`<name>` stands for a name of your choice. A default of `null` means that nothing is set.
"""
_KEY = re.compile(r"pyfly(\.[a-z][a-z0-9-]*)+")
_READER = re.compile(r"config(uration)?\.(get|origin)$|\bswitched_on$")


def write_reference(workspace: Workspace, *, check: bool = False) -> int:
    """Write the page, or only tell whether it is as it would be written."""
    page = workspace.root / PAGE
    wanted = render(workspace_keys(workspace))
    if page.is_file() and page.read_text("utf-8") == wanted:
        return 0

    if check:
        print(f"{PAGE} is not what the classes of settings say: run `hatch run reference`")
        return 1

    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(wanted, "utf-8")
    print(f"{PAGE} is written")
    return 0


def workspace_keys(workspace: Workspace) -> list[KeyMetadata]:
    """Describe the keys of the distributions in the workspace, whatever else is installed."""
    names = {found.name for found in workspace.distributions}
    return [key for key in installed_keys() if key.owner in names]


def render(keys: Iterable[KeyMetadata]) -> str:
    """Give the page: a chapter for each distribution, in it a table for each section."""
    ordered = sorted(keys, key=lambda key: (key.owner, key.section, key.key))
    parts = [_HEAD]
    for owner, own in groupby(ordered, lambda key: key.owner):
        parts.append(f"## {owner}\n")
        for section, rows in groupby(own, lambda key: key.section):
            parts.append(f"### `{section}`\n")
            parts.append(_table(rows))

    return "\n".join(parts)


def stale_reference(workspace: Workspace) -> Iterator[str]:
    """The reference page says what the classes of settings say."""
    page = workspace.root / PAGE
    written = page.read_text("utf-8") if page.is_file() else ""
    if written != render(workspace_keys(workspace)):
        yield f"{PAGE}: run `hatch run reference`"


def undescribed_keys(workspace: Workspace) -> Iterator[str]:
    """Every key has a description."""
    for key in workspace_keys(workspace):
        if not key.description:
            yield f"{key.key}: its field has no entry under Attributes in the docstring of {key.declared_by}"


def undeclared_properties(workspace: Workspace) -> Iterator[str]:
    """Every class of settings is an entry of `pyfly.config_properties`, named after its prefix."""
    for found in workspace.distributions:
        declared = {value: name for group, name, value in found.entry_points if group == GROUP}
        for path in found.sources:
            module = found.module_name(path)
            for node in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(node, ast.ClassDef) and any(map(_marks_properties, node.decorator_list)):
                    target = f"{module}:{node.name}"
                    prefix = getattr(importlib.import_module(module), node.name).__pyfly_config_prefix__
                    if declared.get(target) != prefix:
                        yield f'{found.name}: "{prefix}" = "{target}" is not in {GROUP}'


def unknown_keys_read(workspace: Workspace) -> Iterator[str]:
    """Every key that the code reads by its name is a key of some class of settings."""
    known = [name for key in workspace_keys(workspace) for name in (key.key, *(it.key for it in key.aliases))]
    # A reader may also ask for a whole section.
    wanted = re.compile(
        "|".join(f"{re.escape(name).replace('<name>', '.+')}|{_sections(name)}" for name in known)
    )
    for found in workspace.distributions:
        for path in found.sources:
            tree = ast.parse(path.read_bytes())
            constants = dict(_constants(tree))
            for node in ast.walk(tree):
                for text in _keys_read(node, constants):
                    if not wanted.fullmatch(text):
                        yield f"{path.relative_to(workspace.root)}:{node.lineno}: reads {text}"  # type: ignore[attr-defined]  # calls have a line


def _sections(key: str) -> str:
    steps = key.split(".")
    return "|".join(re.escape(".".join(steps[:count])) for count in range(1, len(steps)))


def _table(keys: Iterable[KeyMetadata]) -> str:
    lines = ["| key | type | default | variable | meaning |", "| --- | --- | --- | --- | --- |"]
    for key in keys:
        cells = (
            f"`{key.key}`",
            ", ".join(f"`{it}`" for it in key.choices) or key.type,
            f"`{key.default}`" if key.default is not None else "",
            f"`{key.variable}`" if key.variable else "",
            _meaning(key),
        )
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")

    return "\n".join([*lines, ""])


def _meaning(key: KeyMetadata) -> str:
    notes = [key.description.replace("``", "`")]
    if key.constraints:
        notes.append(f"It is {', '.join(key.constraints)}.")

    if key.required:
        notes.append("Required.")

    for alias in key.aliases:
        notes.append(f"`{alias.key}` is {'an old name' if alias.deprecated else 'another name'} of it.")

    return " ".join(notes)


def _marks_properties(decorator: ast.expr) -> bool:
    target = decorator.func if isinstance(decorator, ast.Call) else None
    return isinstance(target, ast.Name) and target.id == "config_properties"


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield from ((target.id, value.value) for target in targets if isinstance(target, ast.Name))


def _keys_read(node: ast.AST, constants: dict[str, str]) -> Iterator[str]:
    if not isinstance(node, ast.Call):
        return

    # Other things have a method `get` too; a configuration is called one.
    called = ast.unparse(node.func)
    if _READER.search(called):
        for argument in node.args:
            text: object = constants.get(argument.id) if isinstance(argument, ast.Name) else None
            text = argument.value if isinstance(argument, ast.Constant) else text
            if isinstance(text, str) and _KEY.fullmatch(text):
                yield text
