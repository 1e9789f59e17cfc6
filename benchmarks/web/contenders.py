# SPDX-License-Identifier: Apache-2.0
"""Every contender, each in the fastest way that its documentation shows."""

from dataclasses import dataclass

from benchmarks.contender import Role
from benchmarks.web.apps import (
    blacksheep_app,
    fastapi_app,
    litestar_app,
    pyfly_app,
    raw,
    starlette_app,
)
from benchmarks.web.asgi import App, Receive, Scope, Send
from benchmarks.web.models import ITEMS, LIST_OF_ITEMS
from benchmarks.web.names import (
    BLACKSHEEP,
    FASTAPI,
    HARNESS,
    LITESTAR,
    ON_FASTAPI,
    PYFLY,
    RAW,
    SERIALIZER,
    STARLETTE,
    STARLETTE_WITH_IDS,
    UNFILTERED,
)
from pyfly.web.adapters.fastapi.app import create_app as create_on_fastapi

ALL_JOBS = frozenset({"get", "post", "list", "unknown", "invalid"})
IDS = frozenset({"x-request-id", "x-correlation-id", "x-transaction-id"})
PROMISED = IDS | {
    "x-content-type-options",
    "x-frame-options",
    "x-xss-protection",
    "referrer-policy",
}


@dataclass(frozen=True, slots=True)
class Contender:
    """One line of each table.

    Args:
        name: As it is shown.
        role: What its figures are for.
        app: The service.
        note: Which way of the product is used, and why this one.
        jobs: What it is measured in.
        promised: Headers that every answer of it must have.
    """

    name: str
    role: Role
    app: App
    note: str = ""
    jobs: frozenset[str] = ALL_JOBS
    promised: frozenset[str] = frozenset()


def all_contenders() -> list[Contender]:
    """Return every contender, not started."""
    return [*ours(), *others(), *floors()]


def ours() -> list[Contender]:
    return [
        Contender(
            PYFLY,
            Role.OURS,
            pyfly_app.build(pyfly_app.WITHOUT_ACCESS_LOG),
            "on Starlette, with the default filters; the access log is off, as the others write none",
            promised=PROMISED,
        ),
        Contender(
            UNFILTERED,
            Role.OURS,
            pyfly_app.build({}, default_filters=False),
            "the same without the built-in filters",
        ),
        Contender(
            ON_FASTAPI,
            Role.OURS,
            pyfly_app.build(pyfly_app.WITHOUT_ACCESS_LOG, create=create_on_fastapi),
            "with the default filters, inside a FastAPI application",
            promised=PROMISED,
        ),
    ]


def others() -> list[Contender]:
    return [
        Contender(
            STARLETTE,
            Role.CONTROL,
            starlette_app.app,
            "the control: bare routes without middleware; models are read and written with pydantic's own "
            "bytes functions",
        ),
        Contender(
            STARLETTE_WITH_IDS,
            Role.EXTRA,
            starlette_app.app_with_ids,
            "shown only: the same inside one ASGI middleware that puts three ids and four security headers "
            "on each answer",
            promised=PROMISED,
        ),
        Contender(FASTAPI, Role.PEER, fastapi_app.app, "typed handlers with pydantic models"),
        Contender(
            LITESTAR,
            Role.PEER,
            litestar_app.app,
            "typed handlers with structs of msgspec, its fastest models; it answers invalid bodies with 400, "
            "so it has no figure for 422",
            ALL_JOBS - {"invalid"},
        ),
        Contender(
            BLACKSHEEP,
            Role.PEER,
            blacksheep_app.app,
            "typed handlers with pydantic models, and the JSON functions of pydantic as its settings; it "
            "answers invalid bodies with 400, so it has no figure for 422",
            ALL_JOBS - {"invalid"},
        ),
    ]


def floors() -> list[Contender]:
    return [
        Contender(RAW, Role.EXTRA, raw.app, "shown only: one function without routes, by hand"),
        Contender(SERIALIZER, Role.FLOOR, _serialize, jobs=frozenset({"list"})),
        Contender(
            HARNESS,
            Role.FLOOR,
            _nothing,
            "an application that does nothing: what asking costs, in every figure",
        ),
    ]


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None: ...


async def _serialize(scope: Scope, receive: Receive, send: Send) -> None:
    LIST_OF_ITEMS.dump_json(ITEMS)
