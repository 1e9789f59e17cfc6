# SPDX-License-Identifier: Apache-2.0
"""Finding and running the runners."""

import inspect
from typing import Any, get_origin

from pyfly.container._annotations import evaluate, raw_annotations
from pyfly.container.container import Container
from pyfly.container.ordering import get_order
from pyfly.container.registry import Registration
from pyfly.container.types import Scope
from pyfly.context._hooks import method_of
from pyfly.context.runners import ApplicationArguments, ApplicationRunner, CommandLineRunner


async def run_all(container: Container, arguments: ApplicationArguments) -> int:
    """Call every runner once, by ``@order``; return how many there are."""
    runners = [it for it in container.registrations() if it.scope is Scope.SINGLETON and _is_runner(it)]
    for definition in sorted(runners, key=lambda it: get_order(_class_of(it))):
        bean = await container.aobtain(definition)
        wants_text = _wants_text(definition, type(bean))
        outcome = bean.run(arguments.source_args if wants_text else arguments)
        if inspect.isawaitable(outcome):
            await outcome

    return len(runners)


def _class_of(definition: Registration) -> type:
    return definition.impl_type if definition.instance is None else type(definition.instance)


def _is_runner(definition: Registration) -> bool:
    kinds = {kind for declared in (*definition.types, _class_of(definition)) for kind in declared.__mro__}
    if kinds & {ApplicationRunner, CommandLineRunner}:
        return True

    return (
        definition.method is None
        and not definition.ready_made
        and _parameter_of(definition.impl_type) is not None
    )


def _wants_text(definition: Registration, cls: type) -> bool:
    declared = _parameter_of(cls)
    if declared is not None:
        return declared is not ApplicationArguments

    return any(CommandLineRunner in kind.__mro__ for kind in (*definition.types, cls))


def _parameter_of(cls: type) -> Any:
    """Return what the only parameter of a ``run`` method is annotated with, if it is what runners take."""
    if inspect.getattr_static(cls, "run", None) is None:
        return None

    function = method_of(cls, "run")
    if not inspect.isfunction(function):
        return None

    required = [
        it
        for it in list(inspect.signature(function).parameters.values())[1:]
        if it.default is it.empty and it.kind in (it.POSITIONAL_ONLY, it.POSITIONAL_OR_KEYWORD)
    ]
    if len(required) != 1 or required[0].name not in raw_annotations(function):
        return None

    try:
        hint = evaluate(raw_annotations(function)[required[0].name], function.__module__, vars(cls))
    except (NameError, TypeError):
        # A run() that names unknown types is somebody else's method.
        return None

    return hint if hint is ApplicationArguments or (get_origin(hint) is list and hint == list[str]) else None
