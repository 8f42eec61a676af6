"""The sender of a press release: a paragraph at its end that says the same below each of them, and holds names and numbers.

A firm's next release shares it with the last one, and it tells nothing of an event.
"""

import re

from agents.stories.reading.words import fold
from streams.text.word_lists import word_lists

#: A line that begins so, and ends or has a colon after at most so many characters: “About Orbis:”, “Über die Orbis AG”.
NAME_CHARACTERS = 60
ABOUT = re.compile(
    rf"(?im)^[ \t#*_]*(?:{'|'.join(map(re.escape, word_lists(__package__)['about_sender']))})"
    rf"(?P<name>[^\n:\uff1a]{{1,{NAME_CHARACTERS}}})(?:[:\uff1a](?!\d)|(?<![.!?])$)"
)
#: Characters before the end of a text in which the name is looked for.
BEFORE_END = 2_000
#: And only behind this share of the text.
FROM = 0.35
#: Times that it was named before.
NAMED = 2


def without_sender(text: str) -> tuple[str, str]:
    """Return a text up to where it goes on about its sender, and who that is; all of it and no name where it does not."""
    for found in ABOUT.finditer(text, max(len(text) - BEFORE_END, int(FROM * len(text)))):
        name = max(re.findall(r"[^\W\d_]{2,}", found["name"]), key=len, default="")
        if name and text.count(name, 0, found.start()) >= NAMED:
            return text[: found.start()], fold(name)
    return text, ""
