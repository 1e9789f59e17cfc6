# SPDX-License-Identifier: Apache-2.0
"""Reading of parameters from forms."""

from collections.abc import Callable, Mapping
from inspect import Parameter
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from pyfly.kernel.exceptions import InvalidRequestException
from pyfly.validation.errors import validation_exception
from pyfly.web.binding.exchange import Exchange
from pyfly.web.binding.flat_model import FlatModel, field_keys
from pyfly.web.binding.text import list_converter, text_converter
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.type_forms import (
    admits_none,
    bare,
    element_type,
    is_structured,
    members,
    model_type,
    shown,
    without_none,
)
from pyfly.web.uploads import UploadedFile

Bind = Callable[[Exchange], Any]
Fail = Callable[[str, str], RouteDefinitionError]


def file_binder(hint: Any, name: str, default: Any, fail: Fail) -> Bind:
    """Build the reading of an uploaded file, or of all that have a name.

    A list is empty when there is no such file, unless the parameter has a default or admits ``None``.

    Args:
        hint: The type without markers.
        name: Name of the parameter, and of the form's field.
        default: Its default, or ``Parameter.empty``.
        fail: Makes the error for a parameter that cannot be bound, from problem and action.
    """
    many = element_type(hint) is not None
    wanted = element_type(hint) if many else without_none(bare(hint))
    if not (isinstance(wanted, type) and issubclass(UploadedFile, wanted) and wanted is not object):
        raise fail(
            f"File takes an UploadedFile or a list of them, not {shown(hint)}.",
            "Use File[UploadedFile], or Form for text.",
        )

    check = _checked(hint, name) if bare(hint) is not hint or many else None
    if many and default is Parameter.empty and not admits_none(hint):
        return lambda exchange: _as_checked(exchange.form.files.get(name, []), check)

    absent = _absence(hint, default, "file", name)

    def bind(exchange: Exchange) -> Any:
        files = exchange.form.files.get(name)
        return absent() if files is None else _as_checked(files if many else files[-1], check)

    return bind


def form_binder(hint: Any, name: str, default: Any, fail: Fail) -> Bind:
    """Build the reading of a text field, of all fields that have a name, or of the whole form for a model.

    Args:
        hint: The type without markers.
        name: Name of the parameter, and of the form's field.
        default: Its default, or ``Parameter.empty``.
        fail: Makes the error for a parameter that cannot be bound, from problem and action.
    """
    model = model_type(hint)
    if model is not None:
        return _whole_form(model, hint, default, fail)

    elements = element_type(hint)
    if _is_file(without_none(bare(hint))) or _is_file(elements):
        raise fail("Form reads text, and an UploadedFile is a file.", "Use File in place of Form.")

    absent = _absence(hint, default, "form field", name)
    if elements is not None and not is_structured(elements):
        convert_all = list_converter(hint, "form", name)

        def bind_all(exchange: Exchange) -> Any:
            texts = exchange.form.texts.get(name)
            return absent() if texts is None else convert_all(texts)

        return bind_all

    if is_structured(hint):
        raise fail(
            f"no single text can be turned into {shown(hint)}.",
            "Use a scalar type, a list of scalars, or a model for the whole form.",
        )

    convert = text_converter(hint, "form", name)

    def bind(exchange: Exchange) -> Any:
        texts = exchange.form.texts.get(name)
        return absent() if texts is None else convert(texts[-1])

    return bind


def _as_checked(files: Any, check: Callable[[Any], Any] | None) -> Any:
    return files if check is None else check(files)


def _checked(hint: Any, name: str) -> Callable[[Any], Any]:
    validate = TypeAdapter(hint).validator.validate_python

    def check(files: Any) -> Any:
        try:
            return validate(files)
        except ValidationError as error:
            raise validation_exception(error, at=("form", name)) from error

    return check


def _absence(hint: Any, default: Any, what: str, name: str) -> Callable[[], Any]:
    if default is not Parameter.empty:
        return lambda: default

    if admits_none(hint):
        return lambda: None

    def missing() -> Any:
        raise InvalidRequestException(
            f"Missing required {what}: {name}",
            code="MISSING_PARAMETER",
            context={"parameter": name, "location": "form"},
        )

    return missing


def _whole_form(model: type[BaseModel], hint: Any, default: Any, fail: Fail) -> Bind:
    flat = FlatModel(model, fail)
    fields = model.model_fields.items()
    files = {key for name, it in fields if _holds_file(it.annotation) for key in field_keys(name, it)}
    optional = default is not Parameter.empty or admits_none(hint)
    absent = _absence(hint, default, "form", "")
    validate = model.model_validate

    def bind(exchange: Exchange) -> Any:
        form = exchange.form
        if optional and flat.known.isdisjoint(form.texts) and flat.known.isdisjoint(form.files):
            return absent()

        values = {**flat.values(form.texts), **_files_of(form.files, files, flat.lists)}
        try:
            return validate(values)
        except ValidationError as error:
            raise validation_exception(error, at=("form",)) from error

    return bind


def _files_of(
    given: Mapping[str, list[UploadedFile]], wanted: set[str], lists: frozenset[str]
) -> dict[str, UploadedFile | list[UploadedFile]]:
    return {key: sent if key in lists else sent[-1] for key, sent in given.items() if key in wanted}


def _holds_file(hint: Any) -> bool:
    target = without_none(bare(hint))
    return _is_file(target) or _is_file(element_type(hint)) or any(map(_holds_file, members(target)))


def _is_file(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, UploadedFile)
