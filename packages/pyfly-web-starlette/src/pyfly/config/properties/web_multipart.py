# SPDX-License-Identifier: Apache-2.0
"""The settings of forms and uploads, ``pyfly.web.multipart.*``."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from annotated_types import Ge, Gt

from pyfly.config.binding import config_properties
from pyfly.config.data_size import DataSize

DEFAULT_MAX_FILE_SIZE = DataSize(16 * 1024 * 1024)
DEFAULT_MAX_REQUEST_SIZE = DataSize(32 * 1024 * 1024)
DEFAULT_MAX_FIELD_SIZE = DataSize(1024 * 1024)
DEFAULT_MAX_PART_HEADER_SIZE = DataSize(8 * 1024)
DEFAULT_MEMORY_THRESHOLD = DataSize(1024 * 1024)


@config_properties(prefix="pyfly.web.multipart")
@dataclass
class MultipartProperties:
    """Bound what a client may send in a form; more is refused with 413.

    Attributes:
        max_file_size: The most bytes that one file may have.
        max_request_size: The most bytes that a multipart form may have; other forms are bounded by
            ``pyfly.web.max-body-size`` as well.
        max_files: The most files in one form.
        max_fields: The most text fields in one form.
        max_field_size: The most bytes that one text field may have.
        max_part_headers: The most headers that one part of a multipart form may have.
        max_part_header_size: The most bytes that the headers of one part may have together.
        memory_threshold: The most bytes of files that one form keeps in memory; what goes beyond is kept in
            temporary files.
        receive_timeout: How long a client may take to send the next bytes of a form; then it gets a 408.
        location: Folder of the temporary files; None for that of the system.
    """

    max_file_size: Annotated[DataSize, Ge(1)] = DEFAULT_MAX_FILE_SIZE
    max_request_size: Annotated[DataSize, Ge(1)] = DEFAULT_MAX_REQUEST_SIZE
    max_files: Annotated[int, Ge(0)] = 100
    max_fields: Annotated[int, Ge(0)] = 1000
    max_field_size: Annotated[DataSize, Ge(1)] = DEFAULT_MAX_FIELD_SIZE
    max_part_headers: Annotated[int, Ge(1)] = 8
    max_part_header_size: Annotated[DataSize, Ge(256)] = DEFAULT_MAX_PART_HEADER_SIZE
    memory_threshold: DataSize = DEFAULT_MEMORY_THRESHOLD
    receive_timeout: Annotated[timedelta, Gt(timedelta(0))] = timedelta(seconds=60)
    location: str | None = None

    def __post_init__(self) -> None:
        """Refuse limits that contradict each other, and a folder that is not there."""
        if self.max_file_size > self.max_request_size:
            raise ValueError(
                f"max-file-size ({self.max_file_size}) is above max-request-size ({self.max_request_size}),"
                " which no file could reach"
            )

        if self.location is not None and not Path(self.location).is_dir():
            raise ValueError(f"location: there is no folder {self.location!r}")
