# SPDX-License-Identifier: Apache-2.0
"""The headers that protect browsers."""

from dataclasses import dataclass

from pyfly.config.properties.web import SecurityHeadersProperties


@dataclass(frozen=True)
class SecurityHeadersConfig:
    """Values of the headers; ``None`` leaves one out. A bean of this class is used instead of the settings.

    Attributes:
        x_content_type_options: Value of ``X-Content-Type-Options``.
        x_frame_options: Value of ``X-Frame-Options``.
        strict_transport_security: Value of ``Strict-Transport-Security``; sent over HTTPS only.
        x_xss_protection: Value of ``X-XSS-Protection``.
        referrer_policy: Value of ``Referrer-Policy``.
        content_security_policy: Value of ``Content-Security-Policy``.
        permissions_policy: Value of ``Permissions-Policy``.
    """

    x_content_type_options: str | None = "nosniff"
    x_frame_options: str | None = "DENY"
    strict_transport_security: str | None = "max-age=31536000; includeSubDomains"
    x_xss_protection: str | None = "0"
    referrer_policy: str | None = "strict-origin-when-cross-origin"
    content_security_policy: str | None = None
    permissions_policy: str | None = None

    @classmethod
    def of(cls, properties: SecurityHeadersProperties) -> "SecurityHeadersConfig":
        """Take over settings, where an empty text leaves a header out."""
        return cls(
            x_content_type_options=properties.content_type_options or None,
            x_frame_options=properties.frame_options or None,
            strict_transport_security=properties.strict_transport_security or None,
            x_xss_protection=properties.xss_protection or None,
            referrer_policy=properties.referrer_policy or None,
            content_security_policy=properties.content_security_policy or None,
            permissions_policy=properties.permissions_policy or None,
        )

    def encoded(self, *, secure: bool) -> list[tuple[bytes, bytes]]:
        """Return the headers as ASGI has them.

        Args:
            secure: Whether the answer goes over HTTPS.

        Raises:
            ValueError: A value has a line break or another control character in it.
        """
        named = [
            (b"x-content-type-options", self.x_content_type_options),
            (b"x-frame-options", self.x_frame_options),
            (b"x-xss-protection", self.x_xss_protection),
            (b"referrer-policy", self.referrer_policy),
            (b"content-security-policy", self.content_security_policy),
            (b"permissions-policy", self.permissions_policy),
            (b"strict-transport-security", self.strict_transport_security if secure else None),
        ]
        for name, value in named:
            if value is not None and not value.isprintable():
                raise ValueError(f"the value of {name.decode()} has a control character in it: {value!r}")

        return [(name, value.encode("latin-1")) for name, value in named if value is not None]
