# SPDX-License-Identifier: Apache-2.0
"""What happens inside a worker process before it serves."""

import logging
import os
import signal
import sys
from dataclasses import dataclass
from functools import partial
from multiprocessing.sharedctypes import Synchronized

from pyfly.config.conversion import parse_bool
from pyfly.logging.selection import release_logging
from pyfly.logging.structured_logger import StructuredLogger
from pyfly.server.adapters.granian.signals import stop_once_on_sigterm
from pyfly.server.before_stop import BeforeStop
from pyfly.server.collector_pause import CollectorPause
from pyfly.server.exceptions import ApplicationStartupError
from pyfly.server.failure_report import report_failure
from pyfly.server.import_string import load_application
from pyfly.server.lifespan import Application, watch_lifespan
from pyfly.server.types import ServerInfo

# The exit code of a worker whose lifespan start-up fails is Granian's choice; a crash has another one.
START_FAILED = 1
_REPORTED = -(2**30)

_logger = logging.getLogger("pyfly.server")


@dataclass(frozen=True, slots=True)
class WorkerApplication:
    """Load the application in a worker, and tell how its start ended.

    Attributes:
        target: The import string.
        info: What the log says once all workers serve.
        started: Counts the started workers, over all processes.
    """

    target: str
    info: ServerInfo
    started: "Synchronized[int]"

    def __call__(self) -> Application:
        """Return the application, watched; end the process if it cannot be loaded."""
        pause = CollectorPause()
        pause.begin()
        # A forked worker still has the supervisor's handlers, which would lose a stop that comes while it
        # imports.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)

        # It has the supervisor's logging too; its own is for the application to set up.
        release_logging()
        try:
            application = load_application(self.target)
        except Exception as error:
            self._fail(error, "")
            sys.exit(START_FAILED)

        _make_server_logs_visible()
        before_stop = BeforeStop()
        return watch_lifespan(
            application,
            started=partial(self._serve, pause),
            failed=self._fail,
            entered=partial(stop_once_on_sigterm, before_stop),
            before_stop=before_stop,
        )

    def _serve(self, pause: CollectorPause) -> None:
        pause.end()
        with self.started.get_lock():
            self.started.value += 1
            complete = self.started.value == self.info.workers

        if complete:
            log_started(self.info)

    def _fail(self, error: BaseException | None, message: str) -> None:
        with self.started.get_lock():
            first = self.started.value != _REPORTED
            self.started.value = _REPORTED

        if first:
            self._report(
                error if error is not None else ApplicationStartupError(message or "It gave no reason.")
            )

        # The worker ends now, and has said why.
        logging.getLogger("_granian").setLevel(logging.CRITICAL + 1)

    def _report(self, error: BaseException) -> None:
        debug = parse_bool(os.environ.get("PYFLY_DEBUG") or "false")
        # A PyFlyApplication has explained its failure by then; what it has not shown is the traceback.
        explained = getattr(error, "__pyfly_explained__", False)
        if debug or not explained:
            sys.stderr.write(report_failure(error, debug=debug))
            sys.stderr.flush()


def log_started(info: ServerInfo) -> None:
    """Log that the server answers, with its effective values."""
    StructuredLogger(_logger).info(
        "server_started",
        server=info.name,
        server_version=info.version,
        host=info.host,
        port=info.port,
        workers=info.workers,
        event_loop=info.event_loop,
        http=info.http_protocol,
    )


def _make_server_logs_visible() -> None:
    # An application that sets up logging does so when it is imported. Otherwise these lines would be lost.
    if logging.getLogger().handlers:
        return

    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    for logger in (_logger, logging.getLogger("_granian"), logging.getLogger("granian.access")):
        logger.addHandler(handler)

    _logger.setLevel(logging.INFO)
