# SPDX-License-Identifier: Apache-2.0
"""The beans of an application, as the actuator tells them and as a table."""

from collections.abc import Iterable, Mapping
from itertools import chain, count
from typing import Any

from pyfly.cli.inspection.application import InspectedApplication
from pyfly.cli.output import table
from pyfly.container.registry import Registration
from pyfly.container.types import scope_name


def beans_payload(application: InspectedApplication) -> dict[str, Any]:
    """Return the beans that the application would have.

    Args:
        application: The application; its context is prepared here.

    Raises:
        InspectionError: It has no context.
        BeanCreationException: It could not start.
    """
    container = application.prepared().container
    names = _names(container.registrations())
    beans = {
        name: {
            "aliases": [],
            "scope": scope_name(definition.scope).lower(),
            "type": _dotted(definition.impl_type),
            "resource": _defined_in(definition).__module__,
            "dependencies": [names[it] for it in container.dependencies_of(definition) if it in names],
            "stereotype": _stereotype(definition),
            "source": _source(definition),
        }
        for definition, name in names.items()
    }
    ordered = dict(sorted(beans.items(), key=lambda entry: (entry[0].lower(), entry[0])))
    return {"contexts": {"application": {"beans": ordered}}}


def show_beans(payload: Mapping[str, Any]) -> None:
    """Print the beans of all contexts as a table."""
    table(
        None,
        ["Name", "Type", "Scope", "Stereotype", "Dependencies", "Source"],
        [
            (
                name,
                bean["type"],
                bean["scope"],
                bean.get("stereotype"),
                ", ".join(bean["dependencies"]),
                bean.get("source") or bean["resource"],
            )
            for context in payload["contexts"].values()
            for name, bean in context["beans"].items()
        ],
    )


def _names(definitions: Iterable[Registration]) -> dict[Registration, str]:
    """Name each bean once: by its name, else its class, else its dotted class, else with a number."""
    names: dict[Registration, str] = {}
    taken: set[str] = set()
    for definition in definitions:
        dotted = _dotted(definition.impl_type)
        choices = chain(
            (definition.display_name, definition.key, dotted), (f"{dotted}#{it}" for it in count(2))
        )
        names[definition] = name = next(it for it in choices if it not in taken)
        taken.add(name)

    return names


def _stereotype(definition: Registration) -> str:
    if definition.method is not None:
        return "bean"

    markers = vars(definition.impl_type)
    return str(markers.get("__pyfly_stereotype__", "other"))


def _source(definition: Registration) -> str:
    if definition.method is not None:
        return f"{_dotted(definition.method.owner.impl_type)}#{definition.method.name}"

    return "given" if definition.ready_made else _dotted(definition.impl_type)


def _defined_in(definition: Registration) -> type:
    return definition.impl_type if definition.method is None else definition.method.owner.impl_type


def _dotted(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"
