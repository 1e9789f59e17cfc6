# SPDX-License-Identifier: Apache-2.0
"""The command ``pyfly info``."""

from typing import Any

import click


@click.command("info")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def info_command(as_json: bool) -> None:
    """Show what is installed: distributions, extras, servers, event loops, web adapters."""
    # Imported late: the help of the command needs no metadata.
    from pyfly.cli.installation import installation
    from pyfly.cli.output import print_json

    facts = installation()
    if as_json:
        print_json(facts)
    else:
        _show(facts)


def _show(facts: dict[str, Any]) -> None:
    from pyfly.cli.output import table

    environment = facts["environment"]
    click.echo(f"{facts['framework']['name']} {facts['framework']['version']}\n")
    table(
        "Environment",
        ["Name", "Value"],
        [
            ("Python", f"{environment['python']} ({environment['implementation']})"),
            ("Platform", environment["platform"]),
            ("Architecture", environment["architecture"]),
            ("Executable", environment["executable"]),
            ("Virtual environment", environment["virtualEnvironment"] or "none"),
        ],
    )
    click.echo()
    table(
        "Installed Distributions",
        ["Name", "Version"],
        [(it["name"], it["version"]) for it in facts["distributions"]],
    )
    click.echo()
    table(
        "Installed Extras",
        ["Extra", "Installed"],
        [(it["name"], "yes" if it["installed"] else "no") for it in facts["extras"]],
    )
    for title, key in (
        ("Servers", "servers"),
        ("Event Loops", "eventLoops"),
        ("Web Adapters", "webAdapters"),
    ):
        click.echo()
        table(
            title,
            ["Name", "Version", "From"],
            [(it["name"], _version(it), it["distribution"]) for it in facts[key]],
        )


def _version(plugged_in: dict[str, Any]) -> str:
    if not plugged_in["available"]:
        return "not installed"

    return plugged_in["version"] or ""
