# SPDX-License-Identifier: Apache-2.0
import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyfly.config.errors import ConfigurationError
from pyfly.container import component, order, service
from pyfly.container.exceptions import BeanCreationException
from pyfly.context import ApplicationReadyEvent, ContextClosedEvent, app_event_listener
from pyfly.core import (
    ApplicationArguments,
    ApplicationRunner,
    CommandLineRunner,
    PyFlyApplication,
    pyfly_application,
)
from pyfly.core.exceptions import ApplicationStateError, ConfigurationPathError


@pytest.fixture(autouse=True)
def apart_from_this_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in list(os.environ):
        if name.startswith(("PYFLY_", "_PYFLY_")):
            monkeypatch.delenv(name)

    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pyfly_application(name="shop", version="2.0", description="Sells things")
class Shop: ...


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def package(folder: Path, name: str, **modules: str) -> str:
    for module, text in {"__init__": "", **modules}.items():
        write(folder / name / f"{module}.py", text)

    return name


def events(text: str) -> list[str]:
    return [line.split("pyfly.core: ")[1] for line in text.splitlines() if "pyfly.core: " in line]


class TestDecorator:
    def test_marks_and_returns_the_class(self) -> None:
        class Plain: ...

        marked = pyfly_application("shop", scan_packages=["a"])(Plain)

        assert marked is Plain
        assert Plain.__pyfly_application__ is True
        assert Plain.__pyfly_app_name__ == "shop"
        assert Plain.__pyfly_app_version__ == "0.1.0"
        assert Plain.__pyfly_app_description__ == ""
        assert Plain.__pyfly_scan_packages__ == ["a"]

    def test_without_packages(self) -> None:
        assert Shop.__pyfly_scan_packages__ == []

    def test_without_a_name_is_refused(self) -> None:
        with pytest.raises(TypeError, match=r'Write @pyfly_application\(name="..."\) over Plain'):

            @pyfly_application
            class Plain: ...


class TestConfiguration:
    def test_of_the_class(self) -> None:
        config = PyFlyApplication(Shop).config

        assert config.get("pyfly.app.name") == "shop"
        assert config.get("pyfly.app.version") == "2.0"
        assert config.get("pyfly.app.description") == "Sells things"

    def test_of_a_plain_class(self) -> None:
        class Plain: ...

        config = PyFlyApplication(Plain).config

        assert (config.get("pyfly.app.name"), config.get("pyfly.app.version")) == ("pyfly-app", "0.1.0")

    def test_file_wins_over_the_class(self, tmp_path: Path) -> None:
        write(tmp_path / "pyfly.yaml", "pyfly: {app: {name: from-file}}")

        config = PyFlyApplication(Shop).config

        assert config.get("pyfly.app.name") == "from-file"
        assert config.get("pyfly.app.version") == "2.0"

    @pytest.mark.parametrize("name", ["pyfly.yaml", "config/pyfly.yaml", "pyfly.toml", "config/pyfly.toml"])
    def test_working_directory(self, name: str, tmp_path: Path) -> None:
        write(tmp_path / name, "[a]\nb = 1\n" if name.endswith("toml") else "a: {b: 1}")

        assert PyFlyApplication(Shop).config.get("a.b") == 1

    def test_given_folder(self, tmp_path: Path) -> None:
        write(tmp_path / "elsewhere" / "pyfly.yaml", "a: {b: 1}")

        assert PyFlyApplication(Shop, config_path="elsewhere").config.get("a.b") == 1

    def test_given_file_stands_for_its_folder(self, tmp_path: Path) -> None:
        file = write(tmp_path / "elsewhere" / "pyfly.yaml", "a: {b: 1}")
        write(tmp_path / "elsewhere" / "config" / "pyfly.yaml", "a: {b: 2, c: 3}")

        config = PyFlyApplication(Shop, config_path=file).config

        assert (config.get("a.b"), config.get("a.c")) == (1, 3)

    def test_given_file_of_another_name_is_read(self, tmp_path: Path) -> None:
        file = write(tmp_path / "shop.yaml", "a: {b: 1}\npyfly: {app: {version: from-file}}")
        write(tmp_path / "pyfly.yaml", "a: {b: 2}")

        config = PyFlyApplication(Shop, config_path=file).config

        assert config.get("a.b") == 1
        assert config.get("pyfly.app.name") == "shop"
        assert config.get("pyfly.app.version") == "from-file"

    def test_absent_path_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationPathError, match=r"nowhere\.yaml does not exist") as caught:
            PyFlyApplication(Shop, config_path=tmp_path / "nowhere.yaml")

        assert caught.value.path == tmp_path / "nowhere.yaml"
        assert "config_path" in caught.value.action

    def test_profile_of_the_environment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(tmp_path / "pyfly.yaml", "a: {b: 1}")
        write(tmp_path / "pyfly-dev.yaml", "a: {b: 2}")
        monkeypatch.setenv("PYFLY_PROFILES_ACTIVE", "dev")

        application = PyFlyApplication(Shop)

        assert application.config.get("a.b") == 2
        assert application.context.environment.active_profiles == ["dev"]

    def test_profile_of_the_file(self, tmp_path: Path) -> None:
        write(tmp_path / "pyfly.yaml", "pyfly: {profiles: {active: [dev]}}\na: {b: 1}")
        write(tmp_path / "pyfly-dev.yaml", "a: {b: 2}")

        assert PyFlyApplication(Shop).config.get("a.b") == 2

    def test_starters_are_weaker_than_files_and_stronger_than_the_class(self, tmp_path: Path) -> None:
        marks = {
            "__pyfly_starter_b__": {"a.b": "second", "pyfly.app.version": "3.0"},
            "__pyfly_starter_a__": {"a": {"b": "first", "c": "first", "d": "first"}},
        }
        started = type("Started", (Shop,), marks)
        write(tmp_path / "pyfly.yaml", "a: {d: file}")

        config = PyFlyApplication(started).config

        assert (config.get("a.b"), config.get("a.c"), config.get("a.d")) == ("second", "first", "file")
        assert (config.get("pyfly.app.name"), config.get("pyfly.app.version")) == ("shop", "3.0")

    def test_bad_debug_flag_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PYFLY_DEBUG", "maybe")

        with pytest.raises(ConfigurationError, match=r"pyfly\.debug: expected true or false, got 'maybe'"):
            PyFlyApplication(Shop)

    def test_logging_is_configured(self, tmp_path: Path) -> None:
        write(tmp_path / "pyfly.yaml", "pyfly: {logging: {level: {root: ERROR}}}")

        PyFlyApplication(Shop)

        assert logging.getLogger().level == logging.ERROR


class TestScanning:
    BEAN = "from pyfly.container import service\n\n@service\nclass Bean: ...\n"

    async def test_beans_of_the_packages(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        name = package(tmp_path, "pyfly_test_scanned", inner=self.BEAN)
        monkeypatch.syspath_prepend(tmp_path)
        application = PyFlyApplication(pyfly_application("shop", scan_packages=[name])(type("App", (), {})))

        await application.startup()
        await application.shutdown()

        assert f"scanned_package | package={name} beans_found=1" in events(capsys.readouterr().out)

    def test_absent_package_is_a_warning(self, capsys: pytest.CaptureFixture[str]) -> None:
        PyFlyApplication(
            pyfly_application("shop", scan_packages=["pyfly_test_absent.inner"])(type("App", (), {}))
        )

        [event] = events(capsys.readouterr().out)
        assert event.startswith("scan_failed | package=pyfly_test_absent.inner error=No module named")

    @pytest.mark.parametrize(
        "modules",
        [{"inner": "import pyfly_test_absent_library"}, {"__init__": "import pyfly_test_absent_library"}],
    )
    def test_import_error_inside_a_package_is_raised(
        self, modules: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        name = package(tmp_path, f"pyfly_test_broken_{'_'.join(modules).strip('_')}", **modules)
        monkeypatch.syspath_prepend(tmp_path)

        with pytest.raises(ImportError, match="pyfly_test_absent_library"):
            PyFlyApplication(pyfly_application("shop", scan_packages=[name])(type("App", (), {})))


class TestStartup:
    async def test_starts_and_stops_the_context(self) -> None:
        application = PyFlyApplication(Shop)
        seen: list[type] = []
        for event_type in (ApplicationReadyEvent, ContextClosedEvent):
            application.context.event_bus.subscribe(event_type, lambda event: seen.append(type(event)))

        await application.startup()
        assert seen == [ApplicationReadyEvent]

        await application.shutdown()
        await application.shutdown()
        assert seen == [ApplicationReadyEvent, ContextClosedEvent]

    async def test_time(self) -> None:
        application = PyFlyApplication(Shop)
        assert application.startup_time_seconds == 0.0

        await application.startup()
        await application.shutdown()

        assert application.startup_time_seconds > 0

    async def test_says_what_it_does(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = write(tmp_path / "pyfly.yaml", "pyfly: {profiles: {active: dev}}")
        application = PyFlyApplication(Shop)

        await application.startup()
        await application.shutdown()

        output = capsys.readouterr().out
        assert ":: PyFly Framework :: (v" in output
        said = events(output)
        # The last two depend on what is installed beside the core.
        optional = ("loaded_config", "wiring_summary", "mapped_endpoints")
        assert [it.split(" | ")[0] for it in said if not it.startswith(optional)] == [
            "starting_application",
            "runtime_environment",
            "active_profiles",
            "bean_summary",
            "application_started",
            "shutting_down",
            "application_stopped",
        ]
        assert said[0].startswith("starting_application | app=shop version=2.0 python=")
        assert "active_profiles | profiles=dev" in said
        assert any(it.startswith("loaded_config | source=") and file.name in it for it in said)
        assert any(it.startswith("application_started | app=shop startup_time_s=") for it in said)

    async def test_without_profile(self, capsys: pytest.CaptureFixture[str]) -> None:
        application = PyFlyApplication(Shop)

        await application.startup()
        await application.shutdown()

        assert any(it.startswith("no_active_profiles") for it in events(capsys.readouterr().out))

    async def test_beans_and_listeners_are_counted(self, capsys: pytest.CaptureFixture[str]) -> None:
        @service
        class Clock:
            @app_event_listener
            def on_ready(self, event: ApplicationReadyEvent) -> None: ...

        application = PyFlyApplication(Shop)
        application.context.register_bean(Clock)

        await application.startup()
        await application.shutdown()

        said = events(capsys.readouterr().out)
        assert any(it.startswith("bean_summary") and "services=1" in it for it in said)
        listeners = application.context.wiring_counts["event_listeners"]
        assert listeners >= 1
        assert any(it.startswith(f"wiring_summary | event_listeners={listeners}") for it in said)

    async def test_worker_beside_others_is_quiet(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("_PYFLY_BANNER_PRINTED", "1")
        monkeypatch.setenv("_PYFLY_WORKERS", "2")
        application = PyFlyApplication(Shop)

        await application.startup()

        assert capsys.readouterr().out == ""
        await application.shutdown()

    @pytest.mark.parametrize(("stop_first", "state"), [(False, "started"), (True, "stopped")])
    async def test_second_start_is_refused(self, stop_first: bool, state: str) -> None:
        application = PyFlyApplication(Shop)
        await application.startup()
        if stop_first:
            await application.shutdown()

        with pytest.raises(
            ApplicationStateError, match=f"'shop' cannot start: it has {state} already"
        ) as caught:
            await application.startup()

        assert "build a new one" in caught.value.action
        await application.shutdown()

    async def test_shutdown_without_startup_says_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        await PyFlyApplication(Shop).shutdown()

        assert capsys.readouterr().out == ""


class TestRunners:
    async def test_run_once_before_the_application_is_ready(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.argv", ["shop", "import", "--file=a.csv"])
        seen: list[object] = []

        @order(2)
        @component
        class Plain(CommandLineRunner):
            async def run(self, args: list[str]) -> None:
                seen.append(args)

        @order(1)
        @component
        class Parsed(ApplicationRunner):
            async def run(self, args: ApplicationArguments) -> None:
                seen.append((args.non_option_args, args.option_values("file")))

        application = PyFlyApplication(Shop)
        application.context.event_bus.subscribe(ApplicationReadyEvent, lambda event: seen.append("ready"))
        application.context.register_bean(Plain)
        application.context.register_bean(Parsed)

        await application.startup()
        await application.shutdown()

        assert seen == [(["import"], ["a.csv"]), ["import", "--file=a.csv"], "ready"]

    async def test_arguments_can_be_injected(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.argv", ["shop", "--file=a.csv"])

        @component
        class Reader:
            def __init__(self, arguments: ApplicationArguments) -> None:
                self.files = arguments.option_values("file")

        application = PyFlyApplication(Shop)
        application.context.register_bean(Reader)

        await application.startup()
        await application.shutdown()

        assert application.context.get_bean(Reader).files == ["a.csv"]


class Missing: ...


@service
class NeedsMissing:
    def __init__(self, missing: Missing) -> None: ...


class TestFailedStartup:
    @staticmethod
    def application() -> PyFlyApplication:
        application = PyFlyApplication(Shop)
        application.context.register_bean(NeedsMissing)
        return application

    async def test_is_logged_and_explained_and_raised(self, capsys: pytest.CaptureFixture[str]) -> None:
        application = self.application()

        with pytest.raises(BeanCreationException):
            await application.startup()

        output = capsys.readouterr()
        assert any(it.startswith("application_failed | app=shop error=") for it in events(output.out))
        assert "subsystem=resolution" in output.out
        assert "The application failed to start\n" in output.err
        assert "Missing" in output.err
        assert "What to do:\n" in output.err
        assert "Condition report" not in output.err
        assert application.startup_time_seconds == 0.0

    async def test_shutdown_afterwards_is_harmless(self) -> None:
        application = self.application()

        with pytest.raises(BeanCreationException):
            await application.startup()

        await application.shutdown()

    async def test_with_debug_shows_the_conditions(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("PYFLY_DEBUG", "true")

        with pytest.raises(BeanCreationException):
            await self.application().startup()

        assert "Condition report\n" in capsys.readouterr().err


async def test_debug_shows_the_conditions_of_a_good_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PYFLY_DEBUG", "true")
    application = PyFlyApplication(Shop)

    await application.startup()
    await application.shutdown()

    assert "Condition report\n" in capsys.readouterr().out
