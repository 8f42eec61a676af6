"""Author boxes: paragraphs about an article's authors at the edges of its text, one-paragraph biographies too."""

from agents.clean.edge_words import EDGE, LETTERS, edge_words, ends_sentence, is_line
from agents.clean.metadata.bylines.names import plain
from agents.clean.metadata.bylines.words import is_role, squash

#: Characters of a label above what is told of the author, at most.
LABEL_CHARS = 60
#: Fewest paragraphs of text above a biography.
LEAST_ABOVE = 3
#: Most characters of a biography.
BIOGRAPHY_CHARS = 500
#: Characters at a biography's beginning in which its author is named.
NAME_CHARS = 80
#: Paragraphs at the beginning, one of which may be about an author.
BOX_ABOVE = 2
#: Most words from the beginning of such a paragraph to the author's role.
ROLE_WITHIN = 10


def without_author_box(paragraphs: list[str]) -> list[str]:
    """Return an article's paragraphs without the lines at the end that tell of its author, below their heading."""
    for at in range(max(1, len(paragraphs) - EDGE), len(paragraphs)):
        if len(paragraphs[at]) <= LABEL_CHARS and edge_words().about_author.fullmatch(paragraphs[at]):
            return paragraphs[:at]
    return paragraphs


def without_box_above(paragraphs: list[str], people: set[str]) -> list[str]:
    """Drop the author box at an article's beginning: a paragraph that names an author and soon her role.

    `people`: the authors' names, squashed.
    """
    for at, text in enumerate(paragraphs[:BOX_ABOVE] if people and len(paragraphs) > LEAST_ABOVE else ()):
        if (
            len(text) <= BIOGRAPHY_CHARS
            and any(map(squash(text[:NAME_CHARS]).startswith, people))
            and any(is_role(plain(word)) for word in text.split()[:ROLE_WITHIN])
        ):
            return [*paragraphs[:at], *paragraphs[at + 1 :]]
    return paragraphs


def without_biographies(paragraphs: list[str], people: set[str]) -> list[str]:
    """Return an article's paragraphs without the last ones, where they begin with authors' names that stand nowhere above.

    The first paragraph may name them too: decks of opinions do. `people`: their names, squashed. An agency is none of them:
    "Example News has asked the ministry for comment".
    """
    end = len(paragraphs)
    while people and end > LEAST_ABOVE and len(paragraphs[end - 1]) <= BIOGRAPHY_CHARS:
        begins = squash(paragraphs[end - 1][:NAME_CHARS])
        if not any(map(begins.startswith, people)):
            break
        end -= 1
    last = paragraphs[end - 1] if paragraphs else ""
    if end == len(paragraphs) or (is_line(last) and LETTERS.search(last) and not ends_sentence(last)):
        return paragraphs  # under a heading of their own they belong to the text
    above = [squash(text) for text in paragraphs[1:end]]
    told = [name for name in people if any(squash(text[:NAME_CHARS]).startswith(name) for text in paragraphs[end:])]
    return paragraphs if any(name in text for text in above for name in told) else paragraphs[:end]
