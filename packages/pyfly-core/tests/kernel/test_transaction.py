# SPDX-License-Identifier: Apache-2.0
import asyncio
import logging
import pickle
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import copy_context

import pytest

from pyfly.kernel.testing import TransactionContract
from pyfly.kernel.transaction import (
    AfterCommitError,
    AfterRollbackError,
    Transaction,
    TransactionHandle,
    TransactionStateError,
    TransactionStatus,
    begin_transaction,
    current_transaction,
    leave_transactions,
)


class Store:
    """A store of texts with transactions, as small as one can be."""

    def __init__(self) -> None:
        self.kept: list[str] = []
        self.pending: list[str] = []
        self.log: list[str] = []

    async def commit(self) -> None:
        self.log.append("commit")
        self.kept += self.pending
        self.pending.clear()

    async def rollback(self) -> None:
        self.log.append("rollback")
        self.pending.clear()

    def begin(self, name: str = "orders", savepoint_of: Transaction | None = None) -> TransactionHandle:
        return begin_transaction(
            commit=self.commit,
            rollback=self.rollback,
            name=name,
            resource=self,
            savepoint_of=savepoint_of,
        )

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        async with self.begin():
            yield

    async def write(self, text: str) -> None:
        self.pending.append(text)

    async def read(self) -> list[str]:
        return list(self.kept)


@pytest.fixture
def store() -> Store:
    return Store()


class TestStore(TransactionContract):
    @pytest.fixture
    def transaction(self, store: Store) -> Callable[[], AbstractAsyncContextManager[object]]:
        return store.transaction

    @pytest.fixture
    def write(self, store: Store) -> Callable[[str], Awaitable[object]]:
        return store.write

    @pytest.fixture
    def kept(self, store: Store) -> Callable[[], Awaitable[list[str]]]:
        return store.read


def note(store: Store, text: str) -> Callable[[], None]:
    return lambda: store.log.append(text)


async def test_hooks_run_in_the_order_of_registration(store: Store) -> None:
    async def later() -> None:
        await asyncio.sleep(0)
        store.log.append("before 2")

    async with store.begin() as transaction:
        transaction.after_commit(note(store, "after 1"))
        transaction.before_commit(note(store, "before 1"))
        transaction.before_commit(later)
        transaction.after_commit(note(store, "after 2"))
        transaction.after_rollback(note(store, "never"))

    assert store.log == ["before 1", "before 2", "commit", "after 1", "after 2"]


async def test_before_commit_hook_may_register_more(store: Store) -> None:
    async with store.begin() as transaction:

        def more() -> None:
            transaction.before_commit(note(store, "before 2"))
            transaction.after_commit(note(store, "after"))

        transaction.before_commit(more)

    assert store.log == ["before 2", "commit", "after"]


async def test_failing_before_commit_hook_rolls_back(store: Store) -> None:
    def fail() -> None:
        raise LookupError("no such customer")

    transaction = store.begin()
    transaction.before_commit(fail)
    transaction.before_commit(note(store, "left out"))
    transaction.after_commit(note(store, "never"))
    transaction.after_rollback(note(store, "after rollback"))

    with pytest.raises(LookupError, match="no such customer"):
        await transaction.commit()

    assert store.log == ["rollback", "after rollback"]
    assert transaction.status is TransactionStatus.ROLLED_BACK


async def test_failing_commit_rolls_back(store: Store) -> None:
    async def commit() -> None:
        raise ConnectionError("connection lost")

    transaction = begin_transaction(commit=commit, rollback=store.rollback)
    transaction.after_commit(note(store, "never"))
    transaction.after_rollback(note(store, "after rollback"))

    with pytest.raises(ConnectionError):
        await transaction.commit()

    assert store.log == ["rollback", "after rollback"]


async def test_errors_after_the_commit_are_told_together_and_the_commit_stands(store: Store) -> None:
    def fail() -> None:
        raise LookupError("no broker")

    async def fail_later() -> None:
        raise ValueError("no cache")

    store.pending.append("order")
    transaction = store.begin()
    transaction.after_commit(fail)
    transaction.after_commit(note(store, "after"))
    transaction.after_commit(fail_later)

    with pytest.raises(AfterCommitError) as caught:
        await transaction.commit()

    assert str(caught.value) == "'orders' is committed, and 2 of 3 hooks failed afterwards (2 sub-exceptions)"
    assert [type(error) for error in caught.value.exceptions] == [LookupError, ValueError]
    assert transaction.status is TransactionStatus.COMMITTED
    assert (store.kept, store.log) == (["order"], ["commit", "after"])


def test_part_of_the_errors_is_still_about_the_commit() -> None:
    part = AfterCommitError("x", [LookupError(), ValueError()]).subgroup(ValueError)
    assert isinstance(part, AfterCommitError)
    part_of_rollback = AfterRollbackError("x", [LookupError(), ValueError()]).subgroup(ValueError)
    assert isinstance(part_of_rollback, AfterRollbackError)


async def test_explicit_rollback_tells_the_errors_of_its_hooks(store: Store) -> None:
    def fail() -> None:
        raise LookupError("no file")

    transaction = store.begin()
    transaction.after_rollback(fail)
    transaction.after_rollback(note(store, "after"))

    with pytest.raises(AfterRollbackError, match="'orders' is rolled back, and 1 of 2 hooks failed"):
        await transaction.rollback()

    assert store.log == ["rollback", "after"]


async def test_cause_of_a_rollback_propagates_and_the_rest_is_logged(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async def rollback() -> None:
        raise ConnectionError("connection lost")

    def fail() -> None:
        raise LookupError("no file")

    transaction = begin_transaction(commit=store.commit, rollback=rollback, name="orders")
    transaction.after_rollback(fail)

    with pytest.raises(ValueError, match="the cause"):
        async with transaction:
            raise ValueError("the cause")

    assert [(record.name, record.levelno) for record in caplog.records] == [
        ("pyfly.transaction", logging.ERROR),
        ("pyfly.transaction", logging.ERROR),
    ]
    assert "The rollback of 'orders' failed" in caplog.text
    assert "connection lost" in caplog.text
    assert "no file" in caplog.text


async def test_failing_explicit_rollback_still_runs_the_hooks(store: Store) -> None:
    async def rollback() -> None:
        raise ConnectionError("connection lost")

    transaction = begin_transaction(commit=store.commit, rollback=rollback)
    transaction.after_rollback(note(store, "after"))

    with pytest.raises(ConnectionError):
        await transaction.rollback()

    assert store.log == ["after"]
    assert current_transaction() is None


async def test_cancellation_rolls_back(store: Store) -> None:
    inside = asyncio.Event()

    async def work() -> None:
        async with store.begin() as transaction:
            transaction.after_rollback(note(store, "after"))
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await asyncio.wait_for(inside.wait(), 5)
    task.cancel()
    await asyncio.wait([task], timeout=5)

    assert task.cancelled()
    assert store.log == ["rollback", "after"]


async def test_cancellation_during_an_after_hook_goes_on_once_the_rest_has_run(store: Store) -> None:
    waiting = asyncio.Event()

    async def wait() -> None:
        waiting.set()
        await asyncio.Event().wait()

    async def work() -> None:
        async with store.begin() as transaction:
            transaction.after_commit(wait)
            transaction.after_commit(note(store, "after"))

    task = asyncio.create_task(work())
    await asyncio.wait_for(waiting.wait(), 5)
    task.cancel()
    await asyncio.wait([task], timeout=5)

    assert task.cancelled()
    assert store.log == ["commit", "after"]


@pytest.mark.parametrize("operation", ["before_commit", "after_commit", "after_rollback"])
async def test_hook_after_the_end_is_refused(store: Store, operation: str) -> None:
    async with store.begin() as transaction:
        pass

    with pytest.raises(TransactionStateError) as caught:
        getattr(transaction, operation)(note(store, "never"))

    assert str(caught.value) == (
        f"{operation} of 'orders': expected an active transaction, got one that is committed. "
        "Ask current_transaction() each time, register before the transaction ends, "
        "and do the work at once when there is none."
    )
    assert (caught.value.operation, caught.value.name) == (operation, "orders")
    assert caught.value.status is TransactionStatus.COMMITTED


async def test_hook_is_refused_while_the_store_commits(store: Store) -> None:
    transaction: TransactionHandle

    async def commit() -> None:
        transaction.after_commit(note(store, "never"))

    transaction = begin_transaction(commit=commit, rollback=store.rollback, name="orders")
    with pytest.raises(TransactionStateError, match="got one that is being ended"):
        await transaction.commit()


async def test_second_end_is_refused(store: Store) -> None:
    transaction = store.begin()
    await transaction.commit()

    with pytest.raises(TransactionStateError) as caught:
        await transaction.rollback()

    assert str(caught.value) == (
        "rollback of 'orders': expected an active transaction, got one that is committed. "
        "End a transaction once, and leave the end to the one who began it."
    )
    assert store.log == ["commit"]


def test_error_survives_pickling() -> None:
    error = TransactionStateError("commit", "orders", TransactionStatus.COMMITTED)
    restored = pickle.loads(pickle.dumps(error))
    assert (str(restored), restored.status) == (str(error), TransactionStatus.COMMITTED)


async def test_block_that_has_ended_its_transaction_may_go_on(store: Store) -> None:
    async with store.begin() as transaction:
        await transaction.commit()
        assert current_transaction() is None

    assert store.log == ["commit"]


async def test_transaction_of_its_own_hides_the_outer_one(store: Store) -> None:
    audit = Store()
    async with store.begin() as outer:
        outer.after_commit(note(store, "outer after"))
        async with audit.begin("audit") as inner:
            assert current_transaction() is inner
            inner.after_commit(note(store, "inner after"))

        assert store.log == ["inner after"]
        assert current_transaction() is outer

    assert store.log == ["inner after", "commit", "outer after"]


async def test_rollback_inside_leaves_the_outer_one_alone(store: Store) -> None:
    audit = Store()
    async with store.begin():
        with pytest.raises(LookupError):
            async with audit.begin("audit"):
                raise LookupError

    assert (store.log, audit.log) == (["commit"], ["rollback"])


async def test_store_finds_the_transaction_of_its_own_resource(store: Store) -> None:
    other = Store()
    async with store.begin() as outer, other.begin() as inner:
        assert current_transaction(store) is outer
        assert current_transaction(other) is inner
        assert current_transaction(Store()) is None


async def test_released_savepoint_passes_its_hooks_on(store: Store) -> None:
    savepoints = Store()
    async with store.begin() as outer:
        async with savepoints.begin("savepoint", savepoint_of=outer) as inner:
            inner.before_commit(note(store, "before"))
            inner.after_commit(note(store, "after"))
            inner.after_rollback(note(store, "never"))

        assert store.log == []

    assert (store.log, savepoints.log) == (["before", "commit", "after"], ["commit"])


async def test_rolled_back_savepoint_drops_its_hooks(store: Store) -> None:
    savepoints = Store()
    async with store.begin() as outer:
        inner = savepoints.begin("savepoint", savepoint_of=outer)
        inner.before_commit(note(store, "never"))
        inner.after_commit(note(store, "never"))
        inner.after_rollback(note(store, "after rollback"))
        await inner.rollback()

    assert store.log == ["after rollback", "commit"]


async def test_savepoint_of_what_is_over_is_refused(store: Store) -> None:
    async with store.begin() as transaction:
        pass

    with pytest.raises(TransactionStateError, match="savepoint of 'orders'"):
        store.begin("savepoint", savepoint_of=transaction)


async def test_transaction_ended_elsewhere_is_not_current_any_more(store: Store) -> None:
    transaction = store.begin()
    await asyncio.create_task(transaction.commit())

    assert current_transaction() is None
    async with store.begin("next") as following:
        assert current_transaction() is following

    assert current_transaction() is None


async def test_task_started_inside_may_join_until_the_end(store: Store) -> None:
    async def join() -> None:
        found = current_transaction()
        assert found is not None
        found.after_commit(note(store, "joined"))

    async with store.begin():
        await asyncio.create_task(join())

    assert store.log == ["commit", "joined"]


async def test_task_that_leaves_transactions_sees_none_of_them(store: Store) -> None:
    async def leave() -> list[str | None]:
        leave_transactions()
        left = current_transaction()
        async with store.begin("own") as own:
            inside = current_transaction()

        return [left and left.name, inside and inside.name, own.status.name]

    async with store.begin() as outer:
        assert await asyncio.create_task(leave()) == [None, "own", "COMMITTED"]
        assert current_transaction() is outer


async def test_no_hook_from_a_thread_is_lost(store: Store) -> None:
    done: list[int] = []

    def join(number: int) -> bool:
        found = current_transaction()
        if found is None:
            return False

        try:
            found.after_commit(lambda: done.append(number))
        except TransactionStateError:
            return False

        return True

    with ThreadPoolExecutor(4) as threads:
        async with store.begin():
            joining = [threads.submit(copy_context().run, join, number) for number in range(200)]

    taken = [number for number, future in enumerate(joining) if future.result(5)]
    assert sorted(done) == taken
