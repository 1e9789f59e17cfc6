# SPDX-License-Identifier: Apache-2.0
"""How far a transaction has come, and what can go wrong at its end."""

from collections.abc import Sequence
from enum import Enum
from typing import Final

from pyfly.kernel.exceptions import PyFlyException


class TransactionStatus(Enum):
    """Say how far a transaction has come."""

    ACTIVE = "ACTIVE"
    COMPLETING = "COMPLETING"
    COMMITTED = "COMMITTED"
    ROLLED_BACK = "ROLLED_BACK"


_SAID: Final = {
    TransactionStatus.ACTIVE: "being ended",
    TransactionStatus.COMPLETING: "being ended",
    TransactionStatus.COMMITTED: "committed",
    TransactionStatus.ROLLED_BACK: "rolled back",
}


class TransactionStateError(PyFlyException):
    """Report that a transaction was asked for what it cannot do any more.

    Args:
        operation: What it was asked for, such as ``"after_commit"``.
        name: The transaction's name.
        status: How far it had come.
    """

    def __init__(self, operation: str, name: str, status: TransactionStatus) -> None:
        self.operation = operation
        self.name = name
        self.status = status
        super().__init__(f"{self.description}. {self.action}", code="TRANSACTION_STATE")

    @property
    def description(self) -> str:
        """What happened, and where."""
        state = _SAID[self.status]
        return f"{self.operation} of {self.name!r}: expected an active transaction, got one that is {state}"

    @property
    def action(self) -> str:
        """What to do about it."""
        if self.operation in ("commit", "rollback"):
            return "End a transaction once, and leave the end to the one who began it."

        return (
            "Ask current_transaction() each time, register before the transaction ends, "
            "and do the work at once when there is none."
        )


class AfterCommitError(ExceptionGroup[Exception]):
    """Report hooks that failed after the commit, which stands; every hook had its turn."""

    def derive(self, excs: Sequence[Exception], /) -> "AfterCommitError":  # type: ignore[override]  # of its own kind
        return AfterCommitError(self.message, excs)


class AfterRollbackError(ExceptionGroup[Exception]):
    """Report hooks that failed after the rollback, which stands; every hook had its turn."""

    def derive(self, excs: Sequence[Exception], /) -> "AfterRollbackError":  # type: ignore[override]  # of its own kind
        return AfterRollbackError(self.message, excs)
