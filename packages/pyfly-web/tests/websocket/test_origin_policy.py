# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.config.errors import ConfigurationError
from pyfly.websocket.origin_policy import OriginPolicy


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://shop.example.com", "shop.example.com"),
        ("https://shop.example.com", "shop.example.com"),
        ("https://shop.example.com", "shop.example.com:443"),
        ("HTTPS://Shop.Example.com", "shop.EXAMPLE.com"),
        ("http://localhost:8000", "localhost:8000"),
        ("http://[::1]:8000", "[::1]:8000"),
    ],
)
def test_pages_of_the_service_itself_may_connect(origin: str, host: str) -> None:
    assert OriginPolicy().allows(origin, host=host, secure=False)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://evil.example.com", "shop.example.com"),
        ("http://shop.example.com.evil.com", "shop.example.com"),
        ("http://shop.example.com:8080", "shop.example.com"),
        ("null", "shop.example.com"),
        ("", "shop.example.com"),
        ("file://shop.example.com", "shop.example.com"),
        ("http://shop.example.com", None),
        ("http://shop.example.com", "shop.example.com, evil.example.com"),
        ("http://a@shop.example.com", "shop.example.com"),
    ],
)
def test_other_pages_may_not(origin: str, host: str | None) -> None:
    assert not OriginPolicy().allows(origin, host=host, secure=False)


def test_clients_that_are_no_browsers_may_connect() -> None:
    assert OriginPolicy().allows(None, host="shop.example.com", secure=True)


def test_page_without_tls_is_not_of_a_service_with_tls() -> None:
    assert not OriginPolicy().allows("http://shop.example.com", host="shop.example.com", secure=True)


def test_listed_pages_may_connect() -> None:
    policy = OriginPolicy(["https://app.example.com", " https://admin.example.com:443 "])

    assert policy.allows("https://app.example.com", host="shop.example.com", secure=False)
    assert policy.allows("https://admin.example.com", host="shop.example.com", secure=False)
    assert policy.allows("http://shop.example.com", host="shop.example.com", secure=False)
    assert not policy.allows("https://www.example.com", host="shop.example.com", secure=False)


def test_star_stands_for_all_pages() -> None:
    assert OriginPolicy(["*"]).allows("null", host="shop.example.com", secure=True)


def test_what_is_no_origin_is_refused() -> None:
    with pytest.raises(
        ConfigurationError, match=r"^pyfly\.websocket\.allowed-origins: 'shop\.example\.com' "
    ):
        OriginPolicy(["shop.example.com"])
