# SPDX-License-Identifier: Apache-2.0
"""The events that the bootstrap logs."""

import os
from collections.abc import Iterable, Mapping

from pyfly.container.exceptions import BeanCreationException
from pyfly.context.application_context import ApplicationContext
from pyfly.logging import StructuredLogger, get_logger

_WIRING_FIELDS = {
    "event_listeners": "event_listeners",
    "event_listeners_eda": "event_listeners_eda",
    "message_listeners": "message_listeners",
    "cqrs_handlers": "cqrs_handlers",
    "scheduled_tasks": "scheduled",
    "async_methods": "async_methods",
    "post_processors": "post_processors",
}


class StartupLog:
    """Says on the logger ``pyfly.core`` how far the application has come.

    Args:
        app: The application's name.
        version: Its version.
        quiet: Whether the lines of a normal start are left out; failures never are.
    """

    def __init__(self, app: str, version: str, quiet: bool) -> None:
        self._app = app
        self._version = version
        self._quiet = quiet
        self._log: StructuredLogger = get_logger("pyfly.core")

    def scan_failed(self, package: str, error: Exception) -> None:
        """A package to scan does not exist."""
        self._log.warning("scan_failed", package=package, error=str(error))

    def starting(self, profiles: list[str], sources: Iterable[str], scanned: Mapping[str, int]) -> None:
        """The context is about to start."""
        if self._quiet:
            return

        # Its import takes longer than all that is asked of it.
        import platform

        self._log.info(
            "starting_application",
            app=self._app,
            version=self._version,
            python=platform.python_version(),
            pid=os.getpid(),
        )
        self._log.info(
            "runtime_environment",
            os=platform.system(),
            os_version=platform.release(),
            arch=platform.machine(),
            cpus=_usable_cpus(),
            python_impl=platform.python_implementation(),
        )
        if profiles:
            self._log.info("active_profiles", profiles=",".join(profiles))
        else:
            self._log.info("no_active_profiles", message="the profile 'default' applies")

        for source in sources:
            self._log.info("loaded_config", source=source)

        for package, beans in scanned.items():
            self._log.info("scanned_package", package=package, beans_found=beans)

    def failed(self, failure: Exception) -> None:
        """The context did not start."""
        subsystem, provider = "startup", type(failure).__name__
        if isinstance(failure, BeanCreationException):
            subsystem, provider = failure.subsystem, failure.provider

        # The analysis on standard error has the rest.
        headline = next(iter(str(failure).splitlines()), type(failure).__name__)
        self._log.error(
            "application_failed", app=self._app, error=headline, subsystem=subsystem, provider=provider
        )

    def started(self, context: ApplicationContext, seconds: float) -> None:
        """The application is ready."""
        if self._quiet:
            return

        beans = context.get_bean_counts_by_stereotype()
        self._log.info(
            "bean_summary",
            total=context.bean_count,
            services=beans.get("service", 0),
            repositories=beans.get("repository", 0),
            controllers=beans.get("controller", 0) + beans.get("rest_controller", 0),
            configurations=beans.get("configuration", 0),
        )
        counts = context.wiring_counts
        wired = {field: counts.get(key, 0) for field, key in _WIRING_FIELDS.items()}
        if any(wired.values()):
            self._log.info("wiring_summary", **wired)

        # What modules add is asked for once, by an application that has started.
        from pyfly.core.startup_summary import StartupSummary

        for summary in context.get_beans_of_type(StartupSummary):
            for line in summary.summarise(context):
                self._log.info(line.event, **line.fields)

        self._log.info(
            "application_started",
            app=self._app,
            startup_time_s=round(seconds, 3),
            beans_initialized=context.bean_count,
        )

    def stopping(self) -> None:
        """The context is about to stop."""
        self._log.info("shutting_down", app=self._app)

    def stopped(self, uptime: float) -> None:
        """The context has stopped."""
        self._log.info("application_stopped", app=self._app, uptime_s=round(uptime, 3))


def _usable_cpus() -> int:
    # A container or a task set often allows fewer than the machine has.
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
