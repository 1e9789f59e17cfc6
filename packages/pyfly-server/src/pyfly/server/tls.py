# SPDX-License-Identifier: Apache-2.0
"""How connections are encrypted, and by whom they may be made."""

import os
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from pyfly.config.secret import Secret
from pyfly.server.exceptions import RefusedSettingError

__all__ = ["TlsSettings", "tls_settings"]

_VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
_CLIENT_AUTH = {"none": ssl.CERT_NONE, "want": ssl.CERT_OPTIONAL, "need": ssl.CERT_REQUIRED}


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """Hold checked settings of TLS.

    Attributes:
        certificate: PEM file of the certificate chain.
        key: PEM file of the private key; the same as ``certificate`` where that holds both.
        password: What the key is encrypted with, if it is.
        minimum_version: The oldest version to accept.
        client_auth: ``none``, ``want`` or ``need``.
        authorities: PEM file of the authorities that certificates of clients come from.
    """

    certificate: Path
    key: Path
    password: str | None = field(default=None, repr=False)
    minimum_version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2
    client_auth: str = "none"
    authorities: Path | None = None

    def context(self, alpn: Sequence[str]) -> ssl.SSLContext:
        """Make a context for server-side connections; the files are read each time.

        Args:
            alpn: The protocols to offer, the preferred one first, for example ``["h2", "http/1.1"]``.

        Raises:
            OSError: A file cannot be read, or is not what it was when the settings were checked.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = self.minimum_version
        # HTTP/2 forbids both (RFC 9113, 9.2.1), and clients could ask for costly work with the second.
        context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
        # A password that is text, not a function, may be missing: OpenSSL would ask the terminal for it.
        context.load_cert_chain(self.certificate, self.key, lambda: self.password or "")
        if alpn:
            context.set_alpn_protocols(list(alpn))

        context.verify_mode = _CLIENT_AUTH[self.client_auth]
        if self.authorities is not None:
            context.load_verify_locations(self.authorities)

        return context


def tls_settings(config: Any, *, server: str) -> TlsSettings | None:
    """Check the settings of TLS, the files included.

    Args:
        config: Has ``ssl_certfile`` and ``ssl_keyfile``, and may have ``ssl_keyfile_password``,
            ``ssl_minimum_version``, ``ssl_client_auth`` and ``ssl_ca_certs``.
        server: The name of the server, for errors.

    Returns:
        The settings; None where connections are not encrypted.

    Raises:
        RefusedSettingError: A setting is wrong, a file is missing or damaged, or they contradict each other.
    """
    return _Check(config, server).settings()


class _Check:
    def __init__(self, config: Any, server: str) -> None:
        self._config = config
        self._server = server

    def settings(self) -> TlsSettings | None:
        version = self._minimum_version()
        client_auth = self._client_auth()
        secret = self._password()
        if not self._config.ssl_certfile:
            self._refuse_without_certificate(client_auth, secret)
            return None

        certificate = self._file("ssl-certfile", self._config.ssl_certfile, "CERTIFICATE-----")
        key = self._key(certificate)
        settings = TlsSettings(
            certificate,
            key,
            self._password_of(key, secret),
            version,
            client_auth,
            self._authorities(client_auth),
        )
        self._refuse_what_does_not_go_together(settings)
        return settings

    def _minimum_version(self) -> ssl.TLSVersion:
        value = getattr(self._config, "ssl_minimum_version", None) or "1.2"
        version = _VERSIONS.get(str(value).lower().removeprefix("tls").removeprefix("v"))
        if version is None:
            self._refuse(
                "ssl-minimum-version", value, "there is no such version to choose.", "Use 1.2 or 1.3."
            )

        return version

    def _client_auth(self) -> str:
        value = getattr(self._config, "ssl_client_auth", None) or "none"
        name = str(value).lower()
        if name not in _CLIENT_AUTH:
            self._refuse("ssl-client-auth", value, "it is unknown.", "Use none, want or need.")

        return name

    def _password(self) -> Secret | None:
        value = getattr(self._config, "ssl_keyfile_password", None)
        if not value:
            return None

        return value if isinstance(value, Secret) else Secret(value)

    def _refuse_without_certificate(self, client_auth: str, password: Secret | None) -> None:
        if self._config.ssl_keyfile:
            self._refuse(
                "ssl-certfile",
                None,
                "TLS needs it beside pyfly.server.ssl-keyfile.",
                "Set both, or remove pyfly.server.ssl-keyfile.",
            )

        others = {
            "ssl-client-auth": None if client_auth == "none" else client_auth,
            "ssl-ca-certs": getattr(self._config, "ssl_ca_certs", None),
            "ssl-keyfile-password": password,
        }
        for name, value in others.items():
            if value:
                action = "Set pyfly.server.ssl-certfile, or remove this setting."
                self._refuse(name, value, "connections are not encrypted.", action)

    def _key(self, certificate: Path) -> Path:
        if self._config.ssl_keyfile:
            return self._file("ssl-keyfile", self._config.ssl_keyfile, "PRIVATE KEY-----")

        if b"PRIVATE KEY-----" not in certificate.read_bytes():
            self._refuse(
                "ssl-keyfile",
                None,
                f"{certificate} holds no private key, TLS needs one.",
                "Name the file of the key, or put the key into the file of the certificate.",
            )

        return certificate

    def _file(self, name: str, value: object, content: str) -> Path:
        path = Path(str(value)).absolute()
        try:
            text = path.read_bytes()
        except FileNotFoundError:
            action = "Correct the path; relative ones start at the working directory."
            self._refuse(name, value, "there is no such file.", action)
        except OSError as error:
            reason = f"it cannot be read: {(error.strerror or str(error)).lower()}."
            self._refuse(name, value, reason, "Correct the path, or the rights of the file.", cause=error)

        if content.encode() not in text:
            what = "private key" if "KEY" in content else "certificate"
            self._refuse(name, value, f"the file holds no {what}.", f"Name a PEM file with a {what}.")

        return path

    def _authorities(self, client_auth: str) -> Path | None:
        value = getattr(self._config, "ssl_ca_certs", None)
        if client_auth == "none":
            if value:
                action = "Set pyfly.server.ssl-client-auth to want or need, or remove this setting."
                self._refuse("ssl-ca-certs", value, "clients are not asked for certificates.", action)

            return None

        if not value:
            self._refuse(
                "ssl-ca-certs",
                None,
                f"pyfly.server.ssl-client-auth = {client_auth} needs it.",
                "Name the PEM file of the authorities that certificates of clients come from.",
            )

        path = self._file("ssl-ca-certs", value, "CERTIFICATE-----")
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_verify_locations(path)
        except ssl.SSLError as error:
            reason = f"its certificates cannot be read: {_text(error)}."
            self._refuse("ssl-ca-certs", value, reason, "Correct the file.", cause=error)

        return path

    def _password_of(self, key: Path, secret: Secret | None) -> str | None:
        if not _is_encrypted(key):
            return None

        if secret is None:
            reason = f"the private key in {self._key_name()} is encrypted."
            self._refuse("ssl-keyfile-password", None, reason, "Set the password of the key.")

        return secret.reveal()

    def _refuse_what_does_not_go_together(self, settings: TlsSettings) -> None:
        certificate, key = self._config.ssl_certfile, self._key_name()
        try:
            settings.context([])
        except (ssl.SSLError, ValueError) as error:
            if isinstance(error, ssl.SSLError) and error.reason is not None:
                reason = f"it does not go with {key}: {_text(error)}."
                self._refuse("ssl-certfile", certificate, reason, "Correct the two files.", cause=error)

            if settings.password is not None:
                reason = f"it does not open the private key in {key}."
                secret = Secret(settings.password)
                self._refuse("ssl-keyfile-password", secret, reason, "Correct it.", cause=error)

            reason = f"it, or {key}, is damaged: {_text(error)}."
            self._refuse("ssl-certfile", certificate, reason, "Correct the two files.", cause=error)

    def _key_name(self) -> object:
        return self._config.ssl_keyfile or self._config.ssl_certfile

    def _refuse(
        self, name: str, value: object, reason: str, action: str, *, cause: Exception | None = None
    ) -> NoReturn:
        shown = os.fspath(value) if isinstance(value, os.PathLike) else value
        key = f"pyfly.server.{name}"
        raise RefusedSettingError(key, shown, server=self._server, reason=reason, action=action) from cause


def _text(error: Exception) -> str:
    """Return what OpenSSL says, without the place in the source of Python."""
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.lower().replace("_", " ")

    return str(error).partition(" (_ssl.c")[0]


def _is_encrypted(key: Path) -> bool:
    # The two ways to say so, PKCS#8 and the older one, have characters that cannot be part of the data.
    content = key.read_bytes()
    return b"ENCRYPTED PRIVATE KEY" in content or b",ENCRYPTED" in content
