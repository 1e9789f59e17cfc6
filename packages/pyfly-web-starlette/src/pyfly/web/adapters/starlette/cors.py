# SPDX-License-Identifier: Apache-2.0
"""Cross-origin requests, answered by Starlette's middleware."""

from pyfly.web.cors import CORSConfig
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

__all__ = ["cors_middleware"]


def cors_middleware(config: CORSConfig) -> Middleware:
    """Return the middleware that answers preflights and adds the headers of CORS to all other answers.

    It belongs outside of everything that answers requests, so that errors carry the headers too.

    Args:
        config: Who may do what.
    """
    return Middleware(
        CORSMiddleware,
        allow_origins=config.allowed_origins,
        allow_methods=config.allowed_methods,
        allow_headers=config.allowed_headers,
        allow_credentials=config.allow_credentials,
        allow_origin_regex=config.origin_expression,
        allow_private_network=config.allow_private_network,
        expose_headers=config.exposed_headers,
        max_age=config.max_age,
    )
