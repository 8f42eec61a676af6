"""Dates whose parts stand in blocks of their own, one above the other, as in the leaf of a calendar."""

from agents.clean.metadata.dates.calendars import calendar
from agents.clean.metadata.dates.parsing import DIGITS, FoundDate, read_date

#: Characters of a part, blocks of a date.
MAX_PART, MAX_PARTS = 14, 3


def boxed_date(texts: list[str], at: int, language: str) -> FoundDate | None:
    """Return the day, month and year that some blocks from one on are, and nothing else; None where they are not.

    The year stands first or last, and the month has to be a name: of three numbers nobody knows the order.
    """
    words: list[str] = []
    for number, text in enumerate(texts[at : at + MAX_PARTS], start=1):
        if len(text) > MAX_PART:
            return None
        words += text.translate(DIGITS).replace(",", " ").split()
        if len(words) > MAX_PARTS:
            return None
        if number > 1 and len(words) == MAX_PARTS:
            return _read(words, language)
    return None


def _read(words: list[str], language: str) -> FoundDate | None:
    if len(words[1]) == 4 and words[1].isdigit():
        return None  # a month and its year, and a cell of the calendar below
    numbers = [word for word in words if word.isdigit()]
    days, years = [word for word in numbers if len(word) <= 2], [word for word in numbers if len(word) == 4]
    if not (len(days) == len(years) == 1):
        return None
    names = [word for word in words if not word.isdigit() and calendar().month(word, language)]
    if len(names) != 1:
        return None
    return read_date(f"{days[0]} {names[0]} {years[0]}", language)
