# SPDX-License-Identifier: Apache-2.0
"""The entry points by which the distributions find each other."""

import importlib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution

from house.workspace import Workspace


def unloadable_entry_points(workspace: Workspace) -> Iterator[str]:
    """Each entry point leads to something that can be imported."""
    for found in workspace.distributions:
        for group, name, value in found.entry_points:
            module, _, attributes = value.partition(":")
            try:
                target: object = importlib.import_module(module)
                for attribute in attributes.split(".") if attributes else ():
                    target = getattr(target, attribute)
            except (ImportError, AttributeError) as error:
                yield f"{found.name}: {name} = {value} ({group}): {error}"


def stale_entry_points(workspace: Workspace) -> Iterator[str]:
    """The environment has the entry points of the pyproject files; if not, `hatch env prune` renews it."""
    for found in workspace.distributions:
        try:
            installed = {
                (entry.group, entry.name, entry.value) for entry in distribution(found.name).entry_points
            }
        except PackageNotFoundError:
            yield f"{found.name}: not installed"
            continue

        for group, name, value in sorted(installed ^ set(found.entry_points)):
            yield f"{found.name}: {name} = {value} ({group}) is not in both"
