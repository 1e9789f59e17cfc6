# SPDX-License-Identifier: Apache-2.0
"""What a class says about values it does not accept, placed where the values are, and free of secrets."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, NamedTuple

from pyfly.config._binding.collections import Series, Table
from pyfly.config._binding.model_input import Alternatives, Document
from pyfly.config._binding.problems import Problems
from pyfly.config._binding.sections import Spellings
from pyfly.config._binding.shapes import Nullable, Shape
from pyfly.config._binding.site import REJECTED, Site
from pyfly.config._masking import MASK, mask_value
from pyfly.config._names import join
from pyfly.config._tree import ABSENT

_HIDDEN_REASON = "the reason holds a secret"


def report_refusal(cls: type, error: Exception, values: Mapping[str, Any], at: Site) -> Any:
    """Note that a class refuses its values, and return REJECTED."""
    problems = at.run.problems
    _hide_named(values, at.key, problems)
    clean = problems.is_clean(str(error))
    reason = error if clean else _HIDDEN_REASON
    problems.cause = problems.cause or (error if clean else None)
    return at.reject(f"values that {cls.__qualname__} accepts ({reason})", values)


def report_faults(error: Any, document: Document, values: Mapping[str, Any], raw: Any, at: Site) -> Any:
    """Note all that pydantic says about the values of a model, and return REJECTED."""
    problems = at.run.problems
    _hide_named(values, at.key, problems)
    faults = error.errors(include_url=False, include_context=False)
    found = [(_locate(_Place(document, raw, at), fault["loc"]), fault) for fault in faults]
    known = [problem.key for problem in problems.found]
    for key, same in _by_key(_worth_telling(found)).items():
        if not any(_is_within(other, key) for other in known):
            place, fault = same[0]
            _report(fault, " or ".join(dict.fromkeys(_expected(it, problems) for _, it in same)), place)

    problems.cause = problems.cause or _without_inputs(error.title, faults, problems)
    return REJECTED


class _Place(NamedTuple):
    """A value, as far as the way to it is known.

    Attributes:
        shape: How it is read.
        raw: How it is written.
        at: Where it is.
        aside: The key of a value on the way that was judged by a model it is not meant for; None as a rule.
        lookalike: A key beside it that looks like its own.
    """

    shape: Shape | None
    raw: Any
    at: Site
    aside: str | None = None
    lookalike: str | None = None


_Fault = tuple[_Place, Mapping[str, Any]]


def _worth_telling(faults: Sequence[_Fault]) -> list[_Fault]:
    """Leave out what models say that a value is not meant for, if the one it is meant for says something."""
    meant = [place.at.key for place, _ in faults if place.aside is None]
    return [
        (place, fault)
        for place, fault in faults
        if place.aside is None or not any(_is_within(key, place.aside) for key in meant)
    ]


def _by_key(faults: Sequence[_Fault]) -> dict[str, list[_Fault]]:
    found: dict[str, list[_Fault]] = {}
    for place, fault in faults:
        found.setdefault(place.at.key, []).append((place, fault))

    return found


def _locate(place: _Place, path: Sequence[int | str]) -> _Place:
    for part in path:
        step = _step(place, part)
        place = step._replace(aside=place.aside or step.aside)

    return place


def _step(place: _Place, part: int | str) -> _Place:
    shape, raw, at = place[:3]
    while isinstance(shape, Nullable):
        shape = shape.inner

    if isinstance(raw, str):
        raw = at.resolved(raw)

    if isinstance(shape, Alternatives):
        judge, meant = shape.named(str(part), raw, at), shape.likeliest(raw, at)
        both = isinstance(judge, Document) and isinstance(meant, Document)
        return _Place(judge, raw, at, at.key if both and judge is not meant else None)

    if isinstance(shape, Document):
        return _field(shape, raw, at, str(part))

    if part == "[key]":
        return _Place(None, ABSENT, at)

    item = _part_of(raw, part)
    if isinstance(part, int):
        members = shape.members if isinstance(shape, Series) else ()
        inner = members[min(part, len(members) - 1)] if members else None
        return _Place(inner, item, at.item(part))

    return _Place(shape.value if isinstance(shape, Table) else None, item, at.child(part))


def _field(document: Document, raw: Any, at: Site, part: str) -> _Place:
    spellings = Spellings(raw if isinstance(raw, Mapping) else {})
    field = next((field for field in document.fields if part == field.target), None)
    if field is None:
        key, value = spellings.find(part)
        return _Place(None, value, at.child(part if value is ABSENT else key))

    found = [spellings.find(spelling) for spelling in field.spellings]
    key, value = next((pair for pair in found if pair[1] is not ABSENT), found[0])
    lookalike = spellings.lookalike(part, document.part_names()) if value is ABSENT else None
    return _Place(field.shape, value, at.child(key), None, lookalike and at.child(lookalike).key)


def _part_of(raw: Any, part: int | str) -> Any:
    if isinstance(part, int):
        return raw[part] if isinstance(raw, list | tuple) and part < len(raw) else ABSENT

    return raw.get(part, ABSENT) if isinstance(raw, Mapping) else ABSENT


def _expected(fault: Mapping[str, Any], problems: Problems) -> str:
    message = _message(fault, problems)
    if fault["type"] == "missing":
        return f"a value ({message})"

    if fault["type"] == "extra_forbidden":
        return f"a known key ({message})"

    rule = message.removeprefix("Input should be ")
    return rule if rule != message else f"a value that is accepted ({message})"


def _report(fault: Mapping[str, Any], expected: str, place: _Place) -> None:
    if fault["type"] == "missing":
        place.at.missing(expected, place.lookalike)
        return

    written = place.raw
    value = place.at.resolved(written) if isinstance(written, str) else fault["input"]
    secret = place.shape is not None and place.shape.secret
    place.at.reject(expected, place.at.text() or value, written=written, secret=secret)


def _message(fault: Mapping[str, Any], problems: Problems) -> str:
    message = str(fault["msg"])
    return message if problems.is_clean(message) else _HIDDEN_REASON


def _without_inputs(title: str, faults: Sequence[Mapping[str, Any]], problems: Problems) -> Exception:
    # The text of pydantic's own error repeats the values, secret ones among them.
    from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

    details = [
        InitErrorDetails(
            type=PydanticCustomError(fault["type"], _message(fault, problems)), loc=fault["loc"], input=None
        )
        for fault in faults
    ]
    return ValidationError.from_exception_data(title, details, hide_input=True)


def _is_within(key: str, place: str) -> bool:
    return key == place or key.startswith((f"{place}.", f"{place}["))


def _hide_named(value: Any, key: str, problems: Problems) -> None:
    """Keep the values of keys with secret names out of what others say."""
    if isinstance(value, Mapping):
        for name, part in value.items():
            _hide_named(part, join(key, name), problems)
    elif isinstance(value, list | tuple):
        for part in value:
            _hide_named(part, key, problems)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            _hide_named(getattr(value, field.name, None), join(key, field.name), problems)
    elif isinstance(value, str) and mask_value(key, value) == MASK:
        problems.hide(value)
