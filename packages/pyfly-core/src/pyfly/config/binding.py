# SPDX-License-Identifier: Apache-2.0
"""Typed views of the configuration."""

from collections.abc import Callable
from typing import Any, TypeVar

from pyfly.config._compile import shape_of
from pyfly.config._models import Model
from pyfly.config._records import Record
from pyfly.config._site import Run, Site
from pyfly.config._tree import ABSENT
from pyfly.config.errors import BindingError, ConfigurationError

__all__ = ["bind_section", "coerce", "config_properties"]

T = TypeVar("T")
C = TypeVar("C", bound=type)


def config_properties(prefix: str) -> Callable[[C], C]:
    """Make a dataclass or pydantic model a view of the keys under ``prefix``.

    The class becomes a singleton of the container, bound when the application starts. Its fields and the keys
    match in any spelling: ``pool_size`` takes ``pool-size``, and ``<PREFIX>_POOL_SIZE`` of the environment.

    Args:
        prefix: Dotted path of the section, for instance ``pyfly.server``.
    """

    def mark(cls: C) -> C:
        target: Any = cls
        target.__pyfly_config_prefix__ = prefix
        target.__pyfly_injectable__ = True
        if not hasattr(target, "__pyfly_stereotype__"):
            target.__pyfly_stereotype__ = "config_properties"
        return cls

    return mark


def bind_section(cls: type[T], section: Any, prefix: str, run: Run) -> T:
    """Create an instance of ``cls`` from the values of a section.

    Raises:
        BindingError: If values do not fit; it names all of them.
    """
    shape = shape_of(cls)
    if not isinstance(shape, Record | Model):
        raise ConfigurationError(
            f"{cls.__qualname__} cannot be bound to {prefix!r}: it must be a dataclass or a pydantic model"
        )
    found = shape.read({} if section is ABSENT else section, Site(run, prefix))
    if run.problems:
        raise BindingError(cls.__name__, prefix, run.problems) from run.cause
    bound: T = found
    return bound


def coerce(value: Any, target: Any, key: str) -> Any:
    """Return ``value`` as an instance of the annotation ``target``.

    Args:
        value: A configured value; a mapping for a dataclass.
        target: The annotation.
        key: Where the value stands, for the error.

    Raises:
        ConfigurationError: If the value does not fit.
    """
    run = Run({}, lambda raw, _: raw, lambda _: None)
    found = shape_of(target).read(value, Site(run, key, False))
    if run.problems:
        raise ConfigurationError("; ".join(map(str, run.problems))) from run.cause
    return found
