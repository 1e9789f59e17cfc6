# SPDX-License-Identifier: Apache-2.0
"""Imports that the importer of an installed distribution carries out."""

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from pyfly.config._imports.importers import importer_of, installed_schemes
from pyfly.config._imports.locations import CONFIG_SERVER, Location, shown
from pyfly.config._imports.policy import ImportPolicy
from pyfly.config._imports.thread import Overdue, run_to_end
from pyfly.config._imports.unflatten import unflatten
from pyfly.config._names import canonical
from pyfly.config._sources.readings import Readings
from pyfly.config._sources.source import Source
from pyfly.config.import_errors import ImporterError, ImportTimeoutError, UnknownImportSchemeError
from pyfly.config.imports import ConfigImporter, ImportedSource, ImportRequest, ReadableConfig

_log = logging.getLogger("pyfly.config")


class RemoteImport(NamedTuple):
    """One import by an importer.

    Attributes:
        location: What is wanted.
        named_by: What names it, None when that is not known.
        directory: What a relative path is relative to.
        configuration: The configuration so far.
        policy: How imports are carried out.
        must: Whether a failure is one in any case, as settings of this place are in force.
        readings: What has been read already; None to fetch it in any case.
    """

    location: Location
    named_by: str | None
    directory: Path
    configuration: ReadableConfig
    policy: ImportPolicy
    must: bool
    readings: Readings | None

    def load(self, check: Callable[[tuple[Source, ...]], None]) -> tuple[Source, ...]:
        """Fetch the layers, none when the import fails and may.

        Args:
            check: Raises when the layers set what no import can set.

        Raises:
            Exception: What the importer raises, if the import must not fail.
        """
        location, policy = self.location, self.policy
        if location.scheme == CONFIG_SERVER and not policy.enabled:
            return ()

        importer = importer_of(location.scheme)
        if importer is None:
            unknown = UnknownImportSchemeError(
                location.shown, location.scheme, installed_schemes(), self.named_by
            )
            return self._failed(unknown, mandatory=not location.bare or policy.fail_fast)

        remote = getattr(importer, "remote", True)
        if remote and not policy.enabled:
            return ()

        try:
            sources = self._sources(importer)
            check(sources)
            return sources
        except Exception as error:
            return self._failed(error, mandatory=policy.fail_fast or not remote)

    def _sources(self, importer: ConfigImporter) -> tuple[Source, ...]:
        request, fetch = self._request(), partial(self._fetch, importer)
        if self.readings is None:
            return fetch(request)

        # Only a launcher and what it starts share their readings.
        from pyfly.config._imports.remembered import imported_once

        return imported_once(self.readings, self.location.scheme, request, fetch)

    def _fetch(self, importer: ConfigImporter, request: ImportRequest) -> tuple[Source, ...]:
        try:
            found: Any = run_to_end(lambda: importer.load(request), request.timeout)
        except Overdue:
            raise ImportTimeoutError(self.location.shown, request.timeout) from None

        if not isinstance(found, Sequence) or not all(isinstance(item, ImportedSource) for item in found):
            cls = type(importer)
            name = f"{cls.__module__}:{cls.__qualname__}"
            raise ImporterError(self.location.scheme, name, "has not given a sequence of ImportedSource")

        return tuple(map(self._layer, found))

    def _request(self) -> ImportRequest:
        config = self.configuration
        name = config.get("pyfly.cloud.config.name") or config.get("pyfly.app.name", "pyfly-app")
        return ImportRequest(
            location=self.location.target,
            application=str(name),
            profiles=tuple(config.active_profiles),
            label=str(config.get("pyfly.cloud.config.label", "main")),
            optional=self.location.optional,
            directory=self.directory,
            timeout=self.policy.timeout,
            configuration=config,
        )

    def _layer(self, imported: ImportedSource) -> Source:
        name = shown(imported.name)

        def conflict(key: str) -> None:
            _log.warning("%s: %s is a value and has keys below it; the value is left out", name, key)

        lines: Mapping[str, int] = {canonical(key): line for key, line in imported.lines.items()}
        return Source(name, unflatten(imported.data, conflict), lines=lines)

    def _failed(self, error: Exception, mandatory: bool) -> tuple[Source, ...]:
        named_by = f" (from {self.named_by})" if self.named_by else ""
        if self.must or (mandatory and not self.location.optional):
            error.add_note(f"While importing {self.location.shown}{named_by}")
            raise error

        reason = shown(f"{type(error).__name__}: {error}")
        _log.warning(
            "Cannot import %s%s: %s; the application goes on without it",
            self.location.shown,
            named_by,
            reason,
        )
        return ()
