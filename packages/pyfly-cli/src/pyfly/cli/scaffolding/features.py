# SPDX-License-Identifier: Apache-2.0
"""What a project can be built with: the extras of the distribution ``pyfly``."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """An extra of ``pyfly``.

    Attributes:
        group: What it is about.
        distribution: The distribution that it installs.
        details: What it brings, in one line.
        tip: What to know once it is there; empty for nothing.
    """

    group: str
    distribution: str
    details: str
    tip: str = ""


FEATURES = {
    "web": Feature(
        group="Web",
        distribution="pyfly-web-starlette",
        details="Controllers, filters, problem documents and OpenAPI, on Starlette",
        tip="Swagger UI is at http://localhost:8000/docs, the OpenAPI document at /openapi.json.",
    ),
    "fastapi": Feature(
        group="Web",
        distribution="pyfly-web-fastapi",
        details="The same controllers on FastAPI, its own path operations beside them",
        tip="Path operations and routers of FastAPI join the controllers: main.py returns a FastAPI object.",
    ),
    "granian": Feature(
        group="Server",
        distribution="pyfly-server-granian",
        details="The ASGI server Granian: HTTP/1 and HTTP/2",
    ),
    "uvicorn": Feature(
        group="Server",
        distribution="pyfly-server-uvicorn",
        details="The ASGI server Uvicorn: HTTP/1",
    ),
    "hypercorn": Feature(
        group="Server",
        distribution="pyfly-server-hypercorn",
        details="The ASGI server Hypercorn: HTTP/1, HTTP/2 and HTTP/3",
    ),
    "structlog": Feature(
        group="Logging",
        distribution="pyfly-logging-structlog",
        details="Logging through structlog",
        tip="PYFLY_LOGGING_FORMAT=json writes one JSON object for each event.",
    ),
    "validation": Feature(
        group="Data",
        distribution="pyfly-validation",
        details="Checks of arguments and of business data, with pydantic",
        tip="pyfly.validation.domain has types for amounts, currencies, phone numbers and more.",
    ),
}

SERVERS = tuple(name for name, feature in FEATURES.items() if feature.group == "Server")

AVAILABLE_FEATURES = list(FEATURES)
FEATURE_DETAILS = {name: feature.details for name, feature in FEATURES.items()}
FEATURE_TIPS = {name: feature.tip for name, feature in FEATURES.items() if feature.tip}
FEATURE_GROUPS = {
    group: [name for name, feature in FEATURES.items() if feature.group == group]
    for group in dict.fromkeys(feature.group for feature in FEATURES.values())
}


def is_installed(distribution: str) -> bool:
    """Tell whether a distribution is installed beside the command."""
    return installed_version(distribution) is not None


def installed_version(distribution: str) -> str | None:
    """Return the version of a distribution that is installed beside the command, else None."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None
