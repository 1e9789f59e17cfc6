# SPDX-License-Identifier: Apache-2.0
"""What the commands that look at an application have in common."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from pyfly.cli.environment import applied, launch_environment
from pyfly.cli.options import launch_options

T = TypeVar("T")

_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Inspection:
    """Which application a command looks at, and how it shows what it finds.

    Attributes:
        app: The import string of the application; None to discover it.
        profiles: Profiles to activate.
        defines: ``KEY=VALUE`` texts that override configuration keys.
        env_vars: ``NAME=VALUE`` texts that set environment variables.
        url: Where an application runs that is asked instead; None to look at the one of this folder.
        timeout: How long an answer may take, in seconds.
        headers: Headers of requests, by name.
        as_json: Whether the findings are printed as JSON.
    """

    app: str | None
    profiles: tuple[str, ...]
    defines: tuple[str, ...]
    env_vars: tuple[str, ...]
    url: str | None
    timeout: float
    headers: Mapping[str, str]
    as_json: bool

    def of(self, look: Callable[[Any], T]) -> T:
        """Look at the application of this folder, which is imported and never started.

        Args:
            look: Called with an `InspectedApplication`; its result must not need it any more.
        """
        # Imported late: the help of a command needs no application.
        from pyfly.cli.inspection.application import look_at

        return self.in_place(lambda directory: look_at(directory, self.app, look))

    def in_place(self, work: Callable[[Path], T]) -> T:
        """Work in this folder with the settings of the options.

        Args:
            work: Called with the folder, while it is importable and the variables are set.
        """
        variables = launch_environment(profiles=self.profiles, defines=self.defines, env_vars=self.env_vars)
        directory = Path.cwd()
        with applied(variables, directory):
            return work(directory)

    def remote(self, url: str) -> Any:
        """Return a client of the application that runs at an address."""
        from pyfly.cli.inspection.actuator_client import ActuatorClient

        return ActuatorClient(url, timeout=self.timeout, headers=self.headers)

    def show(
        self,
        endpoint: str,
        look: Callable[[Any], Mapping[str, Any]],
        show: Callable[[Mapping[str, Any]], None],
    ) -> None:
        """Print what an endpoint of the actuator tells, of the application here or of one that runs.

        Args:
            endpoint: The id of the endpoint.
            look: Makes the same of an `InspectedApplication`.
            show: Prints it for people.

        Raises:
            InspectionError: The running application does not answer as it should.
        """
        payload = self.of(look) if self.url is None else self.remote(self.url).get(endpoint)
        self.print(payload, show)

    def print(self, payload: Any, show: Callable[[Any], None]) -> None:
        """Print a payload as JSON, or as ``show`` prints it for people.

        Raises:
            InspectionError: It came from elsewhere, and has not the shape that it should have.
        """
        if self.as_json:
            from pyfly.cli.output import print_json
            from pyfly.kernel.json_ready import json_ready

            print_json(json_ready(payload))
            return

        try:
            show(payload)
        except (AttributeError, KeyError, TypeError) as error:
            if self.url is None:
                raise

            from pyfly.cli.inspection.errors import InspectionError

            raise InspectionError(
                f"{self.url} tells it in a form that this version does not know ({error!r}).",
                "Use --json to see it as it is.",
            ) from None


def inspection_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of an inspection; its first parameter is the `Inspection`."""

    @click.pass_context
    @wraps(command)
    def call(ctx: click.Context, /, **given: Any) -> None:
        own = {name: given.pop(name) for name in Inspection.__slots__}
        _refuse_mixture(ctx, own)
        own["timeout"] = _SECONDS if own["timeout"] is None else own["timeout"]
        command(Inspection(**own), **given)

    for option in reversed(_OPTIONS):
        call = option(call)

    return launch_options(call)


def _headers(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for text in values:
        name, separator, value = text.partition("=")
        if not (separator and name.strip()):
            raise click.BadParameter(f"{text!r} is not of the form NAME=VALUE.", ctx, param)

        headers[name.strip()] = value.strip()

    return headers


def _refuse_mixture(ctx: click.Context, given: Mapping[str, Any]) -> None:
    """Refuse options that would be without effect."""
    here = {"app": "--app", "profiles": "--profile", "defines": "--define", "env_vars": "--env"}
    there = {"timeout": "--timeout", "headers": "--header"}
    if given["url"] is None:
        useless = [option for name, option in there.items() if given[name]]
        if useless:
            raise click.UsageError(f"{', '.join(useless)} is for an application that runs: give --url too.")

        return

    useless = [
        option
        for name, option in here.items()
        if given[name] and ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE
    ]
    if useless:
        raise click.UsageError(f"{', '.join(useless)} has no effect on an application that runs (--url).")


_OPTIONS = (
    click.option("--json", "as_json", is_flag=True, help="Print JSON."),
    click.option(
        "--url", metavar="URL", help="Ask the application that runs there, through its actuator, instead."
    ),
    click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        help="With --url: how long an answer may take.  [default: 10]",
    ),
    click.option(
        "--header",
        "headers",
        multiple=True,
        callback=_headers,
        metavar="NAME=VALUE",
        help="With --url: a header of the requests, such as Authorization; repeatable.",
    ),
)
