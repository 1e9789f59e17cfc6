# SPDX-License-Identifier: Apache-2.0
"""What a log record carries as its message: an event and its fields."""

from collections.abc import Mapping

from pyfly.logging._texts import text_of


class StructuredEvent:
    """The message of a log record: an event and its fields, written out as ``event | key=value key=value``.

    Arguments that do not fit their places become the field ``positional_args``.

    Args:
        template: What happened, with ``%`` places for the arguments if there are any.
        arguments: What fills the places; a single mapping fills named places.
        fields: The facts about it.

    Attributes:
        event: What happened.
        fields: The facts about it.
    """

    __slots__ = ("event", "fields")

    def __init__(self, template: object, arguments: tuple[object, ...], fields: Mapping[str, object]) -> None:
        text = template if type(template) is str else text_of(template)
        if arguments:
            text, fitted = filled(text, arguments)
            fields = fields if fitted else {**fields, "positional_args": arguments}

        self.event: str = text
        self.fields = fields

    def __str__(self) -> str:
        if not self.fields:
            return self.event

        return f"{self.event} | {' '.join(f'{key}={text_of(value)}' for key, value in self.fields.items())}"

    def __repr__(self) -> str:
        return f"StructuredEvent({self.event!r}, (), {text_of(self.fields)})"

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.event, (), dict(self.fields))


def filled(template: str, arguments: object) -> tuple[str, bool]:
    """Fill the ``%`` places of a text.

    Args:
        template: The text.
        arguments: A tuple, or a mapping for named places.

    Returns:
        The text and True; the template as it is and False when the arguments do not fit.
    """
    places = arguments
    if isinstance(arguments, tuple) and len(arguments) == 1:
        [only] = arguments
        if isinstance(only, Mapping) and only:
            places = only

    try:
        return template % places, True
    except Exception:
        # Also what the __str__ of an argument raises: a log line is never lost over that.
        return template, False
