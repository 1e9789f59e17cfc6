# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from pyfly.config.binding import config_properties
from pyfly.config.store import Config
from pyfly.container import Scope, bean, component, configuration
from pyfly.context import ApplicationContext, post_construct, pre_destroy
from pyfly.context.settings_beans import is_made_from_settings


@config_properties("shop")
@dataclass
class Shop:
    name: str = "corner"


@component
class Till: ...


@component
class Sign:
    def __init__(self, shop: Shop, config: Config) -> None: ...


@component
class Cashier:
    def __init__(self, till: Till) -> None: ...


@component
class Opening:
    @post_construct
    def open(self) -> None: ...


@component
class Closing:
    @pre_destroy
    def close(self) -> None: ...


@component
class Running:
    async def start(self) -> None: ...

    async def stop(self) -> None: ...


class Product: ...


@configuration
class Plain:
    @bean
    def plain(self, shop: Shop) -> Product:
        return Product()


@configuration
class Needy:
    def __init__(self, till: Till) -> None: ...

    @bean
    def needy(self) -> Product:
        return Product()


@configuration
class Generating:
    @bean
    def generated(self) -> Iterator[Product]:
        yield Product()


@configuration
class Awaited:
    @bean
    async def awaited(self) -> Product:
        return Product()


@configuration
class Transient:
    @bean(scope=Scope.TRANSIENT)
    def transient(self) -> Product:
        return Product()


@pytest.mark.parametrize(
    ("cls", "wanted", "expected"),
    [
        (Sign, Sign, True),
        (Till, Till, True),
        (Cashier, Cashier, False),
        (Opening, Opening, False),
        (Closing, Closing, False),
        (Running, Running, False),
        (Plain, Product, True),
        (Needy, Product, False),
        (Generating, Product, False),
        (Awaited, Product, False),
        (Transient, Product, False),
    ],
)
def test_only_what_settings_are_enough_for_counts(cls: type, wanted: Any, expected: bool) -> None:
    context = ApplicationContext(Config({}))
    for each in dict.fromkeys((Shop, Till, cls)):
        context.register_bean(each)

    context.prepare()
    (definition,) = context.container.registrations_of(wanted)

    assert is_made_from_settings(definition, context.container) is expected
    assert not definition.created
