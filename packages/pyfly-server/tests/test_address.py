# SPDX-License-Identifier: Apache-2.0
import socket

import pytest

from pyfly.server.address import ReservedAddress
from pyfly.server.exceptions import AddressUnavailableError


def test_a_port_of_zero_becomes_a_free_port():
    address = ReservedAddress("127.0.0.1", 0)

    assert address.host == "127.0.0.1"
    assert address.port > 0
    address.release()


def test_a_host_name_becomes_an_address():
    address = ReservedAddress("localhost", 0)

    assert address.host in {"127.0.0.1", "::1"}
    address.release()


def test_a_port_that_something_listens_on_is_in_use():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        with pytest.raises(AddressUnavailableError) as caught:
            ReservedAddress("127.0.0.1", port)

    assert caught.value.in_use
    assert caught.value.description == f"Cannot listen on 127.0.0.1:{port}: the address is already in use."


def test_a_reserved_address_is_refused_to_the_next_one():
    address = ReservedAddress("127.0.0.1", 0)

    with pytest.raises(AddressUnavailableError):
        ReservedAddress("127.0.0.1", address.port)

    address.release()
    ReservedAddress("127.0.0.1", address.port).release()


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_an_address_of_no_interface_is_not_taken_for_a_busy_one(host):
    with pytest.raises(AddressUnavailableError) as caught:
        ReservedAddress(host, 0)

    assert not caught.value.in_use
    assert "--host" in caught.value.action
