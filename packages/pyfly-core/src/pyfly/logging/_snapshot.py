# SPDX-License-Identifier: Apache-2.0
"""Log records that stay as they were when they were logged."""

import logging
from collections.abc import Iterable, Mapping

from pyfly.logging._contents import STANDARD_ATTRIBUTES, contents_of, traceback_of
from pyfly.logging._texts import text_of
from pyfly.logging.structured_event import StructuredEvent

_DEEPEST = 32
_UNCHANGING = (str, int, float, type(None))
_CONTAINERS = (dict, list, tuple, set, frozenset, Mapping)


def snapshot(record: logging.LogRecord) -> logging.LogRecord:
    """Copy a record so that nothing done afterwards to what was logged shows in it.

    Containers are copied, other values that could change are turned into their texts. So is the exception,
    whose frames would keep alive what it happened to.

    Args:
        record: The record; it is left as it is, but for the text of its exception, which is kept in it.
    """
    traceback_of(record)
    event, fields = contents_of(record)
    kind = type(record)
    taken = kind.__new__(kind)
    attributes = vars(taken)
    attributes.update(vars(record))
    for name in fields:
        # What was given as `extra` is a field of the event from now on.
        if name not in STANDARD_ATTRIBUTES:
            attributes.pop(name, None)

    kept = {name: _fixed(value, ()) for name, value in fields.items()}
    taken.msg = StructuredEvent(event, (), kept)
    taken.args = ()
    taken.exc_info = None
    return taken


def _fixed(value: object, within: tuple[int, ...]) -> object:
    if isinstance(value, _UNCHANGING):
        return value

    if not isinstance(value, _CONTAINERS) or len(within) == _DEEPEST:
        return text_of(value)

    if id(value) in within:
        return "<contains itself>"

    try:
        return _copied(value, (*within, id(value)))
    except Exception:
        # A mapping may be anybody's class, or be changed by another thread meanwhile.
        return text_of(value)


def _copied(value: Mapping[object, object] | Iterable[object], within: tuple[int, ...]) -> object:
    if isinstance(value, Mapping):
        return {key: _fixed(item, within) for key, item in value.items()}

    items = [_fixed(item, within) for item in value]
    for kind in (tuple, set, frozenset):
        if isinstance(value, kind):
            return kind(items)

    return items
