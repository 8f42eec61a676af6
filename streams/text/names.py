"""Unknown names that somebody wrote, and the known ones that may be meant."""

from collections.abc import Iterable
from difflib import get_close_matches

#: Names that an error lists; of more it says how many there are.
MAX_LISTED = 30
#: Letters of a name that are compared: a longer one is no slip of the pen.
MAX_LETTERS = 100


def meant(name: str, known: Iterable[str]) -> str:
    """Return ` (did you mean X?)` for the known name that is nearest to one that is not known; else an empty text.

    >>> meant("harbuor", ["river", "harbour"])
    ' (did you mean harbour?)'
    """
    close = nearest(name, known)
    return f" (did you mean {close}?)" if close else ""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that is nearest to one that is not known; empty where none is near."""
    letters = {each.casefold(): each for each in known}
    close = get_close_matches(name[:MAX_LETTERS].casefold(), letters, n=1)
    return letters[close[0]] if close else ""


def those(name: str, known: Iterable[str]) -> str:
    """Return the end of an error about a wrong name: the one that may be meant, and all that there are.

    >>> those("nobody", [])
    '; there is none'
    """
    names = list(known)
    if not names:
        return "; there is none"
    listed = ", ".join(names) if len(names) <= MAX_LISTED else f"{len(names):,}"
    return f"{meant(name, names)}; there are {listed}"
