# SPDX-License-Identifier: Apache-2.0
"""The filter that answers repeated requests with the answer of the first."""

import logging
from collections.abc import Awaitable, Iterable
from datetime import timedelta
from typing import Final, TypeVar

from anyio import fail_after

from pyfly.container.ordering import order
from pyfly.context.request_context import RequestContext
from pyfly.kernel.exceptions import PayloadTooLargeException
from pyfly.web.adapters.starlette.recorded_response import RecordedResponse, complete_body
from pyfly.web.filters import FilterOrder
from pyfly.web.idempotency import (
    DISABLE_IDEMPOTENCY_ATTR,
    CacheIdempotencyStore,
    IdempotencyCache,
    IdempotencyKeyReusedException,
    IdempotencyStore,
    IdempotencyStoreException,
    InFlight,
    RequestInFlightException,
    Started,
    Stored,
    StoredAnswer,
)
from pyfly.web.idempotency.request_identity import (
    caller_of,
    fingerprint_of,
    identity_of,
    read_key,
    storage_key,
)
from pyfly.web.ports.filter import CallNext, WebFilter
from starlette.requests import Request
from starlette.responses import Response

IDEMPOTENCY_KEY_HEADER: Final = "Idempotency-Key"
IDEMPOTENCY_REPLAYED_HEADER: Final = "Idempotency-Replayed"

_METHODS: Final = frozenset({"DELETE", "PATCH", "POST", "PUT"})
_OPERATIONAL_PATHS: Final = ("/actuator", "/health", "/ready")
_RETRY_AFTER: Final = 1  # seconds
_LONGEST_LENGTH: Final = 18
_TENANT_HEADER: Final = "x-tenant-id"
# They belong to a connection or to one visit; the server adds the length itself.
_HEADERS_OF_ONE_ANSWER: Final = frozenset(
    {
        b"connection",
        b"content-length",
        b"date",
        b"keep-alive",
        b"server",
        b"set-cookie",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
        IDEMPOTENCY_REPLAYED_HEADER.lower().encode(),
    }
)

T = TypeVar("T")

logger = logging.getLogger("pyfly.web")


@order(FilterOrder.IDEMPOTENCY)
class IdempotencyWebFilter(WebFilter):
    """Handle each ``Idempotency-Key`` once, and answer its repetitions with what it was answered.

    It heeds ``POST``, ``PUT``, ``PATCH`` and ``DELETE``, after authorisation, so that nobody is shown an
    answer he may not see. Keys belong to the caller and his tenant, and to method and path. Another query,
    body or unknown caller under a used key is refused with 422, a repetition of a request in flight with 409.

    Answers with a status from 200 to 399 are kept, empty ones too; streams never. After any other answer, and
    after an error, the key is free again.

    Args:
        cache: Where keys and answers are kept: a store, or a cache to keep them in.
        ttl_seconds: How long an answer is kept.
        lock_timeout: Seconds that a request may take; a repetition that comes later runs beside it.
        store_timeout: Seconds that one step of the store may take.
        fails_open: Whether requests run without protection while the store fails; else they are refused with
            503.
        stored_client_errors: Statuses from 400 to 499 whose answers are kept as well.
        max_key_length: Characters that a key may have.
        max_request_size: Bytes that the body of a request with a key may have.
        max_response_size: Bytes of the largest body that is kept.
        caller_headers: Headers that tell callers apart as long as nobody has authenticated them.
    """

    def __init__(
        self,
        cache: IdempotencyStore | IdempotencyCache,
        ttl_seconds: float = 86400,
        *,
        lock_timeout: float = 300,
        store_timeout: float = 2,
        fails_open: bool = False,
        stored_client_errors: Iterable[int] = (),
        max_key_length: int = 255,
        max_request_size: int = 1024 * 1024,
        max_response_size: int = 1024 * 1024,
        caller_headers: Iterable[str] = ("authorization", "x-api-key"),
    ) -> None:
        self._store = cache if isinstance(cache, IdempotencyStore) else CacheIdempotencyStore(cache)
        self._ttl = timedelta(seconds=ttl_seconds)
        self._lease = timedelta(seconds=lock_timeout)
        self._store_timeout = store_timeout
        self._fails_open = fails_open
        self._stored_client_errors = frozenset(stored_client_errors)
        self._max_key_length = max_key_length
        self._max_request_size = max_request_size
        self._max_response_size = max_response_size
        self._caller_headers = tuple(sorted(name.lower() for name in caller_headers))

    def should_not_filter(self, request: Request) -> bool:
        """Tell whether a request carries no key, or is not to be protected."""
        scope = request.scope
        if scope["method"] not in _METHODS or IDEMPOTENCY_KEY_HEADER not in request.headers:
            return True

        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if path.startswith(_OPERATIONAL_PATHS) and any(
            path == it or path.startswith(f"{it}/") for it in _OPERATIONAL_PATHS
        ):
            return True

        return _is_disabled(request)

    async def do_filter(self, request: Request, call_next: CallNext) -> Response:
        """Run a request whose key is new; answer any other in its place.

        Args:
            request: A request that `should_not_filter` has let in.
            call_next: The rest of the chain.

        Raises:
            IdempotencyKeyReusedException: The key was used for another request.
            IdempotencyStoreException: The store fails, and requests are refused then.
            InvalidIdempotencyKeyException: The key is none.
            PayloadTooLargeException: The body is too long to be compared.
            RequestInFlightException: The first request with the key is not answered yet.
        """
        key = read_key(request.headers.getlist(IDEMPOTENCY_KEY_HEADER), self._max_key_length)
        name, fingerprint = self._identify(request, key, await self._body(request))
        try:
            begun = await self._in_time(self._store.begin(name, fingerprint, self._lease))
        except Exception as error:
            if not self._fails_open:
                raise IdempotencyStoreException(
                    "Requests with an Idempotency-Key cannot be handled now.",
                    code="IDEMPOTENCY_UNAVAILABLE",
                    context={"retry_after": _RETRY_AFTER},
                ) from error

            logger.exception("idempotency_store_failed", extra={"step": "begin"})
            response: Response = await call_next(request)
            return response

        if isinstance(begun, Started):
            return await self._run(name, begun, request, call_next)

        if begun.fingerprint not in (None, fingerprint):
            raise IdempotencyKeyReusedException(
                "The Idempotency-Key was used for another request.", code="IDEMPOTENCY_KEY_REUSED"
            )

        if isinstance(begun, InFlight):
            raise RequestInFlightException(
                "The first request with this Idempotency-Key is still being handled.",
                code="IDEMPOTENCY_IN_FLIGHT",
                context={"retry_after": _RETRY_AFTER},
            )

        return _replay(begun)

    async def _body(self, request: Request) -> bytes:
        announced = request.headers.get("content-length", "")
        if not (announced.isdigit() and int(announced[:_LONGEST_LENGTH]) > self._max_request_size):
            body = await request.body()
            if len(body) <= self._max_request_size:
                return body

        raise PayloadTooLargeException(
            f"A request with an Idempotency-Key may have a body of {self._max_request_size} bytes",
            code="PAYLOAD_TOO_LARGE",
            context={"limit": self._max_request_size},
        )

    def _identify(self, request: Request, key: str, body: bytes) -> tuple[str, str]:
        scope = request.scope
        context = RequestContext.current()
        security_context = None if context is None else context.security_context
        credentials: list[bytes] = []
        if identity_of(security_context) is None:
            credentials = [request.headers.get(name, "").encode("latin-1") for name in self._caller_headers]

        method, path = scope["method"], scope["path"]
        caller = caller_of(security_context, request.headers.get(_TENANT_HEADER))
        fingerprint = fingerprint_of(method, path, scope["query_string"], body, credentials)
        return storage_key(method, path, key, caller), fingerprint

    async def _run(self, name: str, started: Started, request: Request, call_next: CallNext) -> Response:
        try:
            response: Response = await call_next(request)
        except BaseException:
            await self._abandon(name, started)
            raise

        # Routes that are not compiled are known only after they have been called.
        if not self._is_kept(response.status_code) or _is_disabled(request):
            await self._abandon(name, started)
            return response

        status, headers = response.status_code, _headers_of(response)

        async def settle(body: bytes | None) -> None:
            if body is None or len(body) > self._max_response_size:
                reason = "stream" if body is None else "size"
                logger.warning(
                    "idempotency_answer_not_kept", extra={"path": request.scope["path"], "reason": reason}
                )
                await self._abandon(name, started)
            else:
                await self._complete(name, started, StoredAnswer(status, headers, body))

        body = complete_body(response)
        if body is not None:
            await settle(body)
            return response

        recorded = RecordedResponse(response, settle)
        exchange = getattr(request, "exchange", None)
        if exchange is not None:
            # A filter further out may answer something else, and never send this.
            exchange.at_end(lambda _: recorded.settle(None))

        return recorded

    def _is_kept(self, status: int) -> bool:
        return 200 <= status < 400 or status in self._stored_client_errors

    async def _complete(self, name: str, started: Started, answer: StoredAnswer) -> None:
        try:
            kept = await self._in_time(self._store.complete(name, started, answer, self._ttl))
        except Exception:
            logger.exception("idempotency_store_failed", extra={"step": "complete"})
            return

        if not kept:
            logger.warning(
                "A request with an idempotency key took longer than pyfly.web.idempotency.lock-timeout, "
                "and another one has been handled meanwhile"
            )

    async def _abandon(self, name: str, started: Started) -> None:
        try:
            await self._in_time(self._store.abandon(name, started))
        except Exception:
            logger.exception("idempotency_store_failed", extra={"step": "abandon"})

    async def _in_time(self, step: Awaitable[T]) -> T:
        # Shielded: a request that is cancelled still has to give its key back.
        with fail_after(self._store_timeout, shield=True):
            return await step


def _is_disabled(request: Request) -> bool:
    return bool(getattr(request.scope.get("endpoint"), DISABLE_IDEMPOTENCY_ATTR, False))


def _headers_of(response: Response) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in response.raw_headers:
        if raw_name.lower() in _HEADERS_OF_ONE_ANSWER:
            continue

        name, value = str(raw_name, "latin-1").lower(), str(raw_value, "latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value

    return headers


def _replay(stored: Stored) -> Response:
    answer = stored.answer
    headers = {**answer.headers, IDEMPOTENCY_REPLAYED_HEADER: "true"}
    return Response(answer.body, answer.status, headers)
