# SPDX-License-Identifier: Apache-2.0
"""What a form holds."""

from pyfly.web.uploads import UploadedFile


class FormData:
    """The fields and files of one form, by name and in the order in which they came.

    Attributes:
        texts: The text fields; names are there with at least one value.
        files: The files.
    """

    __slots__ = ("files", "texts")

    def __init__(
        self,
        texts: dict[str, list[str]] | None = None,
        files: dict[str, list[UploadedFile]] | None = None,
    ) -> None:
        self.texts = texts or {}
        self.files = files or {}

    async def close(self) -> None:
        """Close every file; one that cannot be closed does not keep the others open."""
        failures: list[Exception] = []
        for file in [file for files in self.files.values() for file in files]:
            try:
                await file.close()
            except Exception as error:
                failures.append(error)

        if failures:
            raise ExceptionGroup("uploaded files could not be closed", failures)
