# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass

from pyfly.config.binding import config_properties
from pyfly.config.store import Config
from pyfly.container import component
from pyfly.context import ApplicationContext, conditional_on_property
from pyfly.context.setting_check import check_settings, settings_classes


@config_properties("shop")
@dataclass
class Shop:
    name: str = "corner"


@component
@conditional_on_property("shops.open")
class Door: ...


def test_misspelt_keys_are_found_before_a_start() -> None:
    context = ApplicationContext(Config({"shop": {"nmae": "market"}, "shops": {"open": True}}))
    context.register_bean(Shop)
    context.register_bean(Door)

    findings = check_settings(context.config, context.container)

    assert [(it.key, it.suggestions) for it in findings.unknown] == [("shop.nmae", ("shop.name",))]


def test_classes_that_are_no_beans_may_own_settings_too() -> None:
    context = ApplicationContext(Config({"shop": {"nmae": "market"}}))

    assert check_settings(context.config, context.container).unknown == ()
    assert [it.key for it in check_settings(context.config, context.container, [Shop]).unknown] == [
        "shop.nmae"
    ]


def test_the_classes_of_settings_are_told_once() -> None:
    context = ApplicationContext(Config({}))
    context.register_bean(Shop)

    assert settings_classes(context.container, [Shop]) == [Shop]
