"""Months in Roman numerals, as in Polish, Hungarian and old Italian: 12 IX 2026, 2026. IX. 12."""

import re

_DAY = re.compile(
    r"(?<!\d)(?:(\d{1,2})(?:\.\s?|[\s/-])([IVX]{1,4})(?:\.\s?|[\s/-])((?:19|20)\d{2})"
    r"|((?:19|20)\d{2})\.\s?([IVX]{1,4})\.\s?(\d{1,2}))(?!\d)"
)
_MONTHS = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def with_arabic_months(text: str) -> str:
    """Return a text with its days whose month is a Roman numeral as in ISO 8601.

    To be done before a text is put in small letters, where such a month is a word: `i` is "and" in Polish.
    """
    return _DAY.sub(_arabic, text)


def _arabic(match: re.Match[str]) -> str:
    day, month, year = match.groups()[:3] if match[1] else match.groups()[:2:-1]
    return f"{year}-{_MONTHS.index(month):02}-{day:0>2}" if month in _MONTHS else match[0]
