"""Names of months and days, and the words around them, from all language files."""
# ruff: noqa: RUF001 - the characters that look like others are what is matched

import re
from dataclasses import dataclass
from functools import lru_cache

from agents.clean.languages import gather, languages
from agents.clean.languages.phrases import any_of
from agents.clean.text.words import without_accents
from streams.text.word_lists import word_lists


def fold(name: str) -> str:
    """Return a name without case, and with one `i` for the dotted and the dotless one (as `re.IGNORECASE` has it)."""
    return name.casefold().replace("i̇", "i").replace("ı", "i")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Names and patterns of dates, from all language files.

    `months`: names that mean one month in all languages that have a file; `own_months`: each language's, those of languages
    without a file too; `weekdays`: names that mean one day
    in all languages, Monday is 0; `month_first`: BCP 47 tags; `ordinals`, `joiners`: sources of patterns, what is glued to a
    day and the words, with the space behind them, between day and month.
    """

    months: dict[str, int]
    own_months: dict[str, dict[str, int]]
    weekdays: dict[str, int]
    month_first: frozenset[str]
    ordinals: str
    joiners: str
    day_first: re.Pattern[str]
    morning: re.Pattern[str]
    afternoon: re.Pattern[str]

    def month(self, name: str, language: str) -> int:
        """Return a month by its name, with or without a full stop, 0 where there is none."""
        name = fold(name.strip(" .,-/،'’׳")).partition("/")[0].rstrip()  # Arabic news gives both names: فبراير/شباط
        own = self.own_months.get(language.lower().partition("-")[0], {})
        return own.get(name) or self.months.get(name, 0)


@lru_cache(1)
def calendar() -> Calendar:
    """Return the calendar, built once a process."""
    own: dict[str, dict[str, int]] = {}
    for code, language in languages().items():
        names = {
            fold(name).rstrip("׳"): number for number, row in enumerate(language.dates.months, start=1) for name in row
        }
        names |= {fold(name): number for name, number in language.dates.own_months.items()}
        own[code] = {without_accents(name): number for name, number in names.items()} | names
    meanings: dict[str, set[int]] = {}
    for names in own.values():
        for name, number in names.items():
            meanings.setdefault(name, set()).add(number)
    own |= months_elsewhere()
    days: dict[str, set[int]] = {}
    for language in languages().values():
        for number, row in enumerate(language.dates.weekdays):
            for name in row:
                days.setdefault(fold(name), set()).add(number)
    joiners = "|".join(
        re.escape(word) + ("" if word.endswith("'") else " ")
        for word in sorted(gather(lambda item: item.dates.joiners), key=len, reverse=True)
    ).replace("'", "['’]")
    ordinals = "|".join(map(re.escape, sorted(gather(lambda item: item.dates.ordinals), key=len, reverse=True)))
    with_numbers = {name for names in own.values() for name in names if any(map(str.isdigit, name))}
    numbered = "|".join(rf"{re.escape(name)}(?!\d)" for name in sorted(with_numbers, key=len, reverse=True))
    return Calendar(
        months={name: min(numbers) for name, numbers in meanings.items() if len(numbers) == 1},
        own_months=own,
        weekdays={name: min(numbers) for name, numbers in days.items() if len(numbers) == 1},
        month_first=frozenset(gather(lambda item: item.dates.month_first)),
        ordinals=ordinals,
        joiners=joiners,
        # The name is looked up: trying hundreds of them in the pattern is slow.
        day_first=re.compile(
            rf"(?<!\d)(\d{{1,2}})(?:{ordinals})?[\s\-/.،,]*(?:{joiners})?\s*({numbered}|[^\W\d_]\D{{1,15}}?(?:/[^\W\d_]\D{{1,14}}?)?)"
            rf"(?:[\s\-/،,'’]+(?:{joiners})?\s*)?(\d{{4}}|\d\d)(?!\d)",
            re.IGNORECASE,
        ),
        morning=_beside_clock(any_of(gather(lambda item: item.dates.morning))),
        afternoon=_beside_clock(any_of(gather(lambda item: item.dates.afternoon))),
    )


def months_elsewhere() -> dict[str, dict[str, int]]:
    """Return the months of languages that have no file, by code; they are read on pages that claim such a language."""
    found: dict[str, dict[str, int]] = {}
    for code, rows in word_lists("agents.clean.metadata", "month_names.toml").items():
        names = {fold(name): number for number, row in enumerate(rows, start=1) for name in row.split()}
        found[code] = {without_accents(name): number for name, number in names.items()} | names
    # Uzbek papers write the older names too, which are those of Azerbaijani: oktyabr.
    found["uz"] = found["az"] | found["uz"]
    # Montenegrin, and the older tag of all four, have the months of Bosnian.
    found |= dict.fromkeys(("cnr", "sh", "me"), found["bs"])
    return found


def _beside_clock(words: str) -> re.Pattern[str]:
    """Return the pattern of words that stand right before or behind a time of day, whose place is a `|`."""
    return re.compile(rf"{words}\s*\||\|\s*{words}")
