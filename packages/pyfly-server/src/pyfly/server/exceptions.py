# SPDX-License-Identifier: Apache-2.0
"""Why a server does not start, and what to do about it."""

from collections.abc import Sequence

from pyfly.kernel.exceptions import InfrastructureException


class ServerStartError(InfrastructureException):
    """Report that a server cannot start.

    Attributes:
        description: What is wrong, and where.
        action: What to do about it.
    """

    def __init__(self, description: str, action: str) -> None:
        super().__init__(f"{description} {action}", code="SERVER_START_FAILED")
        self.description = description
        self.action = action


class ServerNotFoundError(ServerStartError):
    """Report that the server asked for, or any server at all, is not installed.

    Attributes:
        requested: The name asked for; ``"auto"`` when any server would have done.
        installed: The names that could have been asked for.
    """

    def __init__(self, requested: str, installed: Sequence[str]) -> None:
        self.requested = requested
        self.installed = tuple(installed)
        if not installed:
            description = "No ASGI server found."
            if requested != "auto":
                description += f" pyfly.server.type asks for {requested!r}."

            action = 'Install one: pip install pyfly-server-granian (or "pyfly[web]").'
        else:
            names = ", ".join(["auto", *installed])
            description = f"pyfly.server.type: no server named {requested!r} is installed."
            action = f"Use one of: {names}; or install the distribution that brings {requested!r}."

        super().__init__(description, action)


class RefusedSettingError(ServerStartError):
    """Report a setting that is wrong, or that the chosen server cannot honour.

    Attributes:
        key: The dotted configuration key.
        value: The value found.
        server: The name of the server that refuses it.
    """

    def __init__(self, key: str, value: object, *, server: str, reason: str, action: str) -> None:
        self.key = key
        self.value = value
        self.server = server
        super().__init__(f"{key} = {value!r}: {reason}", action)


class AddressUnavailableError(ServerStartError):
    """Report that the server's address cannot be bound.

    Attributes:
        host: The host asked for.
        port: The TCP port asked for.
        in_use: Whether something else listens there.
    """

    def __init__(self, host: str, port: int, reason: str, *, in_use: bool = False) -> None:
        self.host = host
        self.port = port
        self.in_use = in_use
        action = "Stop what listens there, or choose another port (--port, pyfly.server.port)."
        if not in_use:
            action = "Choose another address (--host, --port, pyfly.server.host, pyfly.server.port)."

        shown = f"[{host}]" if ":" in host else host
        super().__init__(f"Cannot listen on {shown}:{port}: {reason}.", action)


class ApplicationImportError(ServerStartError):
    """Report that an import string does not lead to an ASGI application.

    Attributes:
        target: The import string.
    """

    def __init__(self, target: str, reason: str, action: str) -> None:
        self.target = target
        super().__init__(f"Cannot load the application {target!r}: {reason}.", action)


class ApplicationStartupError(ServerStartError):
    """Report that the application's lifespan start-up failed; the cause, if any, is in ``__cause__``.

    Attributes:
        report: What the application itself has to say about it, for people; None for nothing.
    """

    def __init__(self, reason: str) -> None:
        self.report: str | None = None
        description = f"The application did not start: {reason.rstrip('.')}."
        super().__init__(description, "Mend the cause and start again.")


class WorkersDieError(ServerStartError):
    """Report that worker processes end by themselves, and that the service is stopped for it.

    Attributes:
        worker: The number of the last one.
    """

    def __init__(self, worker: int, reason: str) -> None:
        self.worker = worker
        super().__init__(
            f"Worker {worker} is gone: {reason}.", "Look for its last words in the log, and mend the cause."
        )
