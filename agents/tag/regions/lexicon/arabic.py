"""Particles and the article that Arabic writes onto words."""

from collections.abc import Iterator


def without_particles(word: str) -> Iterator[str]:
    """Yield an Arabic word, then the word without its leading particles and article."""
    yield word
    if len(word) < 4:
        return
    if word[0] in "وفبلك":
        yield word[1:]
        if word.startswith("لل"):
            yield "ال" + word[2:]  # the article after this particle loses its first letter
            yield word[2:]
        if word[1:3] == "ال":
            yield word[3:]
        if len(word) > 5 and word[0] in "وف" and word[1] in "بلك":
            yield word[2:]
            if word[2:4] == "ال" or word[1:3] == "لل":
                yield word[4:] if word[2:4] == "ال" else word[3:]
    if word.startswith("ال"):
        yield word[2:]
