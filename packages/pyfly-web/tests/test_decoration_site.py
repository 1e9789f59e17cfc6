# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from pyfly.web import Body, exception_handler, get_mapping, post_mapping
from pyfly.web.binding import compile_parameters
from pyfly.web.binding.hints import handler_parameters, return_hint
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.routing import PathTemplate


class Item(BaseModel):
    """A model that every place in this module knows."""


def controller_with_a_local_model() -> tuple[type, type]:
    class Local(BaseModel):
        name: str

    class Things:
        @post_mapping("/things")
        def add(self, thing: Body[Local]) -> list[Local]:
            return [thing]

    return Things, Local


def controller_of_the_module() -> type:
    class Things:
        @post_mapping("/things")
        def add(self, item: Body[Item]) -> None: ...

    return Things


def test_local_names_are_known() -> None:
    things, local = controller_with_a_local_model()
    add: Any = things.__dict__["add"]

    (parameter,) = compile_parameters(things, add, PathTemplate.parse("/things"), {})

    assert parameter.inner_type is local
    assert return_hint(things, add) == list[local]  # type: ignore[valid-type]  # a class at run time


def test_names_of_a_caller_are_not_meant() -> None:
    things, item = controller_beside_another_item()

    (parameter,) = compile_parameters(things, things.__dict__["add"], PathTemplate.parse("/things"), {})

    assert parameter.inner_type is not item
    assert parameter.inner_type.__doc__ == "A model that every place in this module knows."


def controller_beside_another_item() -> tuple[type, type]:
    class Item(BaseModel):
        """Another model of the same name."""

    return controller_of_the_module(), Item


def test_exception_handlers_have_local_names_too() -> None:
    class Failure(Exception):
        """What is answered for."""

    class Things:
        @exception_handler(Failure)
        def failed(self, exc: Failure) -> None: ...

    assert handler_parameters(Things, Things.failed)[0].hint is Failure


def test_name_that_comes_later_stops_the_start() -> None:
    class Things:
        @get_mapping("/things")
        def get(self, thing: Body[Later]) -> None: ...

    class Later(BaseModel):
        """Not there yet when the method was decorated."""

    with pytest.raises(RouteDefinitionError, match="its type hint names 'Later'"):
        compile_parameters(Things, Things.get, PathTemplate.parse("/things"), {})
