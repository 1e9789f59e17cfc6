# SPDX-License-Identifier: Apache-2.0
"""The ambient transaction: stores provide it, events, messages and caches join it."""

from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from inspect import isawaitable
from threading import Lock
from types import TracebackType
from typing import Final, TypeAlias

from pyfly.kernel._transaction_end import (
    AfterCommitError,
    AfterRollbackError,
    TransactionStateError,
    TransactionStatus,
)

__all__ = [
    "AfterCommitError",
    "AfterRollbackError",
    "Hook",
    "Transaction",
    "TransactionHandle",
    "TransactionStateError",
    "TransactionStatus",
    "begin_transaction",
    "current_transaction",
    "leave_transactions",
]

Hook: TypeAlias = Callable[[], object]
"""What is done at the end of a transaction, sync or async: what it returns is awaited if it can be."""


_OPEN: Final = (TransactionStatus.ACTIVE, TransactionStatus.COMPLETING)


class Transaction:
    """What those who join a transaction see of it.

    They register hooks; only the store that began it ends it. The order of events at its end:

    1. *Commit:* the before-commit hooks, in the order of registration, still inside the transaction. They
       may register further hooks of any kind, which take their turn as well. If one fails, the rest of
       them are left out, the transaction is rolled back instead, and the error propagates.
    2. The store commits. If that fails, the transaction is rolled back and the error propagates. Whether
       a store that became unreachable during the commit has kept the work cannot be known here.
    3. The after-commit hooks, in the order of registration, outside of the transaction. A failing one
       does not keep the rest from running; the errors are raised together as `AfterCommitError`, which
       says that the commit stands.
    4. *Rollback:* the store rolls back, then the after-rollback hooks run in the order of registration,
       each of them whatever the others do. Their errors are raised together as `AfterRollbackError`; when
       there is an error that caused the rollback, that one propagates, and those of the hooks are logged.

    A cancellation counts as a failure. It is never swallowed: when it arrives during an after-hook, the
    remaining hooks run and then it goes on.

    Hooks run in the task that ends the transaction, with its context variables, one after the other;
    nothing limits how long they take. They run at most once and are not durable: when the process dies
    between the commit and an after-commit hook, the hook is lost. What must not be lost belongs into the
    transaction itself.

    Registering is safe from several tasks and threads.
    """

    def __init__(self, name: str, resource: object) -> None:
        self._name = name
        self._resource = resource
        self._status = TransactionStatus.ACTIVE
        self._lock = Lock()
        self._before_commit: list[Hook] = []
        self._after_commit: list[Hook] = []
        self._after_rollback: list[Hook] = []

    @property
    def name(self) -> str:
        """What errors and logs call the transaction."""
        return self._name

    @property
    def resource(self) -> object:
        """What the transaction belongs to, such as the engine of a database."""
        return self._resource

    @property
    def status(self) -> TransactionStatus:
        """How far the transaction has come; hooks are taken while it is ``ACTIVE``."""
        return self._status

    def before_commit(self, hook: Hook) -> None:
        """Have something done inside the transaction, right before it commits.

        Raises:
            TransactionStateError: The transaction is past its before-commit hooks.
        """
        self._register("before_commit", self._before_commit, hook)

    def after_commit(self, hook: Hook) -> None:
        """Have something done once the transaction is committed, and not at all if it is rolled back.

        Raises:
            TransactionStateError: The transaction is past its before-commit hooks.
        """
        self._register("after_commit", self._after_commit, hook)

    def after_rollback(self, hook: Hook) -> None:
        """Have something done once the transaction is rolled back, and not at all if it is committed.

        Raises:
            TransactionStateError: The transaction is past its before-commit hooks.
        """
        self._register("after_rollback", self._after_rollback, hook)

    def _register(self, operation: str, hooks: list[Hook], hook: Hook) -> None:
        with self._lock:
            if self._status is not TransactionStatus.ACTIVE:
                raise TransactionStateError(operation, self._name, self._status)

            hooks.append(hook)


class TransactionHandle(Transaction):
    """A transaction in the hands of the store that began it; made by `begin_transaction`.

    As a context manager it commits at the end of the block and rolls back when the block fails, unless
    the block has ended it already.
    """

    def __init__(
        self,
        commit: Callable[[], Awaitable[object]],
        rollback: Callable[[], Awaitable[object]],
        name: str,
        resource: object,
        outer: "TransactionHandle | None",
        savepoint_of: Transaction | None,
    ) -> None:
        super().__init__(name, resource)
        self._commit = commit
        self._rollback = rollback
        self._outer = outer
        self._savepoint_of = savepoint_of
        self._ending = False

    async def commit(self) -> None:
        """End the transaction by committing it, in the order that `Transaction` states.

        Raises:
            TransactionStateError: It has been ended already, or is being ended.
            AfterCommitError: It is committed, and hooks failed afterwards.
        """
        self._end("commit")
        try:
            if self._savepoint_of is None:
                await self._run_before_commit()
            else:
                self._set(TransactionStatus.COMPLETING)

            await self._commit()
        except BaseException as error:
            await self._roll_back_because_of(error)
            raise

        self._leave(TransactionStatus.COMMITTED)
        if self._savepoint_of is None:
            await _run_all(self._after_commit, AfterCommitError, f"{self.name!r} is committed")
        else:
            self._hand_over(self._savepoint_of)

        self._forget()

    async def rollback(self) -> None:
        """End the transaction by rolling it back, in the order that `Transaction` states.

        Raises:
            TransactionStateError: It has been ended already, or is being ended.
            AfterRollbackError: It is rolled back, and hooks failed afterwards.
        """
        self._end("rollback")
        self._set(TransactionStatus.COMPLETING)
        try:
            await self._rollback()
        except BaseException as error:
            await self._rolled_back(because_of=error)
            raise

        await self._rolled_back()

    async def __aenter__(self) -> "TransactionHandle":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._ending:
            return

        if error is None:
            await self.commit()
        else:
            self._end("rollback")
            await self._roll_back_because_of(error)

    async def _roll_back_because_of(self, error: BaseException) -> None:
        # The error that caused the rollback is the one to propagate: what goes wrong meanwhile is logged.
        self._set(TransactionStatus.COMPLETING)
        try:
            await self._rollback()
        except Exception as failure:
            _report(f"The rollback of {self.name!r} failed", failure)
        finally:
            await self._rolled_back(because_of=error)

    async def _rolled_back(self, because_of: BaseException | None = None) -> None:
        self._leave(TransactionStatus.ROLLED_BACK)
        try:
            await _run_all(self._after_rollback, AfterRollbackError, f"{self.name!r} is rolled back")
        except AfterRollbackError as failures:
            if because_of is None:
                raise

            _report(str(failures), failures)
        finally:
            self._forget()

    async def _run_before_commit(self) -> None:
        done = 0
        while True:
            with self._lock:
                if done == len(self._before_commit):
                    # In one step with the look: no hook slips in between and is lost.
                    self._status = TransactionStatus.COMPLETING
                    return

                hook = self._before_commit[done]

            await _run(hook)
            done += 1

    def _hand_over(self, outer: Transaction) -> None:
        for hook in self._before_commit:
            outer.before_commit(hook)

        for hook in self._after_commit:
            outer.after_commit(hook)

        for hook in self._after_rollback:
            outer.after_rollback(hook)

    def _end(self, operation: str) -> None:
        with self._lock:
            if self._ending:
                raise TransactionStateError(operation, self.name, self._status)

            self._ending = True

    def _set(self, status: TransactionStatus) -> None:
        with self._lock:
            self._status = status

    def _leave(self, status: TransactionStatus) -> None:
        self._set(status)
        if _current.get() is self:
            _current.set(self._outer)

    def _forget(self) -> None:
        # A task that was started inside may keep the transaction for long, but not what the hooks hold.
        for hooks in (self._before_commit, self._after_commit, self._after_rollback):
            hooks.clear()


_current: ContextVar[TransactionHandle | None] = ContextVar("pyfly_transaction", default=None)


def current_transaction(resource: object = None) -> Transaction | None:
    """Return the innermost transaction of this task that is not over.

    A task started inside a transaction sees it too, until it ends; from then on it sees the next one
    further out, or none. So does a hook that runs after the commit or the rollback.

    Args:
        resource: What the transaction must belong to, compared by identity; anything, when ``None``. A store
            asks for its own resource to find out whether there is a transaction to join.
    """
    return _innermost(resource)


def begin_transaction(
    *,
    commit: Callable[[], Awaitable[object]],
    rollback: Callable[[], Awaitable[object]],
    name: str = "transaction",
    resource: object = None,
    savepoint_of: Transaction | None = None,
) -> TransactionHandle:
    """Make a transaction that a store has begun the current one of this task.

    Three ways to nest, of which the store chooses one:

    - *Join:* begin nothing; use what `current_transaction` returns. Hooks go there.
    - *A transaction of its own:* begin another one. It hides the outer one until it ends, and its end
      says nothing about the outer one's.
    - *A savepoint:* begin another one with ``savepoint_of``. When it is committed (released), its hooks
      pass on to that transaction, before-commit hooks included, without having run; when it is rolled
      back, its after-rollback hooks run and the others are dropped.

    End it in the task that began it; ended elsewhere, it is over all the same.

    Args:
        commit: Makes the store commit; awaited at most once.
        rollback: Makes the store roll back; awaited at most once, also after a failed ``commit``.
        name: What errors and logs call the transaction.
        resource: What it belongs to, such as an engine.
        savepoint_of: The transaction that this is a savepoint of.

    Returns:
        The handle, active. End it by `commit` or `rollback`, or use it as an asynchronous context manager.

    Raises:
        TransactionStateError: ``savepoint_of`` is not active any more.
    """
    if savepoint_of is not None and savepoint_of.status is not TransactionStatus.ACTIVE:
        raise TransactionStateError("savepoint", savepoint_of.name, savepoint_of.status)

    handle = TransactionHandle(commit, rollback, name, resource, _innermost(), savepoint_of)
    _current.set(handle)
    return handle


def leave_transactions() -> None:
    """Have this task see none of the transactions that it was started inside of.

    For work that outlives the task that started it: it must not join a transaction that others end. What the
    task begins afterwards is not concerned, and neither are other tasks.
    """
    _current.set(None)


def _innermost(resource: object = None) -> TransactionHandle | None:
    found = _current.get()
    while found is not None:
        if found.status in _OPEN and (resource is None or found.resource is resource):
            return found

        found = found._outer

    return None


async def _run(hook: Hook) -> None:
    outcome = hook()
    if isawaitable(outcome):
        await outcome


async def _run_all(
    hooks: Sequence[Hook], kind: type[AfterCommitError] | type[AfterRollbackError], state: str
) -> None:
    failures: list[Exception] = []
    interruption: BaseException | None = None
    for hook in hooks:
        try:
            await _run(hook)
        except Exception as failure:
            failures.append(failure)
        except BaseException as failure:
            interruption = interruption or failure

    if not failures and interruption is None:
        return

    problem = f"{state}, and {len(failures)} of {len(hooks)} hooks failed afterwards"
    if interruption is None:
        raise kind(problem, failures)

    if failures:
        _report(problem, kind(problem, failures))

    raise interruption


def _report(message: str, failure: Exception) -> None:
    # Imported late: a transaction that ends well needs no log.
    import logging

    logging.getLogger("pyfly.transaction").error("%s", message, exc_info=failure)
