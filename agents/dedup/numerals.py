"""Numbers that Chinese and Japanese write with characters, in digits: 十二人, 二〇二一年, 三百五十箱.

Papers that are set from top to bottom write so. As digits they are numbers as everywhere, which tell a form from a copy, and an
agency's 12人 is the paper's 十二人.
"""

import re
from typing import Final

DIGITS: Final = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "两": 2,
    "兩": 2,
}
TENS: Final = {"十": 10, "百": 100, "千": 1000}
MYRIADS: Final = {"万": 10**4, "萬": 10**4, "億": 10**8, "亿": 10**8}
#: What is counted, behind a numeral of one character. 一 is mostly none (一般, 一部), and 十分 is "enough".
_COUNTED: Final = "人名个個円元日月年歳岁件隻只艘户戶戸時时度级級台辆輛次位层層枚箱杯割倍票"
#: Characters of a number at most.
MOST_CHARACTERS: Final = 16
NUMERAL: Final = re.compile(
    rf"[〇零一二三四五六七八九十百千万萬億亿两兩]{{2,{MOST_CHARACTERS}}}|[二三四五六七八九十两兩](?=[{_COUNTED}])"
)
#: A number has one of these at least: 千万 and 万一 are words.
COUNTING: Final = re.compile("[二三四五六七八九十]|一[〇零一]")


def with_digits(text: str) -> str:
    """Return a text with its numerals as digits."""
    return NUMERAL.sub(lambda match: digits_of(match[0]), text)


def digits_of(numeral: str) -> str:
    """Return the digits of a numeral: one after the other where no ten, hundred or thousand is in it, else by their sum.

    Two digits side by side beside a ten are no number: 十四五 is the fourteenth of the five-year plans, 二十三四 some two dozen.
    """
    if not COUNTING.search(numeral):
        return numeral
    if not any(character in TENS or character in MYRIADS for character in numeral):
        return "".join(str(DIGITS[character]) for character in numeral)
    total = part = digit = 0
    for character in numeral:
        if character in DIGITS:
            if digit:
                return numeral
            digit = DIGITS[character]
        elif character in TENS:
            part, digit = part + (digit or 1) * TENS[character], 0
        else:
            total, part, digit = total + (part + digit or 1) * MYRIADS[character], 0, 0
    return str(total + part + digit)
