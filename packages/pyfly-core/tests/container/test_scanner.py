# SPDX-License-Identifier: Apache-2.0
import importlib
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Generic, Protocol, TypeVar
from uuid import uuid4

import pytest

from pyfly.container import Container, NoSuchBeanError
from pyfly.container.scanner import scan_module_classes, scan_package

HEAD = "from pyfly.container import component, service, primary\n"

Package = Callable[[Mapping[str, str]], str]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Package]:
    """Write a package of some modules and give its name."""
    made: list[str] = []

    def package(modules: Mapping[str, str]) -> str:
        name = f"scanned_{uuid4().hex}"
        made.append(name)
        for path, source in {"__init__": "", **modules}.items():
            file = tmp_path / name / f"{path}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(HEAD + source)

        return name

    monkeypatch.syspath_prepend(tmp_path)
    yield package
    for name in [it for it in sys.modules if it.partition(".")[0] in made]:
        del sys.modules[name]


def names(container: Container) -> list[str]:
    return [it.impl_type.__name__ for it in container.registrations()]


def test_modules_in_order_and_classes_in_order_of_definition(package: Package) -> None:
    name = package(
        {
            "__init__": "@service\nclass Top: ...\n",
            "b": "@service\nclass Zebra: ...\n@component\nclass Ant: ...\n",
            "a/__init__": "",
            "a/deep": "@service\nclass Deep: ...\n",
        }
    )
    container = Container()

    assert scan_package(name, container) == 4
    assert names(container) == ["Top", "Deep", "Zebra", "Ant"]


def test_a_single_module_can_be_scanned(package: Package) -> None:
    name = package({"one": "@service\nclass One: ...\n", "two": "@service\nclass Two: ...\n"})
    container = Container()

    assert scan_package(f"{name}.one", container) == 1
    assert names(container) == ["One"]


def test_only_own_top_level_classes_that_are_marked_themselves(package: Package) -> None:
    name = package(
        {
            "base": "@service(name='base')\nclass Base:\n    @service\n    class Nested: ...\n",
            "more": "",
            "plain": "class Plain: ...\n",
        }
    )
    (Path(importlib.import_module(name).__path__[0]) / "more.py").write_text(
        f"from {name}.base import Base\nclass Child(Base): ...\nAlias = Base\n"
    )
    container = Container()

    scan_package(name, container)

    assert names(container) == ["Base"]
    assert scan_module_classes(importlib.import_module(f"{name}.more")) == []


def test_module_that_cannot_be_imported_is_named(package: Package) -> None:
    name = package({"broken": "import no_such_library\n"})

    with pytest.raises(ImportError, match=rf"{name}\.broken.*no_such_library"):
        scan_package(name, Container())


def test_missing_package_is_the_callers_business() -> None:
    with pytest.raises(ModuleNotFoundError) as caught:
        scan_package("no_such_package_at_all", Container())

    assert caught.value.name == "no_such_package_at_all"


class AnyPort(Protocol):
    def send(self) -> None: ...


class AbstractPort(ABC):
    @abstractmethod
    def send(self) -> None: ...


class EmptyPort(ABC):  # noqa: B024  # a port may be empty
    pass


class NotAPort: ...


T = TypeVar("T")


class TestPorts:
    @pytest.mark.parametrize("base", [AnyPort, AbstractPort, EmptyPort])
    def test_protocols_and_abstract_classes_are_bound(self, base: type) -> None:
        adapter = type("Adapter", (base,), {"send": lambda self: None})
        other = type("Other", (base,), {"send": lambda self: None})
        container = Container()
        container.register(adapter)
        container.bind_ports_of(adapter)
        container.register(other)

        assert type(container.resolve(base)) is adapter

    def test_classes_of_a_ports_module_are_bound(self) -> None:
        base = type("Port", (), {"__module__": "shop.ports.outbound"})
        adapter, other = type("Adapter", (base,), {}), type("Other", (base,), {})
        container = Container()
        container.register(adapter)
        container.bind_ports_of(adapter)
        container.register(other)

        assert type(container.resolve(base)) is adapter

    def test_other_bases_are_found_as_subclasses_only(self) -> None:
        adapter = type("Adapter", (NotAPort,), {})
        container = Container()
        container.register(adapter)
        container.bind_ports_of(adapter)

        assert type(container.resolve(NotAPort)) is adapter

    @pytest.mark.parametrize("never", [object, ABC, Protocol, Generic])
    def test_bases_of_the_language_never_are(self, never: type) -> None:
        class Adapter(EmptyPort, Generic[T]): ...

        container = Container()
        container.register(Adapter)
        container.bind_ports_of(Adapter)

        with pytest.raises(NoSuchBeanError):
            container.resolve(never)

    def test_scanning_binds(self, package: Package) -> None:
        name = package(
            {
                "ports": "class Port: ...\n",
                "adapter": "",
            }
        )
        folder = Path(importlib.import_module(name).__path__[0])
        (folder / "adapter.py").write_text(
            HEAD + f"from {name}.ports import Port\n@service\nclass Adapter(Port): ...\n"
        )
        container = Container()
        scan_package(name, container)

        port = importlib.import_module(f"{name}.ports").Port
        assert type(container.resolve(port)).__name__ == "Adapter"
