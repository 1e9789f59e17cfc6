# SPDX-License-Identifier: Apache-2.0
import os
from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.web.ids import id_reader, new_id


def test_new_id_is_a_random_uuid_with_dashes() -> None:
    text = new_id()
    made = UUID(text)

    assert made.version == 4
    assert str(made) == text


def test_every_id_of_many_is_a_random_uuid() -> None:
    made = [UUID(new_id()) for _ in range(1000)]

    assert {(it.version, it.variant) for it in made} == {(4, RFC_4122)}
    assert len(set(made)) == 1000


def test_ids_differ_across_threads() -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = [
            made for batch in pool.map(lambda _: [new_id() for _ in range(500)], range(16)) for made in batch
        ]

    assert len(set(ids)) == len(ids)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_forked_processes_do_not_share_ids() -> None:
    new_id()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, new_id().encode())
        os._exit(0)

    os.waitpid(child, 0)

    assert os.read(reading, 36).decode() not in [new_id() for _ in range(100)]
    os.close(reading)
    os.close(writing)


@pytest.mark.parametrize("sent", [b"r-1", b"a.b_c:d-e", b"7" * 128])
def test_harmless_id_is_taken(sent: bytes) -> None:
    assert id_reader()(sent) == sent.decode()


@pytest.mark.parametrize(
    "sent", [None, b"", b"7" * 129, b"a b", b"a\r\nx: y", "\u00e9".encode(), b"<script>"]
)
def test_other_id_is_replaced(sent: bytes | None) -> None:
    assert UUID(id_reader()(sent))


def test_length_can_be_limited() -> None:
    assert UUID(id_reader(max_length=4)(b"12345"))


def test_no_id_is_taken_where_none_is_trusted() -> None:
    assert id_reader(trust_inbound=False)(b"r-1") != "r-1"


@given(st.binary(max_size=300))
def test_whatever_is_sent_the_id_can_stand_in_a_header(sent: bytes) -> None:
    made = id_reader()(sent)

    assert made.isascii()
    assert made.isprintable()
    assert 1 <= len(made) <= 128
