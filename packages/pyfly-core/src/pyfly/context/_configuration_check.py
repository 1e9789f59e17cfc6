# SPDX-License-Identifier: Apache-2.0
"""All that is wrong with the settings, found before the first bean is made."""

import logging
from collections.abc import Iterable
from typing import Any

from pyfly.config.conversion import parse_bool
from pyfly.config.errors import ConfigurationError
from pyfly.config.store import Config
from pyfly.container.container import Container
from pyfly.container.exceptions import BeanCreationException
from pyfly.container.registry import Registration
from pyfly.container.types import Scope

_STRICT = "pyfly.config.strict"

_log = logging.getLogger("pyfly.config")


class ConfigurationCheck:
    """Binds every class of settings, and looks for keys that nothing reads.

    Args:
        config: The settings.
        container: The beans.
        keys: Whether keys are looked at as well, not only values.
    """

    def __init__(self, config: Config, container: Container, *, keys: bool) -> None:
        self._config = config
        self._container = container
        self._keys = keys
        self._code: list[type] = []

    def begin(self, auto_configurations: Iterable[type]) -> None:
        """Remember whose code may read settings, before conditions leave some of it out."""
        if self._keys:
            self._code = [*(it.impl_type for it in self._container.registrations()), *auto_configurations]

    def run(self, bindable: Iterable[Registration]) -> dict[type, Any]:
        """Bind the beans that are settings, and check the keys.

        Args:
            bindable: The beans.

        Returns:
            What was bound, by class: the beans that are about to be made.

        Raises:
            BeanCreationException: One class cannot be bound, and nothing else is wrong.
            InvalidConfigurationError: More than that is wrong.
        """
        bound: dict[type, Any] = {}
        failures: dict[type, Exception] = {}
        present = set(self._container.registrations())
        for definition in bindable:
            if definition in present and definition.impl_type not in failures:
                made = self._bind(definition.impl_type, failures)
                if definition.scope is Scope.SINGLETON and not definition.lazy:
                    bound[definition.impl_type] = made

        unknown = self._check_keys(failures, set(bound)) if self._keys else ()
        if not unknown and len(failures) == 1:
            ((cls, error),) = failures.items()
            raise binding_failure(cls, error) from error

        if unknown or failures:
            # What reports everything is not needed where everything is right.
            from pyfly.config.strictness import InvalidConfigurationError

            raise InvalidConfigurationError(unknown, [_told(cls, it) for cls, it in failures.items()])

        return bound

    def repeat(self, bindable: Iterable[Registration], _: Config) -> None:
        """Check settings that were read again.

        Raises:
            BeanCreationException: One class cannot be bound, and nothing else is wrong.
            InvalidConfigurationError: More than that is wrong.
        """
        self.run(bindable)

    def _bind(self, cls: type, failures: dict[type, Exception]) -> Any:
        try:
            return self._config.bind(cls)
        except ValueError as error:
            failures[cls] = error
            return None

    def _check_keys(self, failures: dict[type, Exception], bound: set[type]) -> tuple[Any, ...]:
        # The check costs a few modules, which a context without it does not need.
        from pyfly.context.setting_check import check_settings

        findings = check_settings(self._config, self._container, self._code)
        for cls in findings.configured:
            if cls not in bound and cls not in failures:
                self._bind(cls, failures)

        for finding in (*findings.unused, *findings.variables):
            _log.warning("%s", finding)

        if self._is_strict():
            return findings.unknown

        for key in findings.unknown:
            _log.warning("%s", key)

        return ()

    def _is_strict(self) -> bool:
        value = self._config.get(_STRICT, True)
        try:
            return value if isinstance(value, bool) else parse_bool(str(value))
        except ValueError:
            # Its own section reports it.
            return True


def binding_failure(cls: type, error: Exception) -> BeanCreationException:
    """Return the error of a bean whose settings do not fit."""
    return BeanCreationException(
        "configuration", cls.__name__, str(error), action=getattr(error, "action", "")
    )


def _told(cls: type, error: Exception) -> ConfigurationError:
    if isinstance(error, ConfigurationError):
        return error

    told = ConfigurationError(f"{cls.__name__}: {error}")
    told.__cause__ = error
    return told
