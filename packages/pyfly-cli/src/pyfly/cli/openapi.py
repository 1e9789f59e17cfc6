# SPDX-License-Identifier: Apache-2.0
"""The command ``pyfly openapi``."""

from pathlib import Path

import click

from pyfly.cli.inspection.options import Inspection, inspection_options


@click.command("openapi")
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "yaml"]),
    help="How to write it.  [default: as the file is called, else json]",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; standard output if not given.",
)
@inspection_options
def openapi_cmd(inspection: Inspection, form: str | None, output: Path | None) -> None:
    """Write the OpenAPI document of an application; it is not started.

    It is the document that /openapi.json serves. Beans that change it take part where they are made from
    settings alone; others are named on standard error.
    """
    from pyfly.cli.inspection.document import document_of, rendered

    if inspection.as_json and form == "yaml":
        raise click.UsageError("--json and --format yaml exclude each other.")

    if inspection.url is None:
        document = inspection.of(document_of)
    else:
        document = inspection.remote(inspection.url).get_document("/openapi.json")

    by_name = "yaml" if output is not None and output.suffix in (".yaml", ".yml") else "json"
    text = rendered(document, "json" if inspection.as_json else form or by_name)
    if output is None:
        click.echo(text.encode("utf-8"), nl=False)
    else:
        output.write_text(text, "utf-8")
