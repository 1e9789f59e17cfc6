# SPDX-License-Identifier: Apache-2.0
"""Import strings judged without importing anything, and what a misspelt one may stand for."""

import sys
from collections.abc import Iterable
from difflib import get_close_matches
from importlib.machinery import ModuleSpec
from pathlib import Path

from pyfly.cli.source_modules import Definitions, definitions, project_modules
from pyfly.server.exceptions import ApplicationImportError

_MOST = 3
_USUAL = ("main", "app", "asgi")


def check_target(target: str, directory: Path) -> None:
    """Refuse an import string that cannot lead to anything; pass one where only its import can tell.

    Args:
        target: Such as ``package.module:attribute``.
        directory: The project's folder, for what else may be meant. It and its ``src`` are on ``sys.path``.

    Raises:
        ApplicationImportError: The text is malformed, there is no such module, or it has no such attribute.
    """
    module, _, path = target.partition(":")
    if not all(map(str.isidentifier, (*module.split("."), *path.split(".")))):
        raise ApplicationImportError(
            target,
            "it is not of the form 'package.module:attribute'",
            _advice(_similar(target, directory), "Write, for example, 'orders.main:app'."),
        )

    attribute = path.partition(".")[0]
    try:
        spec, missing = _find(module)
        inner, _ = _find(f"{module}.{attribute}")
    except Exception:
        # What finds modules wants their packages imported: only the import can tell.
        return

    if spec is None:
        otherwise = "Check the name, and start in the folder that holds it or its 'src' folder."
        advice = _advice(_similar(target, directory), otherwise)
        raise ApplicationImportError(target, f"there is no module {missing!r}", advice)

    defined = _defined_by(spec)
    if inner is None and defined is not None and defined.complete and attribute not in defined.names:
        near = dict.fromkeys([*get_close_matches(attribute, defined.names, _MOST), *defined.applications])
        advice = _advice([f"{module}:{name}" for name in near], "Check the name after the colon.")
        raise ApplicationImportError(target, f"{module!r} has no attribute {attribute!r}", advice)


def applications_near(directory: Path) -> list[str]:
    """Return import strings of what looks like an application in a project, the likeliest first.

    Args:
        directory: Its folder.
    """
    modules = project_modules(directory)
    usual_first = sorted(modules, key=lambda module: module.name.rpartition(".")[2] not in _USUAL)
    found = ((module.name, definitions(module.path)) for module in usual_first)
    return [f"{name}:{it}" for name, defined in found if defined for it in defined.applications]


def _similar(target: str, directory: Path) -> list[str]:
    module, _, path = target.replace("/", ".").replace(".py:", ":").removesuffix(".py").partition(":")
    modules = {it.name: it.path for it in project_modules(directory)}
    if module not in modules and ":" not in target and module.rpartition(".")[0] in modules:
        # The dot stands where the colon belongs.
        module, _, path = module.rpartition(".")

    near = [module] if module in modules else get_close_matches(module, modules, _MOST)
    found = [it for name in near for it in _attributes(name, modules[name], path)]
    return (found or applications_near(directory))[:_MOST]


def _attributes(module: str, path: Path, wanted: str) -> Iterable[str]:
    defined = definitions(path)
    if defined is None:
        return []

    if wanted in defined.names:
        return [f"{module}:{wanted}"]

    names = dict.fromkeys([*get_close_matches(wanted, defined.names, 1), *defined.applications])
    return [f"{module}:{name}" for name in names]


def _advice(meant: list[str], otherwise: str) -> str:
    return f"Did you mean {' or '.join(meant)}?" if meant else otherwise


def _find(module: str) -> tuple[ModuleSpec | None, str]:
    """Find a module without importing the packages around it.

    Returns:
        What was found, and the name of the package or module that was not.
    """
    spec: ModuleSpec | None = None
    name = ""
    for part in module.split("."):
        name = f"{name}.{part}" if name else part
        path = None if spec is None else spec.submodule_search_locations
        if spec is not None and path is None:
            return None, name

        spec = _spec(name, path)
        if spec is None:
            return None, name

    return spec, ""


def _spec(name: str, path: Iterable[str] | None) -> ModuleSpec | None:
    loaded = getattr(sys.modules.get(name), "__spec__", None)
    if isinstance(loaded, ModuleSpec):
        return loaded

    for finder in sys.meta_path:
        find = getattr(finder, "find_spec", None)
        spec = find(name, None if path is None else list(path)) if find else None
        if isinstance(spec, ModuleSpec):
            return spec

    return None


def _defined_by(spec: ModuleSpec) -> Definitions | None:
    if not (spec.has_location and spec.origin and spec.origin.endswith(".py")):
        return None

    return definitions(Path(spec.origin))
