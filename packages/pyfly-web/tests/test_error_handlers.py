# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.kernel import BusinessException, ConflictException, ResourceNotFoundException
from pyfly.web import exception_handler
from pyfly.web.error_handlers import ErrorHandlerTable, error_handlers_of
from pyfly.web.errors import RouteDefinitionError


class Advice:
    @exception_handler(BusinessException)
    def business(self, exc: BusinessException) -> str:
        return "business"

    @exception_handler(ResourceNotFoundException, ConflictException, status_code=418)
    def special(self, exc: Exception) -> str:
        return "special"


class Controller:
    @exception_handler(Exception)
    def anything(self, exc: Exception) -> str:
        return "anything"


def chosen(exc_type: type[Exception], *classes: type) -> str | None:
    table = ErrorHandlerTable([error_handlers_of(cls, {}) for cls in classes])
    found = table.find(exc_type)
    return None if found is None else found.name


def test_most_derived_type_wins_within_a_level() -> None:
    assert chosen(ConflictException, Advice) == "special"
    assert chosen(BusinessException, Advice) == "business"


def test_earlier_level_wins_even_with_a_wider_type() -> None:
    assert chosen(ConflictException, Controller, Advice) == "anything"


def test_later_level_is_asked_if_the_earlier_has_no_match() -> None:
    assert chosen(ValueError, Advice, Controller) == "anything"


def test_no_match() -> None:
    assert chosen(ValueError, Advice) is None


def test_declared_status_is_kept() -> None:
    by_name = {handler.name: handler for handler in error_handlers_of(Advice, {})}

    assert by_name["special"].status_code == 418
    assert by_name["business"].status_code == 200


def test_single_type_is_the_marker() -> None:
    assert vars(Advice.business)["__pyfly_exception_handler__"] is BusinessException


def test_no_type_is_an_error() -> None:
    with pytest.raises(TypeError, match="at least one exception type"):
        exception_handler()


def test_handler_without_exception_is_refused() -> None:
    class Broken:
        @exception_handler(ValueError)
        def handle(self) -> None: ...

    with pytest.raises(RouteDefinitionError, match="does not take the exception"):
        error_handlers_of(Broken, {})


def test_handler_with_unknown_parameter_is_refused() -> None:
    class Broken:
        @exception_handler(ValueError)
        def handle(self, exc: ValueError, other: int) -> None: ...

    with pytest.raises(RouteDefinitionError, match="After the exception it can take: str"):
        error_handlers_of(Broken, {str: lambda exchange: ""})
