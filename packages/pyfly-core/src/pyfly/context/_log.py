# SPDX-License-Identifier: Apache-2.0
"""The logger of the context."""

import logging
from typing import Final

log: Final = logging.getLogger("pyfly.context")
