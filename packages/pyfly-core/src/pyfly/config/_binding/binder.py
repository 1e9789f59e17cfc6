# SPDX-License-Identifier: Apache-2.0
"""From settings to instances."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from pyfly.config._binding.compile import check, shape_of
from pyfly.config._binding.constraints import Unsupported
from pyfly.config._binding.models import Model
from pyfly.config._binding.problems import Problems
from pyfly.config._binding.records import Record
from pyfly.config._binding.shapes import Shape, read_part
from pyfly.config._binding.site import Run, Site
from pyfly.config._environment import Settings, no_settings
from pyfly.config._tree import ABSENT
from pyfly.config.errors import BindingError, ConfigurationError, UnsupportedConstraintError

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
    target: Any = cls
    shape = _shape_of_class(target)
    if shape is None:
        raise ConfigurationError(
            f"{cls.__qualname__} cannot be bound to {prefix!r}: it must be a dataclass or a pydantic model"
        )

    problems = Problems()
    site = Site(Run(settings, resolve, origin, problems), prefix)
    found = read_part(shape, {} if section is ABSENT else section, site)
    if problems.found:
        raise BindingError(cls.__name__, prefix, problems.found) from problems.cause

    bound: T = found
    return bound


@lru_cache(maxsize=2048)
def _shape_of_class(cls: type) -> Shape | None:
    shape = shape_of(cls)
    if not isinstance(shape, Record | Model):
        return None

    check(shape)
    return shape


def coerce(value: Any, target: Any, key: str) -> Any:
    """Return ``value`` as an instance of the annotation ``target``.

    Args:
        value: A configured value; a mapping for a dataclass.
        target: The annotation.
        key: Where the value stands, for the error.

    Raises:
        ConfigurationError: If the value does not fit.
    """
    problems = Problems()
    run = Run(no_settings(), lambda raw, _: raw, lambda _: None, problems)
    try:
        shape = shape_of(target)
    except Unsupported as error:
        raise UnsupportedConstraintError(key, None, error.constraint, error.reason) from None

    found = shape.read(value, Site(run, key, False))
    if problems.found:
        raise ConfigurationError("; ".join(map(str, problems.found))) from problems.cause

    return found
