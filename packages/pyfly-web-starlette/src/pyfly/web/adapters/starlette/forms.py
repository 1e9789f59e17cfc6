# SPDX-License-Identifier: Apache-2.0
"""Reading of forms, never more than allowed and never whole in memory."""

from typing import Final

from python_multipart.multipart import parse_options_header

from pyfly.config.properties.web_multipart import MultipartProperties
from pyfly.kernel.exceptions import UnsupportedMediaTypeException
from pyfly.web.adapters.starlette._form_parts import beyond, malformed
from pyfly.web.adapters.starlette._multipart import MultipartForm
from pyfly.web.adapters.starlette._urlencoded import UrlEncodedForm
from pyfly.web.binding.exchange import Exchange
from pyfly.web.binding.form_data import FormData
from starlette.requests import ClientDisconnect

_LONGEST_LENGTH: Final = 18


async def read_form(exchange: Exchange, limits: MultipartProperties) -> FormData:
    """Read the body of a request as a form; the caller closes it when the request is over.

    A request without a body has an empty form.

    Args:
        exchange: The request, whose body nobody has read.
        limits: What a form may hold.

    Raises:
        UnsupportedMediaTypeException: The body is no form.
        InvalidRequestException: The form cannot be parsed.
        PayloadTooLargeException: The form is larger than allowed, or holds more than allowed.
        ClientDisconnect: The client went away before the end.
    """
    content_type = exchange.header(b"content-type")
    if content_type is None and not _announces_body(exchange):
        return FormData()

    form, limit = _form_for(content_type or "", exchange, limits)
    announced = exchange.header(b"content-length") or ""
    if announced.isascii() and announced.isdigit():
        _check_size(int(announced[:_LONGEST_LENGTH]), limit)

    try:
        await _read(form, exchange, limit)
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


async def _read(form: MultipartForm | UrlEncodedForm, exchange: Exchange, limit: int) -> None:
    size = 0
    while True:
        message = await exchange.receive()
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
