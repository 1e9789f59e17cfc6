# SPDX-License-Identifier: Apache-2.0
"""Settings that are missing or do not fit."""

from dataclasses import dataclass
from typing import Annotated, Any

from pyfly.container import BeanCreationException, bean, configuration, service
from pyfly.container.exceptions import InjectedValueError
from pyfly.core.config import config_properties
from pyfly.core.value import Value


def missing_key_in_a_parameter(bench: Any) -> Any:
    """Value('${gateway.url}') has no value: the key 'gateway.url' is not set
      required by: Gateway.__init__()
      parameter: url

    To do:
    Set 'gateway.url', or write a default: ${gateway.url:...}.
    """

    @service
    class Gateway:
        def __init__(self, url: Annotated[str, Value("${gateway.url}")]) -> None: ...

    bench.add(Gateway)
    return InjectedValueError, {
        "required_by": "Gateway.__init__()",
        "parameter": "url",
        "subsystem": "configuration",
    }


def missing_key_in_a_field(bench: Any) -> Any:
    """Value('${gateway.url}') has no value: the key 'gateway.url' is not set
      required by: Gateway.url
      attribute: url

    To do:
    Set 'gateway.url', or write a default: ${gateway.url:...}.
    """

    @service
    class Gateway:
        url: str = Value("${gateway.url}")  # type: ignore[assignment]

    bench.add(Gateway)
    return InjectedValueError, {"required_by": "Gateway.url", "parameter": "url"}


def missing_key_in_a_bean_method(bench: Any) -> Any:
    """Value('https://${gateway.host}/api') has no value: the key 'gateway.host' is not set
      required by: Http.client()
      parameter: url

    To do:
    Set 'gateway.host', or write a default: ${gateway.host:...}.
    """

    class Client: ...

    @configuration
    class Http:
        @bean
        def client(self, url: Annotated[str, Value("https://${gateway.host}/api")]) -> Client:
            return Client()

    bench.add(Http)
    return InjectedValueError, {"required_by": "Http.client()", "parameter": "url"}


def text_that_is_no_number(bench: Any) -> Any:
    """${gateway.port}: expected an integer, got 'eighty'
      required by: Gateway.__init__()
      parameter: port

    To do:
    Give the setting a value that fits, or annotate the injection point with what it is.
    """

    @service
    class Gateway:
        def __init__(self, port: Annotated[int, Value("${gateway.port}")]) -> None: ...

    bench.configure({"gateway": {"port": "eighty"}})
    bench.add(Gateway)
    return InjectedValueError, {"required_by": "Gateway.__init__()", "parameter": "port"}


def default_that_is_no_boolean(bench: Any) -> Any:
    """${gateway.secure:perhaps}: expected true or false, got 'perhaps'
      required by: Gateway.secure
      attribute: secure

    To do:
    Give the setting a value that fits, or annotate the injection point with what it is.
    """

    @service
    class Gateway:
        secure: bool = Value("${gateway.secure:perhaps}")  # type: ignore[assignment]

    bench.add(Gateway)
    return InjectedValueError, {"required_by": "Gateway.secure", "parameter": "secure"}


def properties_that_do_not_bind(bench: Any) -> Any:
    """GatewayProperties: Configuration validation failed for 'GatewayProperties' (prefix='gateway'):
      gateway.port: expected an integer, got 'eighty' (from applicationConfig)
      gateway.retries: expected an integer, got a list of 1 item (from applicationConfig)

    To do:
    Correct the values named above, or remove them to get the defaults.
    """

    @config_properties(prefix="gateway")
    @dataclass
    class GatewayProperties:
        url: str = ""
        port: int = 80
        retries: int = 3

    bench.configure({"gateway": {"port": "eighty", "retries": [1]}})
    bench.add(GatewayProperties)
    return BeanCreationException, {"subsystem": "configuration", "provider": "GatewayProperties"}


def shutdown_timeout_that_is_no_duration(bench: Any) -> Any:
    """pyfly.context.shutdown-timeout: expected a duration such as 30s, 1h30m or PT30S, got 'soon'

    To do:
    Write a number of seconds, or a duration such as 30s or PT30S.
    """
    bench.configure({"pyfly": {"context": {"shutdown-timeout": "soon"}}})
    return BeanCreationException, {"subsystem": "configuration", "provider": "pyfly.context.shutdown-timeout"}
