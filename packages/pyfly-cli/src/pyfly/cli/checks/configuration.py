# SPDX-License-Identifier: Apache-2.0
"""Check the configuration of a folder: that it can be read, its keys, its values."""

from collections.abc import Iterator
from pathlib import Path

from pyfly.cli.checks.result import CheckResult, failure_of
from pyfly.config.conversion import parse_bool
from pyfly.config.errors import BindingError, BindingErrors
from pyfly.config.key_check import check_keys
from pyfly.config.store import Config
from pyfly.config.strictness import UnknownKey

_CHECK = "Configuration"


def check_configuration(directory: Path) -> tuple[Config | None, list[CheckResult]]:
    """Read the configuration, and look for keys that nothing reads and values that do not fit.

    The classes of settings that the application itself has are not known: its modules are not imported.

    Args:
        directory: The project's folder.

    Returns:
        The configuration, None when it cannot be read; and what was found.
    """
    try:
        config = Config.from_sources(directory)
    except Exception as error:
        return None, [failure_of(_CHECK, error)]

    try:
        results = list(_check(config))
    except Exception as error:
        results = [failure_of(_CHECK, error)]

    return config, results


def _check(config: Config) -> Iterator[CheckResult]:
    findings = check_keys(config)
    wrong = 0
    for cls in findings.configured:
        for result in _check_values(config, cls):
            wrong += 1
            yield result

    strict = _is_strict(config)
    for key in findings.unknown:
        yield _unknown(key, strict)

    for section in findings.unused:
        advice = f"Install the distribution that reads {section.section}, or remove it."
        yield CheckResult(_CHECK, "warning", str(section), advice)

    for variable in findings.variables:
        yield CheckResult(_CHECK, "warning", str(variable), "Correct the name of the variable.")

    if not (wrong or findings.unknown):
        yield CheckResult(_CHECK, "ok", _summary(config))


def _check_values(config: Config, cls: type) -> Iterator[CheckResult]:
    try:
        config.bind(cls)
    except (BindingError, BindingErrors) as error:
        for problem in error.problems:
            yield CheckResult(_CHECK, "failure", str(problem), "Correct the value, or remove it.")
    except Exception as error:
        yield failure_of(_CHECK, error)


def _unknown(key: UnknownKey, strict: bool) -> CheckResult:
    advice = f"Write {key.suggestions[0]}, or remove the key." if key.suggestions else "Remove the key."
    return CheckResult(_CHECK, "failure" if strict else "warning", str(key), advice)


def _is_strict(config: Config) -> bool:
    try:
        return parse_bool(str(config.get("pyfly.config.strict", True)))
    except ValueError:
        return True


def _summary(config: Config) -> str:
    profiles = ", ".join(config.active_profiles) or "none"
    return f"{', '.join(config.loaded_sources)}; active profiles: {profiles}"
