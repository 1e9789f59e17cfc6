# SPDX-License-Identifier: Apache-2.0
"""Beans need each other in a circle."""

from typing import Any, Protocol

from pyfly.container import (
    Autowired,
    BeanCurrentlyInCreationError,
    Scope,
    bean,
    component,
    configuration,
    service,
)


class Step(Protocol):
    def run(self) -> None: ...


def two_beans(bench: Any) -> Any:
    """Circular dependency: Orders -> Billing -> Orders
      Orders.__init__() takes Billing as 'billing'
      Billing.__init__() takes Orders as 'orders'

    To do:
    Break the circle: take one side as Provider[T] and call it later, set the reference in a
    @post_construct method, let one @bean factory tie the beans together, or move what they
    share into a bean of its own.
    """

    class Orders: ...

    @service
    class Billing:
        def __init__(self, orders: Orders) -> None: ...

    def __init__(self: Any, billing: Billing) -> None: ...

    Orders.__init__ = __init__  # type: ignore[method-assign,assignment]
    bench.add(Orders, Billing)
    return BeanCurrentlyInCreationError, {"chain": [Orders, Billing], "current": Orders}


def three_beans(bench: Any) -> Any:
    """Circular dependency: Stock -> Delivery -> Orders -> Stock
      Stock.__init__() takes Delivery as 'delivery'
      Delivery.__init__() takes Orders as 'orders'
      Orders.__init__() takes Stock as 'stock'

    To do:
    Break the circle: take one side as Provider[T] and call it later, set the reference in a
    @post_construct method, let one @bean factory tie the beans together, or move what they
    share into a bean of its own.
    """

    class Stock: ...

    @service
    class Orders:
        def __init__(self, stock: Stock) -> None: ...

    @service
    class Delivery:
        def __init__(self, orders: Orders) -> None: ...

    def __init__(self: Any, delivery: Delivery) -> None: ...

    Stock.__init__ = __init__  # type: ignore[method-assign,assignment]
    bench.add(Stock, Orders, Delivery)
    return BeanCurrentlyInCreationError, {"chain": [Stock, Delivery, Orders], "current": Stock}


def a_bean_that_needs_itself(bench: Any) -> Any:
    """Circular dependency: Cache -> Cache
      Cache.__init__() takes Cache as 'inner'

    To do:
    Break the circle: take one side as Provider[T] and call it later, set the reference in a
    @post_construct method, let one @bean factory tie the beans together, or move what they
    share into a bean of its own.
    """

    class Cache: ...

    def __init__(self: Any, inner: Cache) -> None: ...

    Cache.__init__ = __init__  # type: ignore[method-assign,assignment]
    bench.add(Cache)
    return BeanCurrentlyInCreationError, {"chain": [Cache], "current": Cache}


def two_parameters_of_one_type(bench: Any) -> Any:
    """Circular dependency: Orders -> Billing -> Orders
      Orders.__init__() takes Billing as 'billing'
      Billing.__init__() takes Orders as 'orders'

    To do:
    Break the circle: take one side as Provider[T] and call it later, set the reference in a
    @post_construct method, let one @bean factory tie the beans together, or move what they
    share into a bean of its own.
    """

    class Orders: ...

    @service
    class Billing:
        def __init__(self, orders: Orders, same_orders: Orders) -> None: ...

    def __init__(self: Any, billing: Billing) -> None: ...

    Orders.__init__ = __init__  # type: ignore[method-assign,assignment]
    bench.add(Orders, Billing)
    return BeanCurrentlyInCreationError, {"chain": [Orders, Billing], "current": Orders}


def through_fields(bench: Any) -> Any:
    """Circular dependency: Shop -> Billing -> Shop
      Shop.billing takes Billing as 'billing'
      Billing.orders takes Shop as 'orders'

    To do:
    Break the circle: take one side as Provider[T] and call it later, set the reference in a
    @post_construct method, let one @bean factory tie the beans together, or move what they
    share into a bean of its own.
    """

    class Orders: ...

    @service
    class Billing:
        orders: Orders = Autowired()

    @service
    class Shop(Orders):
        billing: Billing = Autowired()

    bench.add(Shop, Billing)
    return BeanCurrentlyInCreationError, {"chain": [Shop, Billing], "current": Shop}


def through_bean_methods(bench: Any) -> Any:
    """Circular dependency: Producer -> Consumer -> Producer
      Messaging.producer() takes Messaging.consumer() as 'consumer'
      Messaging.consumer() takes Messaging.producer() as 'producer'

    To do:
    Break the circle: take one side as Provider[T] and call it later, set the reference in a
    @post_construct method, let one @bean factory tie the beans together, or move what they
    share into a bean of its own.
    """

    class Producer: ...

    class Consumer: ...

    @configuration
    class Messaging:
        @bean
        def producer(self, consumer: Consumer) -> Producer:
            return Producer()

        @bean
        def consumer(self, producer: Producer) -> Consumer:
            return Consumer()

    bench.add(Messaging)
    return BeanCurrentlyInCreationError, {"chain": [Producer, Consumer], "current": Producer}


def through_a_configuration_and_its_product(bench: Any) -> Any:
    """Circular dependency: Storage -> Pool -> Storage
      Storage.__init__() takes Storage.pool() as 'pool'
      Storage.pool() is called on Storage

    To do:
    Break the circle: take one side as Provider[T] and call it later, set the reference in a
    @post_construct method, let one @bean factory tie the beans together, or move what they
    share into a bean of its own.
    """

    class Pool: ...

    @configuration
    class Storage:
        def __init__(self, pool: Pool) -> None: ...

        @bean
        def pool(self) -> Pool:
            return Pool()

    bench.add(Storage)
    return BeanCurrentlyInCreationError, {"chain": [Storage, Pool], "current": Storage}


def through_a_list(bench: Any) -> Any:
    """Circular dependency: Pipeline -> Audit -> Pipeline
      Pipeline.__init__() takes Audit as 'steps'
      Audit.__init__() takes Pipeline as 'pipeline'

    To do:
    Break the circle: take one side as Provider[T] and call it later, set the reference in a
    @post_construct method, let one @bean factory tie the beans together, or move what they
    share into a bean of its own.
    """

    @service
    class Pipeline:
        def __init__(self, steps: list[Step]) -> None: ...

    @component
    class Audit(Step):
        def __init__(self, pipeline: Pipeline) -> None: ...

    bench.add(Pipeline, Audit)
    return BeanCurrentlyInCreationError, {"chain": [Pipeline, Audit], "current": Pipeline}


def through_an_optional_parameter(bench: Any) -> Any:
    """Circular dependency: Orders -> Billing -> Orders
      Orders.__init__() takes Billing as 'billing'
      Billing.__init__() takes Orders as 'orders'

    To do:
    Break the circle: take one side as Provider[T] and call it later, set the reference in a
    @post_construct method, let one @bean factory tie the beans together, or move what they
    share into a bean of its own.
    """

    class Orders: ...

    @service
    class Billing:
        def __init__(self, orders: Orders | None = None) -> None: ...

    def __init__(self: Any, billing: Billing | None = None) -> None: ...

    Orders.__init__ = __init__  # type: ignore[method-assign,assignment]
    bench.add(Orders, Billing)
    return BeanCurrentlyInCreationError, {"chain": [Orders, Billing], "current": Orders}


def between_transient_beans(bench: Any) -> Any:
    """Circular dependency: Call -> Reply -> Call
      Call.__init__() takes Reply as 'reply'
      Reply.__init__() takes Call as 'request'

    To do:
    Break the circle: take one side as Provider[T] and call it later, set the reference in a
    @post_construct method, let one @bean factory tie the beans together, or move what they
    share into a bean of its own.
    """

    class Request: ...

    @component(scope=Scope.TRANSIENT)
    class Reply:
        def __init__(self, request: Request) -> None: ...

    @component(scope=Scope.TRANSIENT)
    class Call(Request):
        def __init__(self, reply: Reply) -> None: ...

    bench.add(Call, Reply)
    return BeanCurrentlyInCreationError, {"chain": [Call, Reply], "current": Call}


def between_request_beans(bench: Any) -> Any:
    """Circular dependency: Customer -> Basket -> Customer
      Customer.__init__() takes Basket as 'basket'
      Basket.__init__() takes Customer as 'visitor'

    To do:
    Break the circle: take one side as Provider[T] and call it later, set the reference in a
    @post_construct method, let one @bean factory tie the beans together, or move what they
    share into a bean of its own.
    """

    class Visitor: ...

    @component(scope=Scope.REQUEST)
    class Basket:
        def __init__(self, visitor: Visitor) -> None: ...

    @component(scope=Scope.REQUEST)
    class Customer(Visitor):
        def __init__(self, basket: Basket) -> None: ...

    bench.add(Customer, Basket)
    return BeanCurrentlyInCreationError, {"chain": [Customer, Basket], "current": Customer}
