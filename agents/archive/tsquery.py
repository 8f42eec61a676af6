"""Features and searches as PostgreSQL's full-text search takes them."""

from agents.archive.expressions import Grammar


def lexemes(features: frozenset[str]) -> list[str]:
    """Return features as PostgreSQL takes them: without NUL."""
    return [feature.replace("\x00", "") or "_" for feature in features]


def quoted(word: str) -> str:
    """Quote a lexeme for a tsquery."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


#: A tsquery.
TSQUERY = Grammar(" & ", " | ", quoted, lambda letters: f"{quoted(letters)}:*")


def matching(expression: str) -> tuple[str, tuple[str, ...]]:
    """Return the condition of a search and its value; an empty one finds everything."""
    return ("features @@ %s::tsquery AND", (expression,)) if expression else ("", ())
