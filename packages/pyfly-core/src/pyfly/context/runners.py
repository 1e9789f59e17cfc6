# SPDX-License-Identifier: Apache-2.0
"""Work that runs once, after the beans are ready and before the application counts as ready."""

import sys
from collections.abc import Sequence
from typing import Protocol, runtime_checkable


class ApplicationArguments:
    """The command line of the application, told apart into options and the rest.

    ``--key=value`` and ``--key`` are options, an option may come several times; everything else, and
    everything after a lone ``--``, is not.

    Args:
        source: The arguments without the program's name; those of the process when omitted.
    """

    def __init__(self, source: Sequence[str] | None = None) -> None:
        self._source = tuple(sys.argv[1:] if source is None else source)
        self._options: dict[str, list[str]] = {}
        self._rest: list[str] = []
        options_ended = False
        for argument in self._source:
            if options_ended or not argument.startswith("--"):
                self._rest.append(argument)
            elif argument == "--":
                options_ended = True
            else:
                self._add_option(argument)

    def _add_option(self, argument: str) -> None:
        name, separator, value = argument[2:].partition("=")
        if not name:
            raise ValueError(f"Command-line option {argument!r} has no name; write --name=value")

        values = self._options.setdefault(name, [])
        if separator:
            values.append(value)

    @property
    def source_args(self) -> list[str]:
        """The arguments as they were given."""
        return list(self._source)

    @property
    def option_names(self) -> set[str]:
        """The names of all options given."""
        return set(self._options)

    @property
    def non_option_args(self) -> list[str]:
        """The arguments that are not options, in order."""
        return list(self._rest)

    def contains_option(self, name: str) -> bool:
        """Tell whether an option was given, with or without a value.

        Args:
            name: The option's name without the dashes.
        """
        return name in self._options

    def option_values(self, name: str) -> list[str] | None:
        """Give the values of an option.

        Args:
            name: The option's name without the dashes.

        Returns:
            The values in order, empty for a bare ``--name``, and ``None`` when the option was not given.
        """
        values = self._options.get(name)
        return None if values is None else list(values)


@runtime_checkable
class ApplicationRunner(Protocol):
    """A bean whose `run` gets the parsed command line; several run in ``@order``."""

    async def run(self, args: ApplicationArguments) -> None:
        """Do the work.

        Args:
            args: The parsed command line.
        """
        ...


@runtime_checkable
class CommandLineRunner(Protocol):
    """A bean whose `run` gets the plain command line; several run in ``@order``."""

    async def run(self, args: list[str]) -> None:
        """Do the work.

        Args:
            args: The arguments without the program's name.
        """
        ...
