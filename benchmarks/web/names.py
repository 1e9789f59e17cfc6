# SPDX-License-Identifier: Apache-2.0
"""The contenders' names, as the reports show them."""

from typing import Final

PYFLY: Final = "pyfly"
UNFILTERED: Final = "pyfly, no filters"
ON_FASTAPI: Final = "pyfly on FastAPI"
STARLETTE: Final = "Starlette"
STARLETTE_WITH_IDS: Final = "Starlette, ids and headers"
FASTAPI: Final = "FastAPI"
LITESTAR: Final = "Litestar"
BLACKSHEEP: Final = "BlackSheep"
RAW: Final = "raw ASGI"
SERIALIZER: Final = "the bare serializer"
HARNESS: Final = "the harness"
