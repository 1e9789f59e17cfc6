# SPDX-License-Identifier: Apache-2.0
"""Log records as lines on the console."""

import logging
import sys
import time

# Everything that could move the cursor, start a new line or colour the rest, as its escape sequence.
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)
_ESCAPED = {code: ascii(chr(code))[1:-1] for code in _CONTROLS}
_ESCAPED_IN_BLOCKS = {code: text for code, text in _ESCAPED.items() if chr(code) not in "\n\t"}

# `color_message` is a second wording of the message, by custom for terminals.
_STANDARD_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
    "color_message",
}


class ConsoleFormatter(logging.Formatter):
    """Renders time (UTC), level, logger and message on one line, the fields of ``extra`` after it.

    Control characters are escaped, so that logged text cannot forge a line. Tracebacks follow, indented.
    """

    def format(self, record: logging.LogRecord) -> str:
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        message = record.getMessage()
        extra = [f"{key}={value}" for key, value in vars(record).items() if key not in _STANDARD_ATTRIBUTES]
        if extra:
            message = " ".join([message, *extra] if " | " in message else [message, "|", *extra])

        line = (
            f"{moment}.{int(record.msecs):03d}Z [{record.levelname}] {record.name}: {_on_one_line(message)}"
        )
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)

        blocks = [block for block in (record.exc_text, record.stack_info) if block]
        return "\n".join([line, *(_indented(block) for block in blocks)])


class ConsoleHandler(logging.Handler):
    """Writes to what ``sys.stdout`` is at that moment, so that redirecting it redirects the log."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(ConsoleFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        try:
            stream = sys.stdout
            text = self.format(record) + "\n"
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


def _on_one_line(text: str) -> str:
    return text if text.isprintable() else text.translate(_ESCAPED)


def _indented(block: str) -> str:
    return "\n".join(f"  {line}" for line in block.translate(_ESCAPED_IN_BLOCKS).split("\n"))
