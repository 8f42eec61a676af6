"""`wirewatch schema`: the records as JSON Schemas, the topics as an AsyncAPI document."""

from pathlib import Path

import click

from wirewatch import schema as schemas
from wirewatch.cli.console import output


@click.command()
@click.argument("record", required=False)
@click.option(
    "--write",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write all schemas and asyncapi.json into this folder.",
)
def schema(record: str | None, write: Path | None) -> None:
    """Print the JSON Schema of RECORD, or the AsyncAPI document without RECORD.

    RECORD is raw, clean, duplicate, tagged, story, trend, digest, dead, watch,
    alert, delivery, source, health, or explanation (of apply --explain).

    \b
    wirewatch schema tagged
    wirewatch schema --write schemas/
    """
    if write is not None:
        for name in schemas.write_all(write):
            output.print(name)
        return
    document = schemas.asyncapi() if record is None else schemas.json_schema(record)
    click.echo(schemas.text_of(document))
