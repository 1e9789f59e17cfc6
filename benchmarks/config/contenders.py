# SPDX-License-Identifier: Apache-2.0
"""Every contender, each as its documentation uses it."""

from dataclasses import dataclass
from os import environ
from typing import Any

from dynaconf import Dynaconf
from pydantic_settings import BaseSettings, SettingsConfigDict

from benchmarks.config.jobs import FIELDS
from benchmarks.contender import Contender, Role
from benchmarks.statements import Statement
from pyfly.config.binding import config_properties
from pyfly.config.store import Config


@config_properties("shop")
@dataclass
class Shop:
    name: str
    host: str
    port: int
    pool_size: int
    ratio: float
    open: bool
    limit: int
    region: str
    retries: int
    verbose: bool


class PydanticShop(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SHOP_")

    name: str
    host: str
    port: int
    pool_size: int
    ratio: float
    open: bool
    limit: int
    region: str
    retries: int
    verbose: bool


def all_contenders() -> list[Contender]:
    """Return every contender, ready to be timed."""
    return [ours(), handwritten(), pydantic_settings(), dynaconf(), floor()]


def ours() -> Contender:
    config = Config({"shop": {name.replace("_", "-"): value for name, value in FIELDS.items()}})
    names: dict[str, Any] = {"config": config, "Shop": Shop, "bound": config.bind(Shop)}
    return Contender(
        "pyfly",
        Role.OURS,
        {
            "bound": Statement("result = bound.pool_size", names),
            "get": Statement('result = config.get("shop.pool-size")', names),
            "relaxed": Statement('result = config.get("shop.poolSize")', names),
            "missing": Statement('result = config.get("shop.missing")', names),
            "bind": Statement("result = config.bind(Shop)", names),
        },
        note="config.get looks into the environment at each read, so a variable that is set later counts",
    )


def handwritten() -> Contender:
    names: dict[str, Any] = {
        "shop": Shop(**FIELDS),
        "tree": {"shop": FIELDS},
        "environ": environ,
        "Shop": Shop,
    }  # type: ignore[arg-type]  # one type per field
    get = 'result = environ.get("SHOP_{}") or tree["shop"].get("{}")'
    return Contender(
        "hand-written",
        Role.CONTROL,
        {
            "bound": Statement("result = shop.pool_size", names),
            "get": Statement(get.format("POOL_SIZE", "pool_size"), names),
            "relaxed": Statement(get.format("POOL_SIZE", "pool_size"), names),
            "missing": Statement(get.format("MISSING", "missing"), names),
            "bind": Statement('result = Shop(**tree["shop"])', names),
        },
        note="the control: os.environ.get(...) or a nested dict; for binding, the dataclass called with a "
        "dict, which checks nothing and reads no variable",
    )


def pydantic_settings() -> Contender:
    names: dict[str, Any] = {"Shop": PydanticShop, "fields": FIELDS, "bound": PydanticShop(**FIELDS)}  # type: ignore[arg-type]  # one type per field
    return Contender(
        "pydantic-settings",
        Role.PEER,
        {
            "bound": Statement("result = bound.pool_size", names),
            "bind": Statement("result = Shop(**fields)", names),
        },
        note="a settings class, its values given as arguments; it has no reads by key",
    )


def dynaconf() -> Contender:
    settings = Dynaconf(shop=dict(FIELDS))
    names: dict[str, Any] = {"settings": settings}
    return Contender(
        "dynaconf",
        Role.PEER,
        {
            "bound": Statement("result = settings.shop.pool_size", names),
            "get": Statement('result = settings.get("shop.pool_size")', names),
            "relaxed": Statement('result = settings.get("SHOP.POOL_SIZE")', names),
            "missing": Statement('result = settings.get("shop.missing")', names),
        },
        note="one loaded Dynaconf object; it reads the environment when it is loaded, and binds no classes",
    )


def floor() -> Contender:
    return Contender(
        "empty loop",
        Role.FLOOR,
        {key: Statement("result = None", {}) for key in ("bound", "get", "relaxed", "missing", "bind")},
    )
