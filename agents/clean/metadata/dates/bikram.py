"""Days of Nepal's calendar, Bikram Sambat, whose months are as long as the sun stays in a sign: each year otherwise."""

import re
from datetime import date, timedelta

#: Months in the spellings of Nepali papers, in Nagari and in Latin letters, the month of the new year (mid-April) first.
_SPELT = (
    "बैशाख वैशाख बैसाख baishakh baisakh",
    "जेठ जेष्ठ ज्येष्ठ jestha jeth",
    "असार आषाढ असाढ asar ashadh",
    "साउन श्रावण सावन shrawan saun sawan",
    "भदौ भाद्र भाद्रपद bhadra bhadau",
    "असोज आश्विन ashwin asoj ashoj",
    "कात्तिक कार्तिक कार्त्तिक kartik kattik",
    "मंसिर मङ्सिर मार्ग मंसीर mangsir",
    "पुस पुष पौष poush push paush",
    "माघ magh",
    "फागुन फाल्गुन फाल्गुण falgun phalgun fagun",
    "चैत चैत्र chaitra chait",
)
MONTHS = {name: number for number, names in enumerate(_SPELT, start=1) for name in names.split()}
#: Days of each month above 29, twelve a year, as the country's calendars have them (two public converters agree).
_LENGTHS = (
    "232321110012132321110102223222101011223321101011232321110012222322010102223222101011"
    "223321101011232321110012222322011002223222101011223321101011232321110012222322011011"
    "223222101011232321101011232321110012222322101011223222101011232321110011232321110102"
    "222322101011223222101011232321110011232321110102223222101011223222101011223221110111"
)
#: The first of those years, and its first day. The last ends in April 2028: add each year's months before it begins.
_FIRST_YEAR, _FIRST_DAY = 2057, date(2000, 4, 13)

#: A name: the vowels of Nagari are marks and no letters.
_NAME = r"([^\s\d,;:()|/.]{2,10})"
_YEAR = r"(20[5-8]\d)(?!\d)"
_THIS_CENTURY = re.compile(r"20[5-8]\d")
_NAMED = (
    (re.compile(rf"(?<!\d)(\d{{1,2}})\s+{_NAME},?\s+{_YEAR}"), (3, 2, 1)),
    (re.compile(rf"(?<!\d){_YEAR}(?:\s+साल)?,?\s+{_NAME}\s+(\d{{1,2}})(?!\d)"), (1, 2, 3)),
    (re.compile(rf"{_NAME}\s+(\d{{1,2}})(?:\s+गते)?,?\s+{_YEAR}"), (3, 1, 2)),
)
_NUMBERS = re.compile(rf"(?<!\d){_YEAR}([-/.।])(\d{{1,2}})\2(\d{{1,2}})(?!\d)")


def bikram_day(text: str, language: str) -> tuple[date, int, int] | None:
    """Return the first day of Nepal's calendar in a text (digits 0 to 9), and where it stands; None without one.

    Days in numbers alone are read on pages in Nepali: elsewhere such a year is one to come.
    """
    if _THIS_CENTURY.search(text) is None:
        return None
    for pattern, (year, name, day) in _NAMED:
        for match in pattern.finditer(text):
            month = MONTHS.get(match[name].lower())
            if month and (found := bikram(int(match[year]), month, int(match[day]))):
                return found, match.start(), match.end()
    numbers = _NUMBERS.search(text) if language[:2] == "ne" else None
    if numbers and (found := bikram(int(numbers[1]), int(numbers[3]), int(numbers[4]))):
        return found, numbers.start(), numbers.end()
    return None


def bikram(year: int, month: int, day: int) -> date | None:
    """Return a day of Nepal's calendar, or None where it has none or its year's months are not known."""
    before = 12 * (year - _FIRST_YEAR) + month - 1
    if not (0 <= before < len(_LENGTHS) and 1 <= month <= 12):
        return None
    *passed, longest = (29 + int(digit) for digit in _LENGTHS[: before + 1])
    return _FIRST_DAY + timedelta(sum(passed) + day - 1) if 1 <= day <= longest else None
