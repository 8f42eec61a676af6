"""Dates of cleaning, by why they differ from a set's: which of the pages that are wrong a rule could put right.

    python -m bench.clean_dates [--list] [--record] [DATA]

DATA is the file of a set with dates (default: ../shared/data/clean/wcxb-dev.jsonl.gz beside the repository). The set names a
day for each page, which may be its publication's or an update's, or no longer stand on the page. Each page is counted under
the first of `CAUSES` that holds. The second table asks the pages whose data name a publication and an update of two days later
or more, by what readers see near the title, which of both days the set has: where it has now the one, now the other, no rule
can follow it. `--list` prints each page that is not right.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from agents.clean.metadata.claims import head_claims
from agents.clean.metadata.dates.page import PageDates
from agents.clean.metadata.dates.parsing import FoundDate
from agents.clean.metadata.dates.publication import claimed_dates, claimed_updates
from agents.clean.metadata.dates.ranks import Rank
from agents.clean.page.walk import parse, read
from agents.clean.page_draft import encode
from bench.clean import DATA, read_set, run_ours
from bench.measured import record, table
from streams.records import Clean

RIGHT, OWN = "right", "right as the publisher's own day, another day in UTC"
CAUSES = (
    RIGHT,
    OWN,
    "the set names a month and no day",
    "the set's day stands nowhere on the page",
    "the set's day is an update's by the page's data, or called so",
    "another day",
)
MONTHS = "january february march april may june july august september october november december".split()  # noqa: SIM905
#: Days between a publication and an update, or between what is the same day in two zones, at least and at most.
LATER, SAME = timedelta(days=2), timedelta(days=1)
#: Characters before a day in which a page's word for an update is looked for.
BEFORE = 160
UPDATED = re.compile(r"(?i)updat|modif|revis|changed")


def forms(day: date) -> re.Pattern[str]:
    """Return the pattern of a day as English pages and their data write it."""
    name = MONTHS[day.month - 1]
    year, month, number = rf"(?:{day.year}|{day.year % 100:02})", f"0?{day.month}", f"0?{day.day}"
    word = rf"(?:{name}|{name[:3]}t?)\.?"
    return re.compile(
        rf"(?i){day.year}[-/.\s]\s?{month}[-/.]\s?{number}(?!\d)|(?<!\d)(?:{number}[./-]{month}|{month}[./-]{number})[./-]{year}(?!\d)"
        rf"|\b{word},?\s{number}(?:st|nd|rd|th)?(?!\d)|(?<!\d){number}(?:st|nd|rd|th)?\s(?:of\s)?{word}|{day:%Y%m%d}"
    )


def claims_of(page: dict[str, Any], language: str) -> tuple[list[FoundDate], list[FoundDate]]:
    """Return the days of publication and of updates that a page's data claim."""
    claims = head_claims(parse(encode(page["html"])), page["url"] or "", "")
    published = [claim.found for claim in claimed_dates(claims, language)]
    return published, [found for found, _ in claimed_updates(claims, language)]


def is_called_update(html: str, day: date) -> bool:
    """Return whether the page calls a day an update's wherever it writes it near such a word."""
    return any(
        UPDATED.search(html, max(0, found.start() - BEFORE), found.start()) for found in forms(day).finditer(html)
    )


def cause(page: dict[str, Any], got: Clean | None) -> str:
    """Return the first of the causes that holds of a page with a date."""
    true = page["date"][:10]
    if got and got.published_at and got.published_at.date().isoformat() == true:
        return RIGHT
    if got and str(got.published_day or "") == true:
        return OWN
    if len(true) < len("2026-11-03"):
        return CAUSES[2]
    day = date.fromisoformat(true)
    if not forms(day).search(page["html"]):
        return CAUSES[3]
    _, updates = claims_of(page, "en")
    if any(abs(found.day - day) <= SAME for found in updates) or is_called_update(page["html"], day):
        return CAUSES[4]
    return CAUSES[5]


def which(page: dict[str, Any], title: str) -> tuple[str, str] | None:
    """Return what a page shows near its title, and whose day the set has; None without both claims or with another day."""
    published, updates = claims_of(page, "en")
    changed = [found.day for found in updates if published and found.day - published[0].day >= LATER]
    true = page["date"][:10]
    if not changed or len(true) < len("2026-11-03"):
        return None
    day, first = date.fromisoformat(true), published[0].day
    whose = (
        "publication" if abs(day - first) <= SAME else "update" if any(abs(day - at) <= SAME for at in changed) else ""
    )
    return (shown(page, title, first), whose) if whose else None


def shown(page: dict[str, Any], title: str, first: date) -> str:
    """Return in words which days a page shows near its title."""
    ranked = PageDates(read(parse(encode(page["html"]))), title, "en").ranked(near=True)
    if any(abs(item.found.day - first) <= SAME for item in ranked):
        return "the day of publication"
    if not ranked:
        return "no day"
    return "an update, called so" if ranked[0].rank >= Rank.MODIFIED else "a later day without a word"


def rows_of(pages: Sequence[dict[str, Any]], *, listed: bool) -> Iterator[tuple[str, tuple[str, str] | None]]:
    """Yield the cause of each page with a date, and what it shows where its data name two days."""
    for page in pages:
        got = run_ours(page)
        why = cause(page, got)
        if listed and why != RIGHT:
            print(page["id"], page["date"], got.published_at if got else "refused", why, page["url"], sep="\t")
        yield why, which(page, got.title if got else "")


def main() -> None:
    """Count, print, and write docs/measured.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("data", nargs="?", type=Path, default=DATA / "wcxb-dev.jsonl.gz")
    parser.add_argument("--list", action="store_true", help="each page that is not right")
    parser.add_argument("--record", action="store_true", help="write docs/measured.md")
    options = parser.parse_args()
    pages = [page for page in read_set(options.data, 10**6) if page.get("date")]
    found = list(rows_of(pages, listed=options.list))
    causes = Counter(why for why, _ in found)
    both = Counter(item for _, item in found if item)
    counted = table(
        ["day of a page", "pages", "share"], [(why, causes[why], f"{causes[why] / len(pages):.3f}") for why in CAUSES]
    )
    kinds = sorted({seen for seen, _ in both})
    split = table(
        ["near the title stands", "the set has the day of publication", "of the update"],
        [(seen, both[seen, "publication"], both[seen, "update"]) for seen in kinds],
    )
    name = options.data.name.split(".")[0]
    text = f"{name}, {len(pages)} pages with a day.\n\n{counted}\n\nPages whose data name both:\n\n{split}"
    print(text)
    if options.record:
        record("clean-dates", "Dates of cleaning", text, command="python -m bench.clean_dates --record")


if __name__ == "__main__":
    main()
