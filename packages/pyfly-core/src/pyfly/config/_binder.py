# SPDX-License-Identifier: Apache-2.0
"""From settings to instances."""

from collections.abc import Callable
from typing import Any, TypeVar

from pyfly.config._compile import shape_of
from pyfly.config._environment import Settings, no_settings
from pyfly.config._models import Model
from pyfly.config._records import Record
from pyfly.config._site import Run, Site
from pyfly.config._tree import ABSENT
from pyfly.config.errors import BindingError, ConfigurationError

T = TypeVar("T")


def bind_section(
    cls: type[T],
    section: Any,
    prefix: str,
    resolve: Callable[[Any, str], Any],
    origin: Callable[[str], str | None],
    settings: Settings,
) -> T:
    """Create an instance of ``cls`` from the values of a section.

    Args:
        cls: A dataclass or pydantic model.
        section: The values as they are written, ABSENT when there are none.
        prefix: The key of the section.
        resolve: Fills in the placeholders of the value of a key.
        origin: Names the source of a key.
        settings: The texts that override keys.

    Raises:
        BindingError: If values do not fit; it names all of them.
    """
    shape = shape_of(cls)
    if not isinstance(shape, Record | Model):
        raise ConfigurationError(
            f"{cls.__qualname__} cannot be bound to {prefix!r}: it must be a dataclass or a pydantic model"
        )

    run = Run(settings, resolve, origin)
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
    run = Run(no_settings(), lambda raw, _: raw, lambda _: None)
    found = shape_of(target).read(value, Site(run, key, False))
    if run.problems:
        raise ConfigurationError("; ".join(map(str, run.problems))) from run.cause

    return found
