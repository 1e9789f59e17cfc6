# SPDX-License-Identifier: Apache-2.0
"""With whom a service speaks over TLS, the same on each server."""

import ssl
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

DEADLINE = 30
PASSWORD = "sesame"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def files(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the files of the service."""
    folder = tmp_path_factory.mktemp("tls")
    certificate = authority.issue_cert("127.0.0.1")
    chain = b"".join(blob.bytes() for blob in certificate.cert_chain_pems)
    key = certificate.private_key_pem.bytes()
    encrypted = load_pem_private_key(key, None).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSWORD.encode())
    )
    (folder / "chain.pem").write_bytes(chain)
    (folder / "key.pem").write_bytes(key)
    (folder / "both.pem").write_bytes(chain + key)
    (folder / "encrypted.pem").write_bytes(encrypted)
    (folder / "authorities.pem").write_bytes(authority.cert_pem.bytes())
    return folder


@pytest.fixture
def nobody(authority: trustme.CA) -> ssl.SSLContext:
    """What a client has that knows the service, and shows no certificate itself."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def member(authority: trustme.CA) -> ssl.SSLContext:
    """What a client has whose certificate comes from the authority."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    authority.issue_cert("client@example.com").configure_cert(context)
    return context


@pytest.fixture
def stranger(authority: trustme.CA) -> ssl.SSLContext:
    """What a client has whose certificate says the same and comes from somebody else."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    trustme.CA().issue_cert("client@example.com").configure_cert(context)
    return context


def settings(files: Path, **others: object) -> dict[str, object]:
    return {
        "ssl-certfile": str(files / "chain.pem"),
        "ssl-keyfile": str(files / "key.pem"),
        "ssl-ca-certs": str(files / "authorities.pem"),
        "ssl-client-auth": "need",
        **others,
    }


def test_only_clients_with_a_certificate_of_the_authority_are_served(
    started: Any, files: Path, nobody: Any, member: Any, stranger: Any, ask: Any
) -> None:
    _, port = started(**settings(files))

    assert ask(f"https://127.0.0.1:{port}/", verify=member)["scheme"] == "https"
    for context in (nobody, stranger):
        with pytest.raises(httpx.TransportError):
            ask(f"https://127.0.0.1:{port}/", verify=context)


@pytest.mark.parametrize("server", ["uvicorn", "hypercorn"], indirect=True)
def test_a_client_may_do_without(
    started: Any, files: Path, nobody: Any, member: Any, stranger: Any, ask: Any
) -> None:
    _, port = started(**settings(files, **{"ssl-client-auth": "want"}))

    for context in (nobody, member):
        assert ask(f"https://127.0.0.1:{port}/", verify=context)["scheme"] == "https"

    with pytest.raises(httpx.TransportError):
        ask(f"https://127.0.0.1:{port}/", verify=stranger)


@pytest.mark.parametrize("server", ["granian"], indirect=True)
def test_a_server_that_cannot_leave_it_to_the_client_says_so(refused: Any, files: Path) -> None:
    error = refused(**settings(files, **{"ssl-client-auth": "want"}))

    assert error.startswith("Error: pyfly.server.ssl-client-auth = 'want'")


@pytest.mark.parametrize("version", ["1.3", "TLSv1.3"])
def test_older_versions_are_refused(
    started: Any, files: Path, nobody: ssl.SSLContext, version: str, ask: Any
) -> None:
    both = str(files / "both.pem")
    _, port = started(**{"ssl-certfile": both, "ssl-minimum-version": version})
    url = f"https://127.0.0.1:{port}/"

    assert ask(url, verify=nobody)["scheme"] == "https"

    nobody.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(httpx.ConnectError):
        ask(url, verify=nobody)


def encrypted(files: Path, password: str = PASSWORD) -> dict[str, object]:
    return {
        "ssl-certfile": str(files / "chain.pem"),
        "ssl-keyfile": str(files / "encrypted.pem"),
        "ssl-keyfile-password": password,
    }


@pytest.mark.parametrize("server", ["uvicorn", "hypercorn"], indirect=True)
def test_the_key_may_be_encrypted(started: Any, files: Path, nobody: ssl.SSLContext, ask: Any) -> None:
    process, port = started(**encrypted(files))

    assert ask(f"https://127.0.0.1:{port}/", verify=nobody)["scheme"] == "https"
    assert PASSWORD not in process.output


@pytest.mark.parametrize("server", ["granian"], indirect=True)
def test_a_server_that_cannot_read_an_encrypted_key_says_so(refused: Any, files: Path) -> None:
    error = refused(**encrypted(files))

    assert error.startswith("Error: pyfly.server.ssl-keyfile-password = Secret('******')")
    assert PASSWORD not in error


def test_a_wrong_password_stops_the_start_and_is_not_shown(refused: Any, files: Path) -> None:
    error = refused(**encrypted(files, "open-the-door"))

    assert "Error: pyfly.server.ssl-keyfile-password" in error
    assert "does not open the private key" in error
    assert "open-the-door" not in error
    assert error.count("\n") == 1
