# SPDX-License-Identifier: Apache-2.0
"""Why an application cannot be looked at."""


class InspectionError(Exception):
    """Report that there is nothing to show.

    Attributes:
        description: What is wrong, and where.
        action: What to do about it.
    """

    def __init__(self, description: str, action: str) -> None:
        super().__init__(f"{description} {action}")
        self.description = description
        self.action = action

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.description, self.action)
