# SPDX-License-Identifier: Apache-2.0
"""The web layer on FastAPI."""

from pyfly.kernel.lazy_names import lazy_names as _lazy_names

__all__ = [
    "FastAPIWebAdapter",
    "create_app",
]

# Who only looks at the auto-configuration does not pay for the runtime.
__getattr__ = _lazy_names(
    __name__,
    {
        "FastAPIWebAdapter": "pyfly.web.adapters.fastapi.adapter",
        "create_app": "pyfly.web.adapters.fastapi.app",
    },
)
