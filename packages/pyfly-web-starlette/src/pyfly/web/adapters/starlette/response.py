# SPDX-License-Identifier: Apache-2.0
"""Results as responses, for code outside of controllers."""

from typing import Any, Final

from pyfly.web.conversion import BodyConversion
from pyfly.web.message_converters import MessageConverterRegistry
from pyfly.web.xml import dict_to_xml
from starlette.responses import Response

_WITHOUT_BODY: Final = frozenset({204, 205, 304})
_DEFAULT: Final = BodyConversion()


def handle_return_value(
    result: Any,
    status_code: int = 200,
    accept: str | None = None,
    converters: MessageConverterRegistry | None = None,
) -> Response:
    """Turn what a handler has returned into a response, as the answers of controllers are made.

    Args:
        result: The result: ``None`` is an empty response, one of Starlette stays as it is, and anything else
            is converted.
        status_code: The declared status; ``None`` turns 200 into 204.
        accept: The ``Accept`` header of the request.
        converters: The converters to choose from; JSON and XML if not given.

    Raises:
        NotAcceptableException: The client takes nothing that can be produced.
        RouteDefinitionError: None of the converters writes.
    """
    if isinstance(result, Response):
        return result

    if result is None:
        return Response(status_code=204 if status_code == 200 else status_code)

    if status_code in _WITHOUT_BODY:
        return Response(status_code=status_code)

    conversion = _DEFAULT if converters is None else BodyConversion(registry=converters)
    content, media_type = conversion.writer().negotiate(result, accept)
    return Response(content, status_code, media_type=media_type)


class XMLResponse(Response):
    """A response in XML: a document as text or bytes, or plain data that becomes one."""

    media_type = "application/xml"

    def render(self, content: Any) -> bytes:
        if content is None:
            return b""

        if isinstance(content, bytes | memoryview):
            return bytes(content)

        return (content if isinstance(content, str) else dict_to_xml(content)).encode("utf-8")
