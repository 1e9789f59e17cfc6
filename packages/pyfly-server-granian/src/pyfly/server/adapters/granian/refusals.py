# SPDX-License-Identifier: Apache-2.0
"""What Granian cannot do, said before it starts."""

from typing import Final, NoReturn

from pyfly.config.secret import Secret
from pyfly.server.engine import EngineSettings
from pyfly.server.exceptions import RefusedSettingError

_RUNTIME_MODES: Final = ("auto", "st", "mt")


def refuse_what_granian_cannot_do(settings: EngineSettings) -> None:
    """Check settings.

    Raises:
        RefusedSettingError: Granian cannot honour one of them, or a setting of its own is wrong.
    """
    if settings.http == "3":
        _refuse(
            "http", "3", "Granian has no HTTP/3.", "Use auto, 1 or 2, or a server that has it (hypercorn)."
        )

    timeout = settings.request_header_timeout
    if timeout == 0 or (timeout is not None and timeout != (settings.keep_alive_timeout or timeout)):
        _refuse(
            "request-header-timeout",
            timeout,
            "Granian has one time-out for idle connections and for heads of requests.",
            "Leave it out, pyfly.server.keep-alive-timeout counts, or use a server that has both (uvicorn, "
            "hypercorn).",
        )

    if settings.tls is not None and settings.tls.client_auth == "want":
        _refuse(
            "ssl-client-auth",
            "want",
            "Granian either asks for no certificate or needs one.",
            "Use none or need, or a server that can (uvicorn, hypercorn).",
        )

    if settings.tls is not None and settings.tls.password is not None:
        _refuse(
            "ssl-keyfile-password",
            Secret(settings.tls.password),
            "Granian ends with a panic at a private key that is encrypted.",
            "Decrypt the key (openssl pkey), or use a server that can read it (uvicorn, hypercorn).",
        )

    tuning = settings.granian
    _require_at_least_1("granian.runtime-threads", tuning.runtime_threads)
    if tuning.backpressure is not None:
        _require_at_least_1("granian.backpressure", tuning.backpressure)

    if tuning.runtime_mode not in _RUNTIME_MODES:
        modes = ", ".join(_RUNTIME_MODES)
        _refuse(
            "granian.runtime-mode", tuning.runtime_mode, "there is no such mode.", f"Use one of: {modes}."
        )


def _require_at_least_1(name: str, value: int) -> None:
    if value < 1:
        _refuse(name, value, "it is less than 1.", "Use 1 or more.")


def _refuse(name: str, value: object, reason: str, action: str) -> NoReturn:
    raise RefusedSettingError(f"pyfly.server.{name}", value, server="granian", reason=reason, action=action)
