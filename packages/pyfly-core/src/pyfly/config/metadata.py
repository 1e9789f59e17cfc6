# SPDX-License-Identifier: Apache-2.0
"""What settings there are: their keys, types, defaults and meaning, as data."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyfly.config._keys.docstrings import attribute_docs, summary_of
from pyfly.config._keys.installed import installed_classes
from pyfly.config._keys.keys import (
    ANY_NAME,
    ITEM,
    Key,
    dotted,
    is_mapping,
    is_section,
    keys_below,
    members_of,
)
from pyfly.config._keys.property_fields import REQUIRED, PropertyField
from pyfly.config._keys.type_text import (
    choices_of,
    constraints_of,
    entry_type,
    is_secret_type,
    json_type,
    plain,
    type_text,
    yaml_text,
)
from pyfly.config._masking import MASK, mask_value
from pyfly.config._names import join, variable_of
from pyfly.config.alias import Alias
from pyfly.config.errors import ConfigurationError

__all__ = ["KeyMetadata", "as_json", "installed_keys", "json_schema", "keys_of"]


@dataclass(frozen=True, slots=True)
class KeyMetadata:
    """What is known about one key.

    Attributes:
        key: The whole dotted key. ``<name>`` stands for a name of the user's choice, ``[]`` for each item of
            a list.
        type: Its type, for people.
        default: The default as it would be written in YAML; None when a value is required, or must not be
            shown.
        required: Whether there has to be a value, once something of its section is set.
        description: What it means; empty when its class does not say.
        constraints: What a value must be like besides its type.
        choices: All values it takes; empty when there are too many to list.
        variable: The environment variable that overrides it; None for what is within a list.
        secret: Whether its value must not be shown.
        open: Whether it takes any key below it.
        aliases: Other keys that are read for it.
        section: The prefix of its class.
        owner: The distribution that brings it; empty for a class of the application.
        declared_by: The class, with its module.
        schema: The JSON schema of its value.
    """

    key: str
    type: str
    default: str | None
    required: bool
    description: str
    constraints: tuple[str, ...]
    choices: tuple[str, ...]
    variable: str | None
    secret: bool
    open: bool
    aliases: tuple[Alias, ...]
    section: str
    owner: str
    declared_by: str
    schema: dict[str, Any]


def keys_of(cls: type, *, owner: str = "") -> tuple[KeyMetadata, ...]:
    """Describe the keys of a class of settings, nested ones included, in the order of its fields.

    A description is what the ``Attributes:`` of the docstring say about a field, or pydantic's own.

    Args:
        cls: A dataclass or pydantic model with ``@config_properties``.
        owner: The distribution that brings it.

    Raises:
        ConfigurationError: If the class has no such mark.
    """
    prefix = getattr(cls, "__pyfly_config_prefix__", None)
    if prefix is None:
        raise ConfigurationError(f"{cls.__qualname__} is not decorated with @config_properties")

    return tuple(_described(key, str(prefix), owner, cls) for key in keys_below(cls))


def installed_keys() -> tuple[KeyMetadata, ...]:
    """Describe the keys of all installed distributions, by section and then by key.

    A distribution declares its classes in the entry-point group ``pyfly.config_properties``; the name of an
    entry is the prefix of the class.
    """
    found = [key for it in installed_classes() for key in keys_of(it.cls, owner=it.distribution)]
    return tuple(sorted(found, key=lambda it: (it.section, it.key, it.owner)))


def as_json(keys: Iterable[KeyMetadata]) -> dict[str, Any]:
    """Return metadata as JSON data, in the shape of Spring Boot's ``spring-configuration-metadata.json``."""
    properties: list[dict[str, Any]] = []
    hints: list[dict[str, Any]] = []
    for it in keys:
        entry = {
            "name": it.key,
            "type": it.type,
            "description": it.description,
            "sourceType": it.declared_by,
        }
        if it.default is not None:
            entry["defaultValue"] = it.schema.get("default", it.default)

        properties.append(entry)
        if it.choices:
            hints.append({"name": it.key, "values": [{"value": choice} for choice in it.choices]})

        for alias in it.aliases:
            other: dict[str, Any] = {"name": alias.key, "type": it.type, "sourceType": it.declared_by}
            if alias.deprecated:
                other["deprecation"] = {"level": "warning", "replacement": it.key}

            properties.append(other)

    return {"properties": properties, "hints": hints}


def json_schema(keys: Iterable[KeyMetadata]) -> dict[str, Any]:
    """Return a JSON schema (2020-12) of the configuration files that use these keys, for editors.

    It follows the customary spelling of the keys, allows for other keys everywhere, and takes a placeholder
    for any value.
    """
    root: dict[str, Any] = {"type": "object"}
    for it in keys:
        node = root
        for step in it.key.replace(ITEM, f".{ITEM}").split("."):
            if step == ITEM:
                node.setdefault("type", "array")
                node = node.setdefault("items", {"type": "object"})
            elif step == ANY_NAME:
                node = node.setdefault("additionalProperties", {"type": "object"})
            else:
                node = node.setdefault("properties", {}).setdefault(step, {})

        node.update(it.schema)
        node["description"] = it.description

    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **root}


def _described(key: Key, prefix: str, owner: str, cls: type) -> KeyMetadata:
    field = key.fields[-1] if key.fields else None
    declaring = key.owners[-1] if key.owners else cls
    annotation = field.annotation if field else dict[str, Any]
    default = _default(key.fields)
    path = key.path
    if key.open and any(map(is_mapping, members_of(annotation))):
        # A map stands for its entries; what it holds by default is the default of all of them together.
        path = (*path, ANY_NAME)
        annotation = entry_type(annotation)
        default = default or REQUIRED

    name = join(prefix, dotted(path)) if path else prefix
    # A truth value gives nothing away, whatever its key is called.
    named_like_one = annotation is not bool and mask_value(name, "") == MASK
    secret = is_secret_type(annotation) or named_like_one
    hidden = default is REQUIRED or secret
    schema = json_type(annotation)
    return KeyMetadata(
        key=name,
        type=type_text(annotation),
        default=None if hidden else yaml_text(default),
        required=default is REQUIRED and not key.open,
        description=_description(field, declaring) if field else summary_of(cls),
        constraints=constraints_of(field.markers) if field else (),
        choices=choices_of(annotation),
        variable=None if ITEM in path else _variable(name),
        secret=secret,
        open=key.open,
        aliases=tuple(it for it in field.markers if isinstance(it, Alias)) if field else (),
        section=prefix,
        owner=owner,
        declared_by=f"{declaring.__module__}.{declaring.__qualname__}",
        schema=schema if hidden or path != key.path else {**schema, "default": plain(default)},
    )


def _variable(name: str) -> str:
    return variable_of(name.replace(ANY_NAME, "\0")).replace("\0", ANY_NAME.upper())


def _description(field: PropertyField, declaring: type) -> str:
    return field.description or attribute_docs(declaring).get(field.name, "")


def _default(fields: tuple[PropertyField, ...]) -> Any:
    """Return the default of the last field, as the defaults of the fields around it have it."""
    value: Any = REQUIRED
    for field in fields:
        inherited = getattr(value, field.name, REQUIRED) if is_section(type(value)) else REQUIRED
        value = field.own_default() if inherited is REQUIRED else inherited

    return value
