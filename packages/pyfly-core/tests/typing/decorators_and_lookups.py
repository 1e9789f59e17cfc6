# SPDX-License-Identifier: Apache-2.0
"""What type checkers make of user code: checked by `hatch run types`, never run."""

from abc import ABC, abstractmethod
from typing import Protocol, assert_type

from pyfly.container import Autowired, Container, Provider, bean, configuration, order, service
from pyfly.context import ApplicationContext, app_event_listener, conditional_on_property, post_construct
from pyfly.core import Config


class Port(Protocol):
    def go(self) -> int: ...


class Abstract(ABC):
    @abstractmethod
    def go(self) -> int: ...


@service
class Adapter(Port):
    other: Port = Autowired()

    def go(self) -> int:
        return 1

    @post_construct
    async def init(self) -> None: ...

    @app_event_listener(order=3)
    def on_anything(self, event: object) -> str:
        return str(event)


@service(name="user")
@order(2)
class User:
    def __init__(self, adapter: Adapter, port: Provider[Port]) -> None:
        self.adapter = adapter
        assert_type(port(), Port)


@configuration
class Factories:
    @bean
    def port(self) -> Port:
        return Adapter()

    @bean(primary=True)
    @conditional_on_property("shop.open")
    async def adapter(self, user: User) -> Adapter:
        return user.adapter


async def decorators_keep_signatures() -> None:
    assert_type(User(Adapter(), Provider(Container(), Port)).adapter, Adapter)
    assert_type(Adapter().on_anything("event"), str)
    assert_type(await Factories().adapter(User(Adapter(), Provider(Container(), Port))), Adapter)
    await Adapter().init()


async def lookups_know_their_type(context: ApplicationContext, container: Container) -> None:
    assert_type(context.get_bean(Adapter), Adapter)
    assert_type(context.get_bean(Port), Port)
    assert_type(context.get_bean(Abstract), Abstract)
    assert_type(await context.aget_bean(Port), Port)
    assert_type(context.get_beans_of_type(Port), list[Port])
    assert_type(container.resolve(list[Adapter]), list[Adapter])
    assert_type(ApplicationContext(Config({})).container, Container)
