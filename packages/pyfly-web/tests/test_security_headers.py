# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.config.properties.web import SecurityHeadersProperties
from pyfly.web.security_headers import SecurityHeadersConfig


def test_transport_security_is_for_https_alone() -> None:
    plain = dict(SecurityHeadersConfig().encoded(secure=False))
    secure = dict(SecurityHeadersConfig().encoded(secure=True))

    assert plain == {
        b"x-content-type-options": b"nosniff",
        b"x-frame-options": b"DENY",
        b"x-xss-protection": b"0",
        b"referrer-policy": b"strict-origin-when-cross-origin",
    }
    assert secure == {**plain, b"strict-transport-security": b"max-age=31536000; includeSubDomains"}


def test_empty_setting_leaves_a_header_out() -> None:
    properties = SecurityHeadersProperties(frame_options="", content_security_policy="default-src 'self'")

    headers = dict(SecurityHeadersConfig.of(properties).encoded(secure=False))

    assert b"x-frame-options" not in headers
    assert headers[b"content-security-policy"] == b"default-src 'self'"


def test_value_that_could_end_the_head_is_refused() -> None:
    config = SecurityHeadersConfig(referrer_policy="x\r\nset-cookie: a=b")

    with pytest.raises(ValueError, match=r"^the value of referrer-policy has a control character in it: "):
        config.encoded(secure=False)
