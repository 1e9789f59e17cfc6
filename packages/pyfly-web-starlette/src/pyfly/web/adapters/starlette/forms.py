# SPDX-License-Identifier: Apache-2.0
"""Reading of forms, never more than allowed and never whole in memory."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from python_multipart.multipart import parse_options_header

from pyfly.config.properties.web_multipart import MultipartProperties
from pyfly.kernel.exceptions import UnsupportedMediaTypeException
from pyfly.web.adapters.starlette._form_parts import beyond, malformed
from pyfly.web.adapters.starlette._multipart import MultipartForm
from pyfly.web.adapters.starlette._urlencoded import UrlEncodedForm
from pyfly.web.adapters.starlette.bodies import taken_body
from pyfly.web.binding import BodyState, Exchange
from pyfly.web.binding.form_data import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

_LONGEST_LENGTH: Final = 18


def form_reader(limits: MultipartProperties) -> Callable[[Exchange], Awaitable[None]]:
    """Build the reading of a request's form into ``exchange.form``, which is closed with the request.

    Args:
        limits: What a form may hold.
    """

    async def read(exchange: Exchange) -> None:
        form = exchange.form = await read_form(exchange, limits)
        if form.files:
            exchange.at_end(lambda _: form.close())

    return read


async def read_form(exchange: Exchange, limits: MultipartProperties) -> FormData:
    """Read the body of a request as a form; the caller closes it when the request is over.

    A request without a body has an empty form.

    Args:
        exchange: The request.
        limits: What a form may hold.

    Raises:
        UnsupportedMediaTypeException: The body is no form.
        InvalidRequestException: The form cannot be parsed.
        PayloadTooLargeException: The form is larger than allowed, or holds more than allowed.
        ClientDisconnect: The client went away before the end.
        HTTPException: With 408, the client sends nothing more.
        RuntimeError: A filter has read the body piece by piece.
    """
    if exchange.body_state is BodyState.TAKEN:
        raise taken_body()

    content_type = exchange.header(b"content-type")
    if content_type is None and not _announces_body(exchange):
        return FormData()

    form, limit = _form_for(content_type or "", exchange, limits)
    announced = exchange.header(b"content-length") or ""
    if announced.isascii() and announced.isdigit():
        _check_size(int(announced[:_LONGEST_LENGTH]), limit)

    try:
        if exchange.body_state is BodyState.READ:
            await form.feed(exchange.body)
        else:
            exchange.body_state = BodyState.TAKEN
            await _read(form, exchange, limit, limits.receive_timeout.total_seconds())

        return await form.finish()
    except BaseException:
        form.discard()
        raise


def _form_for(
    content_type: str, exchange: Exchange, limits: MultipartProperties
) -> tuple[MultipartForm | UrlEncodedForm, int]:
    media_type, options = parse_options_header(content_type)
    if media_type == b"multipart/form-data":
        boundary = options.get(b"boundary")
        if not boundary:
            raise malformed("its Content-Type has no boundary")

        return MultipartForm(boundary, limits), limits.max_request_size

    if media_type == b"application/x-www-form-urlencoded":
        in_memory = exchange.body_limit or limits.max_request_size
        return UrlEncodedForm(limits), min(in_memory, limits.max_request_size)

    raise UnsupportedMediaTypeException(
        f"Cannot read a form from a body of type '{content_type[:100]}';"
        " send multipart/form-data or application/x-www-form-urlencoded",
        code="UNSUPPORTED_MEDIA_TYPE",
    )


async def _read(form: MultipartForm | UrlEncodedForm, exchange: Exchange, limit: int, seconds: float) -> None:
    size = 0
    while True:
        try:
            async with asyncio.timeout(seconds):
                message = await exchange.receive()
        except TimeoutError as error:
            raise HTTPException(408, f"Nothing more of the form came for {seconds:g} s") from error

        if message["type"] == "http.disconnect":
            raise ClientDisconnect

        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        _check_size(size, limit)
        if chunk:
            await form.feed(chunk)

        if not message.get("more_body"):
            return


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise beyond("it has more than", limit, " bytes")


def _announces_body(exchange: Exchange) -> bool:
    length = exchange.header(b"content-length") or ""
    return exchange.header(b"transfer-encoding") is not None or length.strip("0") != ""
