"""Below a release: the sign by which it ends, and who answers journalists."""
# ruff: noqa: RUF001 - the signs that look like others are what is matched

import re

from agents.clean.edge_words import LINE_CHARS, edge_words, ends_sentence

#: Fewest paragraphs above the sign that ends a release.
LEAST_ABOVE = 3
#: Most characters of that sign.
END_CHARS = 16
#: Most paragraphs and lines of an address for journalists.
CONTACT_LINES = 10
#: Most characters of its label.
LABEL_CHARS = 60
_END = re.compile(
    r"#\s?#\s?#|[-–—*]{1,3}\s?(?:30|ENDS?|ENDE|EINDE|FINE?|FIM|KONIEC|KONEC|SLUT|SLUTT|LOPPU|終|完|끝)\s?[-–—*]{1,3}|ENDS\.?"
)


def above_end(paragraphs: list[str]) -> list[str]:
    """Return a release's paragraphs above its end sign; those below are notes to editors."""
    for at in range(max(LEAST_ABOVE, len(paragraphs) - CONTACT_LINES), len(paragraphs)):
        if len(paragraphs[at]) <= END_CHARS and _END.fullmatch(paragraphs[at]):
            above, below = (sum(map(len, part)) for part in (paragraphs[:at], paragraphs[at:]))
            return paragraphs[:at] if 2 * below <= above else paragraphs
    return paragraphs


def without_contacts(paragraphs: list[str]) -> list[str]:
    """Return an article's paragraphs without the address of who answers journalists, and its label, at the end."""
    known, last = edge_words(), len(paragraphs)
    for at in range(max(1, last - CONTACT_LINES), last):
        label, *rest = paragraphs[at].split("\n", CONTACT_LINES)
        if (
            len(label) <= LABEL_CHARS
            and known.contacts_begin.may_begin(label)
            and known.contacts.fullmatch(label)
            and not any(len(text) > LINE_CHARS or ends_sentence(text) for text in (*rest, *paragraphs[at + 1 :]))
        ):
            return paragraphs[:at]
    return paragraphs
