# SPDX-License-Identifier: Apache-2.0
"""What the OpenAPI document tells about an endpoint and no signature can say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from types import NoneType
from typing import Any, Final, TypeVar

T = TypeVar("T", bound=Callable[..., Any])

UNSET: Final[Any] = object()
"""Stands for an example that is not given; ``None`` is one."""

_MARKER: Final = "__pyfly_operation__"
_FOR_CLASSES: Final = frozenset({"tags", "security", "hidden"})


@dataclass(frozen=True, slots=True)
class ResponseNote:
    """What is told about one status.

    Attributes:
        description: The text, or ``None`` for the usual one.
        type: The type of the body, ``NoneType`` for none, or ``None`` if nothing is said about it.
    """

    description: str | None
    type: Any = None


@dataclass(frozen=True, slots=True)
class OperationOptions:
    """What `operation` was given; ``None`` and `UNSET` stand for what was not.

    Attributes:
        summary: The title.
        description: The text, in CommonMark.
        tags: The groups.
        operation_id: The id.
        responses: Notes by status.
        request_example: An example of the body.
        response_example: An example of the normal answer.
        security: Alternatives, each with the schemes that it needs and their scopes; empty for none at all.
        hidden: Whether the endpoint is left out.
    """

    summary: str | None = None
    description: str | None = None
    tags: tuple[str, ...] | None = None
    operation_id: str | None = None
    responses: Mapping[int, ResponseNote] = field(default_factory=dict)
    request_example: Any = UNSET
    response_example: Any = UNSET
    security: tuple[dict[str, list[str]], ...] | None = None
    hidden: bool | None = None

    def over(self, general: "OperationOptions") -> "OperationOptions":
        """Return these options, completed by more general ones."""
        blank = OperationOptions()
        missing = {
            each.name: getattr(general, each.name)
            for each in fields(self)
            if each.name != "responses" and getattr(self, each.name) is getattr(blank, each.name)
        }
        return replace(self, responses={**general.responses, **self.responses}, **missing)


def operation(
    *,
    summary: str | None = None,
    description: str | None = None,
    tags: Sequence[str] | None = None,
    operation_id: str | None = None,
    responses: Mapping[int, Any] | None = None,
    request_example: Any = UNSET,
    response_example: Any = UNSET,
    security: Sequence[str | Mapping[str, Sequence[str]]] | None = None,
    hidden: bool | None = None,
) -> Callable[[T], T]:
    """Describe an endpoint in the OpenAPI document, or all endpoints of a controller class.

    What is not given is derived: texts from the docstring, everything else from the signature. A method's
    own decorator wins over that of its class, which may only give ``tags``, ``security`` and ``hidden``.

    Args:
        summary: The title, instead of the first line of the docstring.
        description: The text (CommonMark), instead of the rest of the docstring.
        tags: The groups, instead of the name of the controller.
        operation_id: The id, instead of the name of the method. One that is taken is made unique.
        responses: Further answers by status: a text, a type of body, ``None`` for no body, or
            ``(type, text)``. A text alone for a status from 400 on stands for a problem document. The status
            of the normal answer may be there too.
        request_example: An example of the body.
        response_example: An example of the normal answer.
        security: Names of security schemes, any of which lets a caller in; a mapping names schemes that are
            needed together, with their scopes. An empty list opens the endpoint to everybody.
        hidden: Leave the endpoint out of the document.

    Raises:
        TypeError: A class is given what only a method can have, or a response is of no known form.
        ValueError: A status is outside 100 to 599.
    """
    options = OperationOptions(
        summary=summary,
        description=description,
        tags=None if tags is None else tuple(tags),
        operation_id=operation_id,
        responses={_status(status): _note(status, note) for status, note in (responses or {}).items()},
        request_example=request_example,
        response_example=response_example,
        security=None if security is None else tuple(_requirement(each) for each in security),
        hidden=hidden,
    )

    def decorate(target: T) -> T:
        if isinstance(target, type):
            _check_class_options(target, options)

        earlier = getattr(target, _MARKER, OperationOptions())
        setattr(target, _MARKER, options.over(earlier))
        return target

    return decorate


def operation_options(controller: type | None, function: object) -> OperationOptions:
    """Return what the decorators of a method and of its class say together."""
    own: OperationOptions = getattr(function, _MARKER, OperationOptions())
    general: OperationOptions = getattr(controller, _MARKER, OperationOptions())
    return own.over(general)


def _check_class_options(cls: type, options: OperationOptions) -> None:
    blank = OperationOptions()
    for each in fields(options):
        value = getattr(options, each.name)
        if each.name not in _FOR_CLASSES and value is not getattr(blank, each.name) and value != {}:
            raise TypeError(
                f"@operation on the class {cls.__name__} was given {each.name}, which only a method can have:"
                f" move it there, or keep to {', '.join(sorted(_FOR_CLASSES))}"
            )


def _status(status: int) -> int:
    if not isinstance(status, int) or not 100 <= status <= 599:
        raise ValueError(
            f"expected an HTTP status from 100 to 599 in responses of @operation, got {status!r}"
        )

    return int(status)


def _note(status: int, note: Any) -> ResponseNote:
    if isinstance(note, str):
        return ResponseNote(note)

    if isinstance(note, tuple):
        if len(note) == 2 and isinstance(note[1], str):
            return ResponseNote(note[1], NoneType if note[0] is None else note[0])

        raise TypeError(f"expected (type, text) for status {status} in responses of @operation, got {note!r}")

    return ResponseNote(None, NoneType if note is None else note)


def _requirement(security: str | Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    if isinstance(security, str):
        return {security: []}

    return {name: list(scopes) for name, scopes in security.items()}
