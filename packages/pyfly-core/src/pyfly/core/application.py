# SPDX-License-Identifier: Apache-2.0
"""The start and the end of an application."""

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from pyfly.config.conversion import parse_bool
from pyfly.config.errors import ConfigurationError
from pyfly.config.store import Config
from pyfly.container.scanner import scan_package
from pyfly.context.application_context import ApplicationContext
from pyfly.context.runners import ApplicationArguments
from pyfly.context.serving import current_serving
from pyfly.core._configuration import load_configuration
from pyfly.core._metadata import read_metadata
from pyfly.core._startup_log import StartupLog
from pyfly.core._versions import framework_version
from pyfly.core.banner import BannerPrinter
from pyfly.core.exceptions import ApplicationStateError
from pyfly.core.failure_analysis import analyse_failure
from pyfly.logging import LoggingPort, StoppableLogging, register_enricher
from pyfly.logging.selection import select_adapter

AppClass = TypeVar("AppClass", bound=type)


def pyfly_application(
    name: str, version: str = "0.1.0", scan_packages: list[str] | None = None, description: str = ""
) -> Callable[[AppClass], AppClass]:
    """Mark the class that stands for an application.

    Args:
        name: The application's name, unless ``pyfly.app.name`` says otherwise.
        version: The application's version, unless ``pyfly.app.version`` says otherwise.
        scan_packages: The packages whose beans belong to the application, in the order of their registration.
        description: What the application is for, unless ``pyfly.app.description`` says otherwise.

    Raises:
        TypeError: The decorator is used without parentheses.
    """
    if callable(name):
        decorated = getattr(name, "__name__", name)
        raise TypeError(f'Write @pyfly_application(name="...") over {decorated}: it needs a name')

    def mark(cls: AppClass) -> AppClass:
        attributes: dict[str, object] = {
            "__pyfly_application__": True,
            "__pyfly_app_name__": name,
            "__pyfly_app_version__": version,
            "__pyfly_app_description__": description,
            "__pyfly_scan_packages__": list(scan_packages or []),
        }
        for attribute, value in attributes.items():
            setattr(cls, attribute, value)

        return cls

    return mark


class PyFlyApplication:
    """One run of an application.

    Building it reads the configuration, sets up logging and scans the packages; nothing is started yet.

    Args:
        app_class: The class with ``@pyfly_application``; a plain one gets a default name and no packages.
        config_path: The configuration file, or the folder of ``pyfly.yaml``; the working directory when
            omitted.
        args: The command line without the program's name, such as ``sys.argv[1:]``: each ``--key=value`` is a
            setting above all others. When omitted there are no such settings, and runners get the arguments
            of the process.

    Attributes:
        config: The configuration.

    Raises:
        ConfigurationError: The configuration cannot be used.
        ImportError: A module of a scanned package cannot be imported.
    """

    def __init__(
        self, app_class: type, config_path: str | Path | None = None, args: Sequence[str] | None = None
    ) -> None:
        began = perf_counter()
        metadata = read_metadata(app_class)
        self.config: Config = load_configuration(metadata, config_path, args)
        self._logging = self._set_up_logging()
        self._name = str(self.config.get("pyfly.app.name", metadata.name))
        self._version = str(self.config.get("pyfly.app.version", metadata.version))
        self._debug = _read_debug(self.config)
        self._log = StartupLog(self._name, self._version, quiet=_is_one_of_many_workers())
        self._context = ApplicationContext(self.config, check_keys=True)
        self._context.container.register_instance(ApplicationArguments, ApplicationArguments(args))
        self._context.container.register_instance(LoggingPort, self._logging)
        self._scanned = self._scan(metadata.scan_packages)
        self._state = "new"
        self._startup_time_seconds = 0.0
        self._ready_at = 0.0
        self._construction_seconds = perf_counter() - began

    @property
    def context(self) -> ApplicationContext:
        """The context with the application's beans."""
        return self._context

    @property
    def startup_time_seconds(self) -> float:
        """How long building and starting took, in seconds; 0.0 before the start is complete."""
        return self._startup_time_seconds

    async def startup(self) -> None:
        """Print the banner and start the context.

        When the context does not start, everything that had been started is stopped, the failure is logged
        and explained on standard error, and the error is raised. With ``pyfly.debug`` the condition report is
        printed, whether the start succeeds or not.

        Raises:
            ApplicationStateError: It was called before.
            BeanCreationException: The context did not start.
        """
        if self._state != "new":
            raise ApplicationStateError(self._name, self._state)

        self._state = "started"
        began = perf_counter()
        profiles = self._context.environment.active_profiles
        self._print_banner(profiles)
        self._log.starting(profiles, self.config.loaded_sources, self._scanned)
        try:
            await self._start_context()
        except Exception as failure:
            self._state = "failed"
            self._log.failed(failure)
            self._end_logging()
            self._explain(failure)
            raise

        self._ready_at = perf_counter()
        self._startup_time_seconds = self._construction_seconds + self._ready_at - began
        if self._debug:
            print(self._context.condition_report.render(), flush=True)

        self._log.started(self._context, self._startup_time_seconds)

    async def shutdown(self) -> None:
        """Stop the context, and what logging does in the background.

        It has no effect when the application is stopped already, or was never started.
        """
        was, self._state = self._state, "stopped"
        if was != "started":
            return

        try:
            self._log.stopping()
            await self._context.stop()
            self._log.stopped(perf_counter() - self._ready_at if self._ready_at else 0.0)
        finally:
            self._end_logging()

    async def _start_context(self) -> None:
        serving = current_serving.get()
        await self._context.start(publish_ready=serving is None)
        if serving is not None:
            serving.listening.append(self._context.publish_ready)
            serving.stopping.append(self._context.refuse_requests)

    def _set_up_logging(self) -> LoggingPort:
        # Needed by an application, not to import this module.
        from pyfly.core._request_fields import request_fields

        adapter = select_adapter(self.config)
        adapter.configure(self.config)
        register_enricher("request", request_fields)
        return adapter

    def _end_logging(self) -> None:
        if isinstance(self._logging, StoppableLogging):
            self._logging.shutdown()

    def _scan(self, packages: tuple[str, ...]) -> dict[str, int]:
        scanned: dict[str, int] = {}
        for package in packages:
            try:
                scanned[package] = scan_package(package, self._context.container)
            except ModuleNotFoundError as failure:
                missing = failure.name or ""
                if package != missing and not package.startswith(f"{missing}."):
                    raise

                self._log.scan_failed(package, failure)

        return scanned

    def _print_banner(self, profiles: list[str]) -> None:
        if os.environ.get("_PYFLY_BANNER_PRINTED") == "1":
            return

        banner = BannerPrinter.from_config(
            self.config,
            version=framework_version(),
            app_name=self._name,
            app_version=self._version,
            active_profiles=profiles,
        ).render()
        if banner:
            print(banner, flush=True)

    def _explain(self, failure: Exception) -> None:
        report = analyse_failure(failure).render() + "\n"
        if self._debug:
            report += self._context.condition_report.render() + "\n"

        serving = current_serving.get()
        if serving is None:
            print(report, end="", file=sys.stderr, flush=True)
        else:
            # Several workers may fail alike, and their server tells it once.
            serving.failure_report = report


def _read_debug(config: Config) -> bool:
    setting = config.get("pyfly.debug", False)
    try:
        return setting if isinstance(setting, bool) else parse_bool(str(setting))
    except ValueError as failure:
        raise ConfigurationError(f"pyfly.debug: {failure}") from None


def _is_one_of_many_workers() -> bool:
    workers = os.environ.get("_PYFLY_WORKERS", "1")
    return os.environ.get("_PYFLY_BANNER_PRINTED") == "1" and workers.isdigit() and int(workers) > 1
