# SPDX-License-Identifier: Apache-2.0
from types import SimpleNamespace
from typing import Any

from pyfly.config.store import Config
from pyfly.container.bean import bean
from pyfly.container.ordering import order
from pyfly.container.stereotypes import component, configuration
from pyfly.context import ApplicationContext
from pyfly.web.json import JsonSerializers, PyFlyJsonSerializer
from pyfly.web.message_converters import (
    MessageConverter,
    MessageConverterRegistry,
    XmlMessageConverter,
    install_serialization_state,
)


class Money:
    """A type that JSON knows nothing about."""


@configuration
class EncoderConfiguration:
    @bean
    def serializers(self) -> JsonSerializers:
        serializers = JsonSerializers()
        serializers.register(Money, encode=lambda money: "money")
        return serializers


@component
class FirstConverter(MessageConverter):
    media_types = ("text/first",)


@order(-1)
@component
class EarlierConverter(MessageConverter):
    media_types = ("text/earlier",)


@configuration
class RegistryConfiguration:
    @bean
    def registry(self) -> MessageConverterRegistry:
        return MessageConverterRegistry([XmlMessageConverter()])


@configuration
class SerializerConfiguration:
    @bean
    def serializer(self) -> PyFlyJsonSerializer:
        return OwnSerializer()


class OwnSerializer(PyFlyJsonSerializer):
    """A serializer of the application's own."""


async def state_of(*beans: type, settings: dict[str, Any] | None = None, start: bool = True) -> Any:
    context = ApplicationContext(Config({"pyfly": {"web": settings or {}}}))
    for each in beans:
        context.register_bean(each)

    app = SimpleNamespace(state=SimpleNamespace())
    if start:
        await context.start()

    try:
        install_serialization_state(app, context)
    finally:
        if start:
            await context.stop()

    return app.state


def names(registry: MessageConverterRegistry) -> list[str]:
    return [type(it).__name__ for it in registry.converters]


def test_defaults_need_no_context() -> None:
    app = SimpleNamespace(state=SimpleNamespace())

    install_serialization_state(app, None)

    assert app.state.pyfly_json_serializer.encode({"a": 1}) == b'{"a":1}'
    assert names(app.state.pyfly_message_converters) == ["JsonMessageConverter", "XmlMessageConverter"]
    assert app.state.pyfly_problem_details is True


async def test_settings_are_obeyed() -> None:
    state = await state_of(
        settings={
            "json": {"exclude-none": True, "fail-on-unknown-properties": True},
            "problem-details": {"enabled": "no"},
            "content-negotiation": {"xml": {"read": False}},
        }
    )

    assert state.pyfly_json_serializer.encode({"a": None}) == b"{}"
    assert state.pyfly_problem_details is False
    assert [it.can_read for it in state.pyfly_message_converters.converters] == [True, False]


async def test_encoders_and_converters_of_the_application_take_part() -> None:
    state = await state_of(EncoderConfiguration, FirstConverter, EarlierConverter)

    assert state.pyfly_json_serializer.encode([Money()]) == b'["money"]'
    assert names(state.pyfly_message_converters)[:2] == ["EarlierConverter", "FirstConverter"]


async def test_registry_of_the_application_replaces_the_built_in_one() -> None:
    state = await state_of(RegistryConfiguration, FirstConverter)

    assert names(state.pyfly_message_converters) == ["XmlMessageConverter"]


async def test_serializer_of_the_application_is_taken() -> None:
    assert type((await state_of(SerializerConfiguration)).pyfly_json_serializer) is OwnSerializer


async def test_no_bean_is_created() -> None:
    state = await state_of(RegistryConfiguration, SerializerConfiguration, start=False)

    assert type(state.pyfly_json_serializer) is PyFlyJsonSerializer
    assert names(state.pyfly_message_converters) == ["JsonMessageConverter", "XmlMessageConverter"]
