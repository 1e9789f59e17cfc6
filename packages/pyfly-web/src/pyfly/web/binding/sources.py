# SPDX-License-Identifier: Apache-2.0
"""Reading of parameters from the path, the query, headers and cookies."""

from collections.abc import Callable
from inspect import Parameter
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from pyfly.kernel.exceptions import InvalidRequestException
from pyfly.validation.errors import validation_exception
from pyfly.web.binding.exchange import Exchange
from pyfly.web.binding.text import TextConverter, empty_is_none, list_converter, text_converter
from pyfly.web.binding.types import admits_none, element_type, is_structured, model_type, shown
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.params import Cookie, Header, PathVar, QueryParam
from pyfly.web.routing import PathTemplate

Bind = Callable[[Exchange], Any]
Fail = Callable[[str, str], RouteDefinitionError]


def source_binder(
    binding: Any, hint: Any, name: str, default: Any, template: PathTemplate, fail: Fail
) -> Bind:
    """Build the reading of a parameter from anywhere but the body.

    Args:
        binding: ``PathVar``, ``QueryParam``, ``Header`` or ``Cookie``.
        hint: The type without markers.
        name: Name of the parameter.
        default: Its default, or ``Parameter.empty``.
        template: The full path of the handler.
        fail: Makes the error for a parameter that cannot be bound, from problem and action.
    """
    elements = element_type(hint)
    model = model_type(hint)
    if binding is QueryParam and model is not None:
        return _query_model(model, hint, default)

    if elements is not None and binding in (QueryParam, Header) and not is_structured(elements):
        return _many(binding, hint, name, default)

    if is_structured(hint):
        raise fail(
            f"no single text can be turned into {shown(hint)}.",
            "Use a scalar type, QueryParam or Header for lists, QueryParam for a model, or Body.",
        )

    if binding is PathVar:
        return _path_variable(hint, name, default, template, fail)

    if binding is QueryParam:
        return _query_value(text_converter(hint, "query", name), name, _absence(hint, default, "query", name))

    if binding is Header:
        header = _header_name(name)
        key = header.encode("latin-1")
        return _single(
            lambda exchange: exchange.header(key),
            text_converter(hint, "header", header),
            _absence(hint, default, "header", header),
        )

    assert binding is Cookie
    return _single(
        lambda exchange: exchange.cookies.get(name),
        text_converter(hint, "cookie", name),
        _absence(hint, default, "cookie", name),
    )


def lookup_name(binding: Any, hint: Any, name: str) -> str:
    """Return the name under which a parameter is looked up in a request.

    Args:
        binding: ``PathVar``, ``QueryParam``, ``Header`` or ``Cookie``.
        hint: The type without markers.
        name: Name of the parameter.
    """
    return _header_name(name) if binding is Header else name


def _header_name(name: str) -> str:
    return name.replace("_", "-").lower()


def _absence(hint: Any, default: Any, location: str, name: str) -> Callable[[], Any]:
    if default is not Parameter.empty:
        return lambda: default

    if admits_none(hint):
        return lambda: None

    what = "query parameter" if location == "query" else location

    def missing() -> Any:
        raise InvalidRequestException(
            f"Missing required {what}: {name}",
            code="MISSING_PARAMETER",
            context={"parameter": name, "location": location},
        )

    return missing


def _path_variable(hint: Any, name: str, default: Any, template: PathTemplate, fail: Fail) -> Bind:
    if name not in template.names:
        if default is not Parameter.empty:
            return lambda exchange: default

        raise fail(
            f"the path {template.text} has no variable {{{name}}}.",
            "Add it to the path, or name the parameter as one of its variables: "
            + (", ".join(template.names) or "it has none")
            + ".",
        )

    index = template.names.index(name)
    convert = text_converter(hint, "path", name)
    return lambda exchange: convert(exchange.path_values[index])


def _query_value(convert: TextConverter, name: str, absent: Callable[[], Any]) -> Bind:
    def bind(exchange: Exchange) -> Any:
        texts = exchange.query.get(name)
        return absent() if texts is None else convert(texts[-1])

    return bind


def _single(
    read: Callable[[Exchange], str | None], convert: TextConverter, absent: Callable[[], Any]
) -> Bind:
    def bind(exchange: Exchange) -> Any:
        text = read(exchange)
        return absent() if text is None else convert(text)

    return bind


def _many(binding: Any, hint: Any, name: str, default: Any) -> Bind:
    location = "query" if binding is QueryParam else "header"
    lookup = name if binding is QueryParam else _header_name(name)
    key = lookup.encode("latin-1", "replace")
    convert = list_converter(hint, location, lookup)
    absent = _absence(hint, default, location, lookup)
    from_query = binding is QueryParam

    def bind(exchange: Exchange) -> Any:
        texts = exchange.query.get(lookup) if from_query else exchange.headers(key)
        return convert(texts) if texts else absent()

    return bind


def _query_model(model: type[BaseModel], hint: Any, default: Any) -> Bind:
    keys = {name: _keys(name, field) for name, field in model.model_fields.items()}
    known = {key for names in keys.values() for key in names}
    fields = model.model_fields
    lists = {key for name in keys if element_type(fields[name].annotation) for key in keys[name]}
    blank = {key for name in keys if empty_is_none(fields[name].annotation) for key in keys[name]}
    optional = default is not Parameter.empty or admits_none(hint)
    absent = _absence(hint, default, "query", "")
    validate = model.model_validate

    def bind(exchange: Exchange) -> Any:
        query = exchange.query
        if optional and known.isdisjoint(query):
            return absent()

        values: dict[str, Any] = {}
        for key, texts in query.items():
            text = texts[-1]
            values[key] = texts if key in lists else text or (None if key in blank else text)

        try:
            return validate(values)
        except ValidationError as error:
            raise validation_exception(error, at=("query",)) from error

    return bind


def _keys(name: str, field: FieldInfo) -> set[str]:
    return {key for key in (name, field.alias, field.validation_alias) if isinstance(key, str)}
