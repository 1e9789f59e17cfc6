# SPDX-License-Identifier: Apache-2.0
"""Check that what distributions declare through entry points can be loaded, and is what it should be."""

from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import NamedTuple

import click

from pyfly.cli.checks.result import CheckResult
from pyfly.cli.scaffolding.archetype import Archetype
from pyfly.kernel.entry_points import entry_points_of

_CHECK = "Entry points"


class _Kind(NamedTuple):
    expected: str
    fits: Callable[[str, object], bool]


_KINDS: Mapping[str, _Kind] = {
    "pyfly.auto_configuration": _Kind(
        "a class with @auto_configuration",
        lambda _, found: isinstance(found, type) and getattr(found, "__pyfly_auto_configuration__", False),
    ),
    "pyfly.cli_archetypes": _Kind("an Archetype", lambda _, found: isinstance(found, Archetype)),
    "pyfly.cli_checks": _Kind("a callable", lambda _, found: callable(found)),
    "pyfly.cli_plugins": _Kind("a click command", lambda _, found: isinstance(found, click.Command)),
    "pyfly.config_defaults": _Kind("a mapping of settings", lambda _, found: isinstance(found, Mapping)),
    "pyfly.config_importers": _Kind(
        "a class with a method load",
        lambda _, found: isinstance(found, type) and callable(getattr(found, "load", None)),
    ),
    "pyfly.config_properties": _Kind(
        "a class with @config_properties of the entry's name",
        lambda name, found: (
            isinstance(found, type) and getattr(found, "__pyfly_config_prefix__", None) == name
        ),
    ),
    "pyfly.event_loops": _Kind(
        "a class with a method loop_factory",
        lambda _, found: isinstance(found, type) and callable(getattr(found, "loop_factory", None)),
    ),
    "pyfly.logging_adapters": _Kind(
        "a class with a method configure",
        lambda _, found: isinstance(found, type) and callable(getattr(found, "configure", None)),
    ),
    "pyfly.servers": _Kind(
        "a callable that makes a server with a method serve or run", lambda _, found: callable(found)
    ),
    "pyfly.web_adapters": _Kind(
        "a class with a method create_app",
        lambda _, found: isinstance(found, type) and callable(getattr(found, "create_app", None)),
    ),
    "pyfly.web_routes": _Kind("a callable", lambda _, found: callable(found)),
}


def check_entry_points() -> Iterator[CheckResult]:
    """Load each entry point of the groups ``pyfly.*``."""
    groups = sorted(group for group in entry_points().groups if group.startswith("pyfly."))
    entries = [entry for group in groups for entry in entry_points_of(group)]
    wrong = [result for entry in entries if (result := _check(entry)) is not None]
    yield from wrong
    sound = len(entries) - len(wrong)
    yield CheckResult(
        _CHECK, "ok", f"{sound} of {len(entries)} in {len(groups)} groups are as they should be"
    )


def _check(entry: EntryPoint) -> CheckResult | None:
    owner = entry.dist.name if entry.dist else "an unknown distribution"
    where = f"{entry.name} = {entry.value} ({entry.group}, from {owner})"
    try:
        found = entry.load()
    except ModuleNotFoundError as error:
        own = ("pyfly", entry.module.partition(".")[0])
        if error.name is not None and error.name.partition(".")[0] not in own:
            message = f"{where} is left out: module {error.name!r} is not installed"
            return CheckResult(_CHECK, "warning", message, f"Install it to use what {owner} brings.")

        return _broken(where, owner, error)
    except (Exception, SystemExit) as error:
        return _broken(where, owner, error)

    kind = _KINDS.get(entry.group)
    if kind is None or kind.fits(entry.name, found):
        return None

    shown = found.__qualname__ if isinstance(found, type) else type(found).__name__
    message = f"{where}: expected {kind.expected}, got {shown}"
    return CheckResult(_CHECK, "failure", message, f"Tell the authors of {owner}, or remove it.")


def _broken(where: str, owner: str, error: BaseException) -> CheckResult:
    message = f"{where} cannot be loaded: {type(error).__name__}: {error}"
    return CheckResult(_CHECK, "failure", message, f"Install {owner} anew, or remove it.")
