"""The commands of the command line, for the tests that hold the documentation to them."""

import click


def commands(group: click.Group, prefix: str = "") -> dict[str, click.Command]:
    """Return every command by its full name."""
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= commands(command, f"{prefix}{name} ")
        else:
            found[prefix + name] = command
    return found
