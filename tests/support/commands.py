"""Commands, called in this process."""

from click.testing import CliRunner

from wirewatch.cli import main


def run(*words: str) -> tuple[int, str, str]:
    """Return exit code, output and errors of a command."""
    result = CliRunner().invoke(main, list(words))
    return result.exit_code, result.stdout, result.stderr
