# SPDX-License-Identifier: Apache-2.0
"""The fields of a class of settings, whatever library the class is made with."""

from collections.abc import Callable, Collection
from dataclasses import MISSING, fields
from functools import lru_cache
from typing import Any, Final, NamedTuple, get_type_hints

from pyfly.config._annotations import bare, is_model
from pyfly.config._names import canonical
from pyfly.config.errors import ConfigurationError


class _Required:
    __slots__ = ()

    def __repr__(self) -> str:
        return "<required>"


REQUIRED: Final[Any] = _Required()


class PropertyField(NamedTuple):
    """One field.

    Attributes:
        name: Its name in the class.
        segment: What it adds to a dotted key.
        annotation: Its type, without what ``Annotated`` adds.
        markers: What ``Annotated`` adds, and the constraints of pydantic.
        default: The default, REQUIRED when there is none or a factory makes it.
        factory: Makes the default.
        spellings: The canonical segments that are read for it.
        description: What pydantic knows about it; empty for the docstring to tell.
    """

    name: str
    segment: str
    annotation: Any
    markers: tuple[Any, ...]
    default: Any
    factory: Callable[[], Any] | None
    spellings: tuple[str, ...]
    description: str

    def own_default(self) -> Any:
        """Return the default, made anew; REQUIRED when there is none."""
        return self.default if self.factory is None else self.factory()


@lru_cache(maxsize=2048)
def property_fields(cls: type) -> tuple[PropertyField, ...]:
    """Return the fields of a dataclass or pydantic model that take settings."""
    return tuple(_of_model(cls) if is_model(cls) else _of_dataclass(cls))


def takes_any_key(cls: Any) -> bool:
    """Tell whether a class keeps keys that are no field of it."""
    return is_model(cls) and cls.model_config.get("extra") == "allow"


def _of_dataclass(cls: Any) -> list[PropertyField]:
    hints = _hints_of(cls)
    found = []
    for field in fields(cls):
        if not field.init:
            continue

        annotation, markers = bare(hints[field.name])
        default = REQUIRED if field.default is MISSING else field.default
        factory = None if field.default_factory is MISSING else field.default_factory
        segment = _segment(field.name, hints)
        found.append(
            PropertyField(
                field.name, segment, annotation, markers, default, factory, (canonical(segment),), ""
            )
        )

    return found


def _of_model(cls: Any) -> list[PropertyField]:
    found = []
    for name, info in cls.model_fields.items():
        annotation, markers = bare(info.annotation)
        without = info.is_required() or info.default_factory is not None
        alias = info.validation_alias or info.alias
        choices = (alias,) if isinstance(alias, str) else getattr(alias, "choices", ())
        aliases = [choice for choice in choices if isinstance(choice, str)]
        segment = _segment(name, cls.model_fields)
        found.append(
            PropertyField(
                name,
                segment,
                annotation,
                (*markers, *info.metadata),
                REQUIRED if without else info.default,
                _factory(info),
                tuple(dict.fromkeys(canonical(it) for it in (segment, *aliases))),
                info.description or "",
            )
        )

    return found


def _factory(info: Any) -> Callable[[], Any] | None:
    # A factory that looks at other fields has no result of its own.
    dependent = getattr(info, "default_factory_takes_validated_data", False)
    return (lambda: None) if dependent else info.default_factory


def _hints_of(cls: type) -> dict[str, Any]:
    try:
        return get_type_hints(cls, include_extras=True)
    except (NameError, TypeError) as error:
        raise ConfigurationError(f"Cannot read the annotations of {cls.__qualname__}: {error}") from error


def _segment(name: str, names: Collection[str]) -> str:
    # A field whose key is a word of Python has an underscore behind it.
    plain = name.rstrip("_")
    return (plain if plain and plain not in names else name).replace("_", "-")
