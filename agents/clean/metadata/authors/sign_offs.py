"""Names with which an article ends."""
# ruff: noqa: RUF001 - the characters that look like others are what is matched

import re
from collections.abc import Iterator

from agents.clean.metadata.authors.lines import MAX_NAME, MIN_PARAGRAPH, is_unknown_name
from agents.clean.metadata.bylines.caseless_names import may_be_caseless_name
from agents.clean.metadata.bylines.names import is_name_alone
from agents.clean.page.blocks import Page
from agents.clean.page.places import Setting, first_heading, setting

#: Marks behind words that are quoted.
_QUOTES = ('"', "”", "“", "»", "«", "'", "’", "」")
#: Names in brackets behind the last stop or in a line of their own, as Japanese papers sign; who took a picture is none.
_SIGNED = re.compile(
    r"(?:[。」]\s?|^)[（(【]([\u3041-\u30ff\u4e00-\u9fff々\u3000 、]{3,30}?)(?:記者)?(?<!撮影)(?<!提供)(?<!写真)[】）)]$"
)


def sign_offs(page: Page, language: str = "") -> Iterator[str]:
    """Yield the name with which an article ends: in a line of its own, behind a dash, or behind the last full stop.

    `language`: the page's; Vietnamese papers sign in bold, often by names that nobody is given.
    """
    start = first_heading(page)
    texts = page.texts
    for at in range(len(texts) - 1, start, -1) if start >= 0 else ():
        signed = signed_names(texts[at])
        if not signed and len(texts[at]) < MIN_PARAGRAPH:
            continue
        if setting(page, at, start) is not Setting.INSIDE:
            continue
        if signed:
            yield signed
        _, stop, end = texts[at].rpartition(". ")
        if stop and is_name_alone(end):
            yield end
        if at + 1 < len(texts) and len(line := texts[at + 1]) < MAX_NAME and not texts[at].endswith(_QUOTES):
            name = line.lstrip("—–- ")
            bold = language[:2] == "vi" and page.bold_chars[at + 1] >= len(line)
            dashed = (bold or len(name) < len(line)) and is_unknown_name(name)
            if texts[at + 2 : at + 3] and texts[at + 2].startswith(f"{name} "):
                return  # of whom the next block tells
            if (dashed or is_name_alone(name)) and setting(page, at + 1, start) is Setting.INSIDE:
                yield name
        return


def signed_names(text: str) -> str:
    """Return the Japanese names in brackets with which a text ends, with commas between; empty where there are none."""
    signed = _SIGNED.search(text[-MAX_NAME:])
    names = signed[1].split("、") if signed else []
    return ", ".join(names) if all(map(may_be_caseless_name, names)) else ""
