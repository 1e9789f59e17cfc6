# SPDX-License-Identifier: Apache-2.0
"""Names under which secrets are kept."""

import re
from typing import Final

__all__ = ["HIDDEN", "looks_secret"]

HIDDEN: Final = "******"
"""What stands for a value that is not shown."""

_LONGEST: Final = 200
_SECRET_NAME: Final = re.compile(
    r"pass(?:word|wd|phrase|code)|pwd|secret|credential|token|authorization|cookie|api_?key|private_?key"
    r"|(?:^|_)(?:pass|pin|cvc|cvv|ssn|dsn|otp|iban)(?:_|$)|card_?number"
)
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def looks_secret(name: str) -> bool:
    """Tell whether a name is one under which secrets are kept, such as ``password`` or ``user.apiKey``."""
    plain = _CAMEL.sub("_", name[-_LONGEST:]).lower().replace("-", "_").replace(".", "_")
    return _SECRET_NAME.search(plain) is not None
