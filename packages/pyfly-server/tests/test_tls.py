# SPDX-License-Identifier: Apache-2.0
import socket
import ssl
import threading
from types import SimpleNamespace

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from pyfly.config.properties.server import ServerProperties
from pyfly.config.secret import Secret
from pyfly.server.exceptions import RefusedSettingError
from pyfly.server.tls import TlsSettings, tls_settings

AUTHORITY = trustme.CA()
STRANGER = trustme.CA()
SERVER = AUTHORITY.issue_cert("localhost")
CLIENT = AUTHORITY.issue_cert("client@example.com")
IMPOSTOR = STRANGER.issue_cert("client@example.com")
CHAIN = b"".join(blob.bytes() for blob in SERVER.cert_chain_pems)
KEY = SERVER.private_key_pem.bytes()
PKCS8, TRADITIONAL = PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL


def encrypted(form: PrivateFormat) -> bytes:
    return load_pem_private_key(KEY, None).private_bytes(
        Encoding.PEM, form, BestAvailableEncryption(b"sesame")
    )


@pytest.fixture
def files(tmp_path, monkeypatch):
    """The folder with the files that the tests name; it is the working directory."""
    contents = {
        "chain.pem": CHAIN,
        "key.pem": KEY,
        "both.pem": CHAIN + KEY,
        "both-encrypted.pem": CHAIN + encrypted(PKCS8),
        "pkcs8.pem": encrypted(PKCS8),
        "traditional.pem": encrypted(TRADITIONAL),
        "other-key.pem": CLIENT.private_key_pem.bytes(),
        "authorities.pem": AUTHORITY.cert_pem.bytes(),
        "damaged-chain.pem": CHAIN.replace(b"\n", b"\n!", 3),
        "damaged-key.pem": KEY.replace(b"\n", b"\n!", 3),
        "empty.pem": b"",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)

    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(**values) -> TlsSettings:
    checked = tls_settings(ServerProperties(**values), server="granian")
    assert checked is not None
    return checked


def refusal(**values) -> RefusedSettingError:
    with pytest.raises(RefusedSettingError) as caught:
        tls_settings(ServerProperties(**values), server="granian")

    assert caught.value.server == "granian"
    return caught.value


def converse(server: ssl.SSLContext, client: ssl.SSLContext) -> tuple[str | None, str | None, object]:
    """Shake hands over a real connection; return version, protocol and certificate of the client."""
    facts: list[object] = []

    def serve(connection: socket.socket) -> None:
        try:
            with server.wrap_socket(connection, server_side=True) as wrapped:
                facts.extend([wrapped.version(), wrapped.selected_alpn_protocol(), wrapped.getpeercert()])
                wrapped.sendall(wrapped.recv(5))
        except OSError as error:
            facts.append(error)

    here, there = socket.socketpair()
    here.settimeout(30)
    there.settimeout(30)
    thread = threading.Thread(target=serve, args=(there,))
    thread.start()
    try:
        with client.wrap_socket(here, server_hostname="localhost") as wrapped:
            wrapped.sendall(b"hello")
            assert wrapped.recv(5) == b"hello"
    finally:
        here.close()
        thread.join(60)
        there.close()

    return tuple(facts)


def client_context(certificate: trustme.LeafCert | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    if certificate is not None:
        certificate.configure_cert(context)

    return context


class TestFiles:
    def test_without_files_connections_are_not_encrypted(self):
        assert tls_settings(ServerProperties(), server="granian") is None

    def test_settings_of_other_kinds_are_enough(self):
        plain = SimpleNamespace(ssl_certfile=None, ssl_keyfile=None)

        assert tls_settings(plain, server="granian") is None

    def test_relative_paths_start_at_the_working_directory(self, files):
        checked = settings(ssl_certfile="chain.pem", ssl_keyfile="key.pem")

        assert checked == TlsSettings(files / "chain.pem", files / "key.pem")

    def test_one_file_may_hold_both(self, files):
        checked = settings(ssl_certfile="both.pem")

        assert checked == TlsSettings(files / "both.pem", files / "both.pem")

    @pytest.mark.usefixtures("files")
    @pytest.mark.parametrize(
        ("certificate", "key", "refused", "reason"),
        [
            ("chain.pem", None, "ssl-keyfile", "holds no private key"),
            (None, "key.pem", "ssl-certfile", "beside pyfly.server.ssl-keyfile"),
            ("no.pem", "key.pem", "ssl-certfile", "there is no such file"),
            ("chain.pem", "no.pem", "ssl-keyfile", "there is no such file"),
            ("folder", "key.pem", "ssl-certfile", "cannot be read: is a directory"),
            ("key.pem", "chain.pem", "ssl-certfile", "the file holds no certificate"),
            ("chain.pem", "chain.pem", "ssl-keyfile", "the file holds no private key"),
            ("empty.pem", "key.pem", "ssl-certfile", "the file holds no certificate"),
            ("chain.pem", "other-key.pem", "ssl-certfile", "does not go with other-key.pem"),
            ("damaged-chain.pem", "key.pem", "ssl-certfile", "is damaged"),
            ("chain.pem", "damaged-key.pem", "ssl-certfile", "is damaged"),
        ],
    )
    def test_files_that_will_not_do_are_refused(self, certificate, key, refused, reason):
        error = refusal(ssl_certfile=certificate, ssl_keyfile=key)

        assert error.key == f"pyfly.server.{refused}"
        assert reason in error.description


@pytest.mark.usefixtures("files")
class TestPasswords:
    @pytest.mark.parametrize("key", ["pkcs8.pem", "traditional.pem", "both-encrypted.pem"])
    @pytest.mark.parametrize("password", [Secret("sesame"), "sesame"])
    def test_the_password_opens_the_key(self, key, password):
        checked = settings(ssl_certfile="chain.pem", ssl_keyfile=key, ssl_keyfile_password=password)

        assert checked.password == "sesame"
        assert "sesame" not in repr(checked)
        checked.context([])

    def test_one_file_may_hold_an_encrypted_key(self):
        settings(ssl_certfile="both-encrypted.pem", ssl_keyfile_password=Secret("sesame"))

    @pytest.mark.parametrize("key", ["pkcs8.pem", "traditional.pem"])
    @pytest.mark.parametrize("password", [None, Secret("")])
    def test_an_encrypted_key_needs_a_password(self, key, password):
        error = refusal(ssl_certfile="chain.pem", ssl_keyfile=key, ssl_keyfile_password=password)

        assert error.key == "pyfly.server.ssl-keyfile-password"
        assert f"the private key in {key} is encrypted" in error.description

    @pytest.mark.parametrize("key", ["pkcs8.pem", "traditional.pem"])
    @pytest.mark.parametrize("password", [Secret("open"), "open", Secret("o" * 2000)])
    def test_a_wrong_password_is_refused_and_not_shown(self, key, password):
        error = refusal(ssl_certfile="chain.pem", ssl_keyfile=key, ssl_keyfile_password=password)

        assert error.key == "pyfly.server.ssl-keyfile-password"
        assert f"it does not open the private key in {key}" in error.description
        assert "Secret('******')" in error.description

    def test_a_password_for_a_key_that_is_not_encrypted_is_forgotten(self):
        checked = settings(
            ssl_certfile="chain.pem", ssl_keyfile="key.pem", ssl_keyfile_password=Secret("sesame")
        )

        assert checked.password is None


@pytest.mark.usefixtures("files")
class TestContradictions:
    @pytest.mark.parametrize("value", ["1.1", "TLSv1", "3", "new"])
    def test_an_unknown_version_is_refused_with_or_without_files(self, value):
        assert refusal(ssl_minimum_version=value).key == "pyfly.server.ssl-minimum-version"
        assert "Use 1.2 or 1.3." in refusal(ssl_certfile="both.pem", ssl_minimum_version=value).action

    def test_an_unknown_way_to_know_clients_is_refused(self):
        error = refusal(ssl_certfile="both.pem", ssl_client_auth="maybe")

        assert error.key == "pyfly.server.ssl-client-auth"
        assert error.action == "Use none, want or need."

    @pytest.mark.parametrize("client_auth", ["want", "need"])
    def test_clients_cannot_be_known_without_authorities(self, client_auth):
        error = refusal(ssl_certfile="both.pem", ssl_client_auth=client_auth)

        assert error.key == "pyfly.server.ssl-ca-certs"

    def test_authorities_are_for_clients_that_are_asked(self):
        error = refusal(ssl_certfile="both.pem", ssl_ca_certs="authorities.pem")

        assert error.key == "pyfly.server.ssl-ca-certs"
        assert "clients are not asked for certificates" in error.description

    @pytest.mark.parametrize("file", ["no.pem", "empty.pem", "key.pem", "damaged-chain.pem"])
    def test_a_file_without_authorities_is_refused(self, file):
        error = refusal(ssl_certfile="both.pem", ssl_client_auth="need", ssl_ca_certs=file)

        assert error.key == "pyfly.server.ssl-ca-certs"
        assert error.value == file

    @pytest.mark.parametrize(
        ("values", "refused"),
        [
            ({"ssl_client_auth": "need"}, "ssl-client-auth"),
            ({"ssl_ca_certs": "authorities.pem"}, "ssl-ca-certs"),
            ({"ssl_keyfile_password": Secret("sesame")}, "ssl-keyfile-password"),
        ],
    )
    def test_settings_of_tls_need_tls(self, values, refused):
        error = refusal(**values)

        assert error.key == f"pyfly.server.{refused}"
        assert "connections are not encrypted" in error.description
        assert "sesame" not in str(error)


@pytest.mark.usefixtures("files")
class TestConnections:
    @pytest.mark.parametrize("value", ["1.3", "TLSv1.3", "tlsv1.3"])
    def test_older_versions_are_refused(self, value):
        context = settings(ssl_certfile="both.pem", ssl_minimum_version=value).context([])
        old = client_context()
        old.maximum_version = ssl.TLSVersion.TLSv1_2

        with pytest.raises(ssl.SSLError):
            converse(context, old)

        assert converse(context, client_context())[0] == "TLSv1.3"

    @pytest.mark.parametrize("value", ["1.2", "TLSv1.2"])
    def test_the_oldest_version_is_accepted(self, value):
        context = settings(ssl_certfile="both.pem", ssl_minimum_version=value).context([])
        old = client_context()
        old.maximum_version = ssl.TLSVersion.TLSv1_2

        assert converse(context, old)[0] == "TLSv1.2"

    def test_the_first_protocol_that_both_know_is_chosen(self):
        context = settings(ssl_certfile="both.pem").context(["h2", "http/1.1"])
        client = client_context()
        client.set_alpn_protocols(["http/1.1", "h2"])

        assert converse(context, client)[1] == "h2"

    def test_a_client_with_a_certificate_is_known(self):
        checked = settings(ssl_certfile="both.pem", ssl_client_auth="need", ssl_ca_certs="authorities.pem")

        _, _, certificate = converse(checked.context([]), client_context(CLIENT))

        assert certificate["subjectAltName"] == (("email", "client@example.com"),)

    def test_a_client_may_show_a_certificate(self):
        checked = settings(ssl_certfile="both.pem", ssl_client_auth="want", ssl_ca_certs="authorities.pem")

        assert converse(checked.context([]), client_context(CLIENT))[2]
        assert not converse(checked.context([]), client_context())[2]

    @pytest.mark.parametrize("client_auth", ["want", "need", "NEED"])
    def test_a_certificate_of_a_stranger_is_refused(self, client_auth):
        checked = settings(
            ssl_certfile="both.pem", ssl_client_auth=client_auth, ssl_ca_certs="authorities.pem"
        )

        with pytest.raises(OSError):  # noqa: PT011 an alert, or a connection that is gone
            converse(checked.context([]), client_context(IMPOSTOR))

    def test_a_client_without_a_certificate_is_refused(self):
        checked = settings(ssl_certfile="both.pem", ssl_client_auth="need", ssl_ca_certs="authorities.pem")

        with pytest.raises(OSError):  # noqa: PT011 an alert, or a connection that is gone
            converse(checked.context([]), client_context())
