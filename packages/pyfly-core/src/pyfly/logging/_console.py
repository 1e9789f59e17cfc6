# SPDX-License-Identifier: Apache-2.0
"""Log records as lines on the console, for people to read."""

import logging
import sys
import time
from typing import TextIO

from pyfly.logging._contents import contents_of, traceback_of
from pyfly.logging._texts import text_of
from pyfly.logging.redaction.stream import RedactingTextIO

# Everything that could move the cursor, start a new line or colour the rest, as its escape sequence.
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)
_ESCAPED = {code: ascii(chr(code))[1:-1] for code in _CONTROLS}
_ESCAPED_IN_BLOCKS = {code: text for code, text in _ESCAPED.items() if chr(code) not in "\n\t"}


class ConsoleFormatter(logging.Formatter):
    """Renders time (UTC), level, logger and event on one line, the fields after it.

    Control characters are escaped, so that logged text cannot forge a line. Tracebacks follow, indented.
    """

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        message, fields = contents_of(record)
        if fields:
            written = [f"{key}={text_of(value)}" for key, value in fields.items()]
            message = " ".join([message, *written] if " | " in message else [message, "|", *written])

        line = (
            f"{moment}.{int(record.msecs):03d}Z [{record.levelname}] {record.name}: {_on_one_line(message)}"
        )
        blocks = [block for block in (traceback_of(record), record.stack_info) if block]
        return "\n".join([line, *(_indented(block) for block in blocks)]) if blocks else line


class ConsoleHandler(logging.StreamHandler[TextIO]):
    """Writes to what ``sys.stdout`` is at that moment, so that redirecting it redirects the log."""

    def __init__(self) -> None:
        # The constructor of the base would keep today's stream.
        logging.Handler.__init__(self)
        self.setFormatter(ConsoleFormatter())

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # as in the handler of last resort
        """Where the next line goes."""
        return current_output()

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = self.format(record) + "\n"
            stream = current_output()
            try:
                stream.write(text)
            except UnicodeEncodeError as failure:
                stream.write(text.encode(failure.encoding, "backslashreplace").decode(failure.encoding))

            stream.flush()
        except RecursionError:
            raise
        except Exception:
            # Logging never breaks the caller; the standard library reports the fault on stderr.
            self.handleError(record)


def current_output() -> TextIO:
    """Return standard output, without the redaction of what is printed.

    A line of the log is redacted already, field by field; as a whole it would lose what only looks secret.
    """
    stream: object = sys.stdout
    return stream.wrapped if isinstance(stream, RedactingTextIO) else sys.stdout


def _on_one_line(text: str) -> str:
    return text if text.isprintable() else text.translate(_ESCAPED)


def _indented(block: str) -> str:
    return "\n".join(f"  {line}" for line in block.translate(_ESCAPED_IN_BLOCKS).split("\n"))
