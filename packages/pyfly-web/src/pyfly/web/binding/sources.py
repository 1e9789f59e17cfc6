# SPDX-License-Identifier: Apache-2.0
"""Reading of parameters from the path, the query, headers and cookies."""

from collections.abc import Callable
from inspect import Parameter
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from pyfly.kernel.exceptions import InvalidRequestException
from pyfly.validation.errors import validation_exception
from pyfly.web.binding.commas import is_comma_separated
from pyfly.web.binding.exchange import Exchange
from pyfly.web.binding.flat_model import FlatModel
from pyfly.web.binding.text import ListConverter, TextConverter, list_converter, text_converter
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.params import Cookie, Header, PathVar, QueryParam
from pyfly.web.routing import PathTemplate
from pyfly.web.type_forms import admits_none, element_type, is_structured, model_type, shown

Bind = Callable[[Exchange], Any]
Fail = Callable[[str, str], RouteDefinitionError]

_LOCATIONS: Final[dict[Any, str]] = {QueryParam: "query", Header: "header", Cookie: "cookie"}


def source_binder(
    binding: Any, hint: Any, name: str, default: Any, template: PathTemplate, fail: Fail
) -> Bind:
    """Build the reading of a parameter from anywhere but the body.

    Args:
        binding: ``PathVar``, ``QueryParam``, ``Header`` or ``Cookie``.
        hint: The type without markers.
        name: The name under which it is looked up; that of a header in lower case.
        default: Its default, or ``Parameter.empty``.
        template: The full path of the handler.
        fail: Makes the error for a parameter that cannot be bound, from problem and action.
    """
    elements = element_type(hint)
    model = model_type(hint)
    if binding is QueryParam and model is not None:
        return _query_model(model, hint, default, fail)

    is_list = elements is not None and not is_structured(elements)
    comes_in_several = binding in (QueryParam, Header) or is_comma_separated(hint)
    if is_structured(hint) and not (is_list and comes_in_several):
        raise fail(
            f"no single text can be turned into {shown(hint)}.",
            "Use a scalar type, QueryParam or Header for lists, QueryParam for a model, or Body.",
        )

    if binding is PathVar:
        return _path_variable(hint, is_list, name, default, template, fail)

    location = _LOCATIONS[binding]
    absent = _absence(hint, default, location, name)
    if is_list:
        return _many(_texts_of(binding, name), list_converter(hint, location, name), absent)

    convert = text_converter(hint, location, name)
    if binding is QueryParam:
        return _query_value(name, convert, absent)

    return _single(_text_of(binding, name), convert, absent)


def _text_of(binding: Any, name: str) -> Callable[[Exchange], str | None]:
    if binding is Cookie:
        return lambda exchange: exchange.cookies.get(name)

    assert binding is Header
    key = name.encode("latin-1", "replace")
    return lambda exchange: exchange.header(key)


def _texts_of(binding: Any, name: str) -> Callable[[Exchange], list[str] | None]:
    if binding is QueryParam:
        return lambda exchange: exchange.query.get(name)

    if binding is Cookie:
        return lambda exchange: [exchange.cookies[name]] if name in exchange.cookies else None

    assert binding is Header
    key = name.encode("latin-1", "replace")
    return lambda exchange: exchange.headers(key) or None


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


def _path_variable(
    hint: Any, is_list: bool, name: str, default: Any, template: PathTemplate, fail: Fail
) -> Bind:
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
    if is_list:
        convert_all = list_converter(hint, "path", name)
        return lambda exchange: convert_all([exchange.path_values[index]])

    convert = text_converter(hint, "path", name)
    return lambda exchange: convert(exchange.path_values[index])


def _query_value(name: str, convert: TextConverter, absent: Callable[[], Any]) -> Bind:
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


def _many(
    read: Callable[[Exchange], list[str] | None], convert: ListConverter, absent: Callable[[], Any]
) -> Bind:
    def bind(exchange: Exchange) -> Any:
        texts = read(exchange)
        return absent() if texts is None else convert(texts)

    return bind


def _query_model(model: type[BaseModel], hint: Any, default: Any, fail: Fail) -> Bind:
    flat = FlatModel(model, fail)
    optional = default is not Parameter.empty or admits_none(hint)
    absent = _absence(hint, default, "query", "")
    validate = model.model_validate

    def bind(exchange: Exchange) -> Any:
        query = exchange.query
        if optional and flat.known.isdisjoint(query):
            return absent()

        try:
            return validate(flat.values(query))
        except ValidationError as error:
            raise validation_exception(error, at=("query",)) from error

    return bind
