# SPDX-License-Identifier: Apache-2.0
"""What a set of wheels that share one namespace must obey.

Each rule takes the wheels and yields one line of text for each place that breaks it.
"""

import zipfile
from collections.abc import Iterator, Sequence
from email.message import Message
from email.parser import BytesParser
from functools import cached_property
from pathlib import Path, PurePosixPath

_LEAST_README = 40  # characters: a title alone says nothing


class Wheel:
    """The names and the metadata in one wheel file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with zipfile.ZipFile(path) as archive:
            files = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}

        self.metadata_folder = next(
            name.split("/")[0] for name in files if name.endswith(".dist-info/METADATA")
        )
        self.files = {
            name: content for name, content in files.items() if name.startswith(self.metadata_folder)
        }
        self.payload = sorted(files.keys() - self.files.keys())

    @cached_property
    def metadata(self) -> Message:
        return BytesParser().parsebytes(self.files[f"{self.metadata_folder}/METADATA"])

    @property
    def name(self) -> str:
        return str(self.metadata["Name"])

    @property
    def readme(self) -> str:
        return str(self.metadata.get_payload())

    @property
    def licences(self) -> list[bytes]:
        """The texts of the licence files in the metadata."""
        folder = f"{self.metadata_folder}/licenses/"
        return [content for name, content in self.files.items() if name.startswith(folder)]

    @property
    def owned_packages(self) -> list[PurePosixPath]:
        """The outermost folders with an `__init__.py`: what this wheel brings, not what it extends."""
        packages = {PurePosixPath(name).parent for name in self.payload if name.endswith("/__init__.py")}
        return sorted(package for package in packages if package.parent not in packages)


def collisions(wheels: Sequence[Wheel]) -> Iterator[str]:
    """No two wheels ship the same path."""
    owners: dict[str, str] = {}
    for wheel in wheels:
        for name in wheel.payload:
            if name in owners:
                yield f"{name} is in {owners[name]} and in {wheel.name}"

            owners[name] = wheel.name


def closed_namespaces(wheels: Sequence[Wheel]) -> Iterator[str]:
    """No wheel ships `pyfly/__init__.py`, and nothing outside `pyfly`."""
    for wheel in wheels:
        for name in wheel.payload:
            if name == "pyfly/__init__.py":
                yield f"{wheel.name} ships {name}: it would hide all other distributions"
            elif not name.startswith("pyfly/"):
                yield f"{wheel.name} ships {name}, which is outside the namespace"


def untyped_packages(wheels: Sequence[Wheel]) -> Iterator[str]:
    """Each package that a wheel owns has a `py.typed`, in its own folder or further up in the same wheel."""
    for wheel in wheels:
        for package in wheel.owned_packages:
            if not any(f"{folder}/py.typed" in wheel.payload for folder in (package, *package.parents)):
                yield f"{wheel.name} ships {package} without py.typed"


def missing_papers(wheels: Sequence[Wheel], licence: bytes) -> Iterator[str]:
    """Each wheel carries the licence text, and a README as its description."""
    for wheel in wheels:
        if licence not in wheel.licences:
            yield f"{wheel.name} does not carry the text of LICENSE in its metadata"

        if len(wheel.readme.strip()) < _LEAST_README:
            yield f"{wheel.name} has no README in its metadata"
