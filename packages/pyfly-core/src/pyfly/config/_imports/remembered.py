# SPDX-License-Identifier: Apache-2.0
"""Results of imports, given again to whoever would get the same."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from pyfly.config._sources.readings import Readings
from pyfly.config._sources.source import Source
from pyfly.config.imports import ImportRequest, ReadableConfig

T = TypeVar("T")

Question = Callable[[Any], Any]
Fetch = Callable[[ImportRequest], tuple[Source, ...]]


def imported_once(
    readings: Readings, scheme: str, request: ImportRequest, fetch: Fetch
) -> tuple[Source, ...]:
    """Import, unless the same has been imported for these readings within their time.

    It is the same if everything that the importer has asked of the configuration has the same answer now.

    Args:
        readings: What has been read already.
        scheme: What kind of place it is.
        request: What is wanted.
        fetch: Imports it.

    Raises:
        Exception: What ``fetch`` raises, now or when it was called.
    """
    place = (scheme, request.location, request.directory.resolve())
    key = (*place, request.application, request.profiles, request.label)
    result: _Result | None = readings.imports.get(key)
    if result is None or not result.holds(request.configuration):
        result = readings.imports[key] = _fetched(request, fetch, time.monotonic() + readings.seconds)

    if result.failure is not None:
        raise result.failure.with_traceback(None)

    return result.sources


class _Result(NamedTuple):
    sources: tuple[Source, ...]
    failure: Exception | None
    until: float
    answers: tuple[tuple[Question, Any], ...]

    def holds(self, config: ReadableConfig) -> bool:
        return time.monotonic() < self.until and all(
            question(config) == answer for question, answer in self.answers
        )


def _fetched(request: ImportRequest, fetch: Fetch, until: float) -> _Result:
    asked = _Asked(request.configuration)
    sources: tuple[Source, ...] = ()
    failure: Exception | None = None
    try:
        sources = fetch(replace(request, configuration=asked))
    except Exception as error:
        failure = error

    return _Result(sources, failure, until, tuple(asked.answers))


class _Asked:
    """A configuration that takes down what it is asked, and what it answers."""

    def __init__(self, config: ReadableConfig) -> None:
        self._config = config
        self.answers: list[tuple[Question, Any]] = []

    @property
    def active_profiles(self) -> list[str]:
        return self._answer(lambda config: config.active_profiles)

    def get(self, key: str, default: Any = None) -> Any:
        return self._answer(lambda config: config.get(key, default))

    def origin(self, key: str) -> str | None:
        return self._answer(lambda config: config.origin(key))

    def effective_section(self, prefix: str) -> dict[str, Any]:
        return self._answer(lambda config: config.effective_section(prefix))

    def resolve_placeholders(self, text: str) -> Any:
        return self._answer(lambda config: config.resolve_placeholders(text))

    def bind(self, cls: type[T]) -> T:
        return self._answer(lambda config: config.bind(cls))

    def __getattr__(self, name: str) -> Any:
        # An importer that goes beyond the protocol gets its answer, and is asked anew the next time.
        self._never_again()
        return getattr(self._config, name)

    def _answer(self, question: Callable[[ReadableConfig], T]) -> T:
        try:
            answer = question(self._config)
        except Exception:
            self._never_again()
            raise

        self.answers.append((question, answer))
        return answer

    def _never_again(self) -> None:
        self.answers.append((lambda _: None, object()))
