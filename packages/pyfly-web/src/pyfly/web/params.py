# SPDX-License-Identifier: Apache-2.0
"""Markers that say where the value of a handler's parameter comes from.

A type checker sees ``PathVar[int]`` as ``int``.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Final, TypeVar, get_args, get_origin

from pyfly.web.uploads import UploadedFile as UploadedFile  # what File is a marker of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Named:
    """Give a parameter another name in the request: ``QueryParam[Annotated[int, Named("page-size")]]``.

    Attributes:
        name: The name; that of a header in any case.
    """

    name: str

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("expected a name in the request, got an empty text")


class CommaSeparated:
    """Let one text hold several elements: ``QueryParam[Annotated[list[int], CommaSeparated]]`` reads ``1,2``.

    Blanks around the elements, and elements without any text, are left out.
    """


class _Marker:
    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


_PATH: Final = _Marker("PathVar")
_QUERY: Final = _Marker("QueryParam")
_HEADER: Final = _Marker("Header")
_COOKIE: Final = _Marker("Cookie")
_BODY: Final = _Marker("Body")
_FILE: Final = _Marker("File")
_FORM: Final = _Marker("Form")
_VALID: Final = _Marker("Valid")

PathVar = Annotated[T, _PATH]
"""A variable of the path, by the parameter's name."""

QueryParam = Annotated[T, _QUERY]
"""A query parameter, by the parameter's name; a list takes every repeat, a model takes all of them."""

Header = Annotated[T, _HEADER]
"""A request header, by the parameter's name with ``-`` for ``_``."""

Cookie = Annotated[T, _COOKIE]
"""A cookie, by the parameter's name."""

Body = Annotated[T, _BODY]
"""The request body: JSON, or the text for ``str``, or the raw content for ``bytes``."""

File = Annotated[T, _FILE]
"""A file of a multipart form, by the parameter's name: `UploadedFile`, or a list of them for every file."""

Form = Annotated[T, _FORM]
"""A text field of a form, by the parameter's name; a list takes every repeat, a model takes all of them."""

Valid = Annotated[T, _VALID]
"""A value whose faults are reported as a `ValidationException`; without another marker it is the body."""

_ALIASES: Final[dict[object, Any]] = {
    _PATH: PathVar,
    _QUERY: QueryParam,
    _HEADER: Header,
    _COOKIE: Cookie,
    _BODY: Body,
    _FILE: File,
    _FORM: Form,
}


def inspect_binding(hint: Any) -> tuple[Any, Any, bool]:
    """Take a parameter's hint apart.

    Args:
        hint: The hint, with its metadata.

    Returns:
        The marker alias (``PathVar``, ...) or ``None``, the hint without markers, and whether ``Valid`` was
        there. Metadata that is not ours, such as pydantic constraints, stays on the hint.
    """
    if get_origin(hint) is not Annotated:
        return None, hint, False

    inner, *metadata = get_args(hint)
    markers = [item for item in metadata if isinstance(item, _Marker)]
    kept = tuple(item for item in metadata if not isinstance(item, _Marker))
    validate = _VALID in markers
    binding = next((_ALIASES[marker] for marker in markers if marker is not _VALID), None)
    if binding is None and validate:
        binding = Body

    return binding, Annotated[(inner, *kept)] if kept else inner, validate
