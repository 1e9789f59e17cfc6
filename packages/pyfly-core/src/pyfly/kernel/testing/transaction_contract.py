# SPDX-License-Identifier: Apache-2.0
"""What every store does that provides the ambient transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import AbstractAsyncContextManager

from pyfly.kernel.transaction import (
    AfterCommitError,
    Transaction,
    TransactionStateError,
    TransactionStatus,
    current_transaction,
)


class TransactionContract:
    """Derive a test class from this and define three fixtures.

    - ``transaction``: takes nothing and returns an asynchronous context manager that begins a transaction
      of the store, commits it at the end of the block, and rolls it back when the block fails.
    - ``write``: takes a text, keeps it in the store as part of the current transaction, and is awaited.
    - ``kept``: takes nothing and returns, awaited, the texts that another reader sees; none at first.
    """

    async def test_transaction_is_the_current_one_inside_alone(
        self, transaction: Callable[[], AbstractAsyncContextManager[object]]
    ) -> None:
        assert current_transaction() is None
        async with transaction():
            inside = current_transaction()

        assert inside is not None
        assert inside.status is TransactionStatus.COMMITTED
        assert current_transaction() is None

    async def test_commit_keeps_the_work(
        self,
        transaction: Callable[[], AbstractAsyncContextManager[object]],
        write: Callable[[str], Awaitable[object]],
        kept: Callable[[], Awaitable[Collection[str]]],
    ) -> None:
        async with transaction():
            await write("order")

        assert list(await kept()) == ["order"]

    async def test_failure_drops_the_work_and_propagates(
        self,
        transaction: Callable[[], AbstractAsyncContextManager[object]],
        write: Callable[[str], Awaitable[object]],
        kept: Callable[[], Awaitable[Collection[str]]],
    ) -> None:
        failure = LookupError("no such customer")
        caught: list[LookupError] = []
        done: list[str] = []
        try:
            async with transaction():
                joined().after_commit(lambda: done.append("committed"))
                joined().after_rollback(lambda: done.append("rolled back"))
                await write("order")
                raise failure
        except LookupError as error:
            caught.append(error)

        assert caught == [failure]
        assert list(await kept()) == []
        assert done == ["rolled back"]

    async def test_before_commit_hook_works_inside(
        self,
        transaction: Callable[[], AbstractAsyncContextManager[object]],
        write: Callable[[str], Awaitable[object]],
        kept: Callable[[], Awaitable[Collection[str]]],
    ) -> None:
        async with transaction():
            joined().before_commit(lambda: write("outbox"))

        assert list(await kept()) == ["outbox"]

    async def test_failing_before_commit_hook_drops_the_work(
        self,
        transaction: Callable[[], AbstractAsyncContextManager[object]],
        write: Callable[[str], Awaitable[object]],
        kept: Callable[[], Awaitable[Collection[str]]],
    ) -> None:
        async def refuse() -> None:
            raise LookupError("not consistent")

        try:
            async with transaction():
                joined().before_commit(refuse)
                await write("order")
        except LookupError:
            assert list(await kept()) == []
            return

        raise AssertionError("the error of the hook did not propagate")

    async def test_after_commit_hooks_see_the_work_and_run_whatever_the_others_do(
        self,
        transaction: Callable[[], AbstractAsyncContextManager[object]],
        write: Callable[[str], Awaitable[object]],
        kept: Callable[[], Awaitable[Collection[str]]],
    ) -> None:
        seen: list[list[str]] = []
        caught: list[Exception] = []

        async def look() -> None:
            assert current_transaction() is None
            seen.append(list(await kept()))

        async def fail() -> None:
            raise LookupError("no broker")

        try:
            async with transaction():
                joined().after_commit(fail)
                joined().after_commit(look)
                await write("order")
        except AfterCommitError as error:
            caught.extend(error.exceptions)

        assert [type(error) for error in caught] == [LookupError]
        assert seen == [["order"]]
        assert list(await kept()) == ["order"]

    async def test_task_that_outlives_the_transaction_cannot_join_it(
        self, transaction: Callable[[], AbstractAsyncContextManager[object]]
    ) -> None:
        ended = asyncio.Event()

        async def linger(found: Transaction) -> Transaction | None:
            await ended.wait()
            try:
                found.after_commit(lambda: None)
            except TransactionStateError:
                return current_transaction()

            raise AssertionError("a hook was taken after the end")

        async with transaction():
            lingering = asyncio.create_task(linger(joined()))

        ended.set()
        assert await asyncio.wait_for(lingering, 10.0) is None


def joined() -> Transaction:
    """Return the current transaction, which must be there."""
    found = current_transaction()
    assert found is not None, "the store has not made its transaction the current one"
    return found
