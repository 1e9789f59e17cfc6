# SPDX-License-Identifier: Apache-2.0
from pyfly.container.ordering import order
from pyfly.web.filters import FilterOrder, Interceptor
from pyfly.web.filters.order import in_order


@order(10)
class Late(Interceptor): ...


@order(-10)
class Early(Interceptor): ...


class Plain(Interceptor): ...


def test_lower_orders_are_further_out() -> None:
    late, early, plain = Late(), Early(), Plain()

    assert in_order([late, plain, early]) == [early, plain, late]


def test_equal_orders_keep_their_order() -> None:
    first, second = Plain(), Plain()

    assert in_order([first, second]) == [first, second]


def test_authorisation_stands_before_what_replays_answers() -> None:
    assert FilterOrder.AUTHENTICATION < FilterOrder.AUTHORIZATION < FilterOrder.IDEMPOTENCY < 0


def test_protecting_headers_reach_the_refusals_of_security() -> None:
    assert FilterOrder.SECURITY_HEADERS < FilterOrder.CSRF < FilterOrder.AUTHENTICATION
