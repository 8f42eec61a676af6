"""Region tags against labelled news: the region part of bench/tag.py's tables.

usage: python -m bench.regions DATA_DIRECTORY [SET…] [--record]  (sets: lgl trnews gwn geovirus reuters_places ntrex_eng …)

Counts what the scorer beside the development sets counts: the set of countries with role about or mentioned, the primary
country (tied ones are all right), and single mentions; and how many of the countries with role about are true ones.
NTREX's primary is split into home stories (the publisher's country is among the labels), foreign ones, and those whose
publisher has no home, because one can be bought with the other.
"""

import argparse
import gzip
import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

from agents.tag.regions import RegionTagger, RegionTags, load
from bench.measured import record, table
from streams.records import Clean

TOPONYMS = ("lgl", "trnews", "gwn", "geovirus")
LANGUAGES = {
    "eng": "en", "deu": "de", "fra": "fr", "spa": "es", "ita": "it", "por": "pt", "rus": "ru", "tur": "tr", "arb": "ar",
    "zho-CN": "zh", "jpn": "ja", "kor": "ko", "nld": "nl", "pol": "pl", "ukr": "uk", "hin": "hi",
}  # fmt: skip
#: Geoparsing's usual measure of a place: within 161 km (100 miles) of the true one.
NEAR, EARTH_RADIUS = 161, 6371
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def documents(directory: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yield the labelled articles of a set."""
    with gzip.open(directory / f"{name}.jsonl.gz") as lines:
        for line in lines:
            yield json.loads(line)


def clean_of(document: dict[str, Any]) -> Clean:
    """Return a labelled article as a clean record, its dateline before the text where the set keeps it apart."""
    source = document.get("domain") or document.get("publisher") or "news.example"
    text = document.get("text") or ""
    if document.get("dateline") and not document.get("toponyms"):
        text = f"{document['dateline']} {text}"
    language = document.get("lang") or "eng"
    return Clean(
        id=document["id"], url=document.get("url") or f"https://{source if '.' in source else source + '.example'}/1",
        source=source, title=document.get("title") or "", fetched_at=NOW, language=LANGUAGES.get(language, language),
        text=text, extractor="given",
    )  # fmt: skip


def accepted(document: dict[str, Any]) -> set[str]:
    """Return the primaries that count as right."""
    counts = document.get("country_mentions") or {}
    right = {code for code, number in counts.items() if number == max(counts.values())} | {document["primary"]}
    return right if counts else right | set(document["countries"])


def count(document: dict[str, Any], tags: RegionTags, score: Counter[str]) -> None:
    """Add one article's hits and misses."""
    mine = {region.country for region in tags.regions if region.role in ("about", "mentioned")}
    true = set(document["countries"])
    score["docs"] += 1
    score["hit"] += len(mine & true)
    score["predicted"] += len(mine)
    score["true"] += len(true)
    about = {region.country for region in tags.regions if region.role == "about"}
    score["about"] += len(about)
    score["about true"] += len(about & true)
    if document.get("primary"):
        right = tags.primary_country in accepted(document)
        score["primaries"] += 1
        score["primary"] += right
        home = document.get("publisher_country")
        group = "unknown" if home is None else "home" if home in true else "foreign"
        score[group] += 1
        score[f"{group} right"] += right
    spans = [
        (evidence.start, evidence.end, region.country)
        for region in tags.regions
        for evidence in region.evidence
        if evidence.field == "text"
    ]
    for toponym in document.get("toponyms") or []:
        if toponym.get("country") and toponym.get("counts") is not False:
            over = [code for start, end, code in spans if start < toponym["end"] and end > toponym["start"]]
            score["mentions"] += 1
            score["found"] += bool(over)
            score["right"] += toponym["country"] in over
            nearest = distance(tags, toponym)
            score["placed"] += nearest is not None
            score["near"] += nearest is not None and nearest <= NEAR


def distance(tags: RegionTags, toponym: dict[str, Any]) -> float | None:
    """Return how far, in km, a toponym lies from the city of its country that it was taken for; None where it was not."""
    if toponym.get("lat") is None:
        return None
    cities = [
        region
        for region in tags.regions
        if region.level == "city" and region.country == toponym["country"]
        for evidence in region.evidence
        if evidence.field == "text" and evidence.start < toponym["end"] and evidence.end > toponym["start"]
    ]
    if not cities:
        return None
    region = cities[0]
    assert region.latitude is not None
    assert region.longitude is not None
    south, west, north, east = map(radians, (region.latitude, region.longitude, toponym["lat"], toponym["lon"]))
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return 2 * EARTH_RADIUS * asin(sqrt(half))


def share(score: Counter[str], part: str, whole: str) -> float:
    """Return a ratio, 0 where there is nothing."""
    return score[part] / score[whole] if score[whole] else 0.0


def report(name: str, score: Counter[str]) -> str:
    """Return one line of the table."""
    precision, recall = share(score, "hit", "predicted"), share(score, "hit", "true")
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    line = f"{name:12} {score['docs']:5} F1 {f1:.3f} (P {precision:.3f} R {recall:.3f})"
    line += f" about P {share(score, 'about true', 'about'):.3f} primary {share(score, 'primary', 'primaries'):.3f}"
    if score["mentions"]:
        line += f" mentions found {share(score, 'found', 'mentions'):.3f} right {share(score, 'right', 'mentions'):.3f}"
        line += f" cities {share(score, 'near', 'placed'):.3f} within {NEAR} km"
    if name.startswith("ntrex"):
        line += "".join(
            f" {group} {share(score, f'{group} right', group):.3f}" for group in ("home", "foreign", "unknown")
        )
    return line


def measure(tagger: RegionTagger, directory: Path, name: str) -> tuple[Counter[str], float, int]:
    """Return a set's score, the seconds that tagging took, and the characters tagged."""
    score: Counter[str] = Counter()
    articles = [(document, clean_of(document)) for document in documents(directory, name)]
    started = time.process_time()
    tagged = [tagger.tag(clean) for _, clean in articles]
    seconds = time.process_time() - started
    for (document, _), tags in zip(articles, tagged, strict=True):
        count(document, tags, score)
    return score, seconds, sum(len(clean.text) + len(clean.title) for _, clean in articles)


def pace(directory: Path) -> str:
    """Return how fast articles of 2 to 3 kB of the four sets are tagged: all for the first time, and again.

    News repeats its words: the first articles of a process look most of them up in the whole gazetteer, later ones few.
    """
    articles = [clean_of(document) for name in TOPONYMS for document in documents(directory, name)]
    articles = [article for article in articles if 2_000 <= len(article.text) <= 3_000]
    characters = sum(len(article.title) + len(article.text) for article in articles) / len(articles)
    tagger, rates = load(), []
    for _ in range(4):
        started = time.process_time()
        for article in articles:
            tagger.tag(article)
        rates.append(len(articles) / (time.process_time() - started))
    return (
        f"{len(articles)} articles of {characters:.0f} characters: {rates[0]:.0f} articles/s the first time, "
        f"{sorted(rates[1:])[1]:.0f} again"
    )


PARTS = {"primary": "primaries", "home": "home", "foreign": "foreign", "unknown": "unknown"}


def mean_shares(scores: list[Counter[str]]) -> dict[str, float]:
    """Return the mean over some sets of the share of right primaries: of all, home, foreign and other stories."""
    return {
        part: sum(share(score, part if part == "primary" else f"{part} right", whole) for score in scores) / len(scores)
        for part, whole in PARTS.items()
    }


def row(name: str, score: Counter[str]) -> tuple[str, ...]:
    """Return the figures of a set for docs/measured.md."""
    precision, recall = share(score, "hit", "predicted"), share(score, "hit", "true")
    cells = (
        2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        *(share(score, part, whole) for part, whole in (("about true", "about"), ("primary", "primaries"))),
        *(share(score, part, "mentions") for part in ("found", "right")),
        share(score, "near", "placed"),
    )
    shown = [f"{cell:.3f}" for cell in cells]
    return (name, str(score["docs"]), *shown[:3], *(shown[3:] if score["mentions"] else [""] * 3))


HEAD = (
    "set",
    "articles",
    "countries, F1",
    "about, P",
    "primary",
    "mentions found",
    "right",
    f"cities within {NEAR} km",
)
TEXT = """Countries with role about or mentioned against those that a reader named; how many of those with role about are true;
the primary country; single mentions; how many of the names taken for a city lie near the true place. Rules and
word lists were read against these sets, so the figures are not blind: on unseen halves the last ones were two points
lower. Best published or stored peer on sets of the same kind as the first four: countries .825, primary .867."""


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("sets", nargs="*")
    parser.add_argument("--record", action="store_true", help="write the figures to docs/measured.md")
    options = parser.parse_args(arguments)
    started = time.process_time()
    tagger = load()
    loaded = f"loaded in {time.process_time() - started:.2f} s"
    print(loaded)
    names = options.sets or [*TOPONYMS, "reuters_places", *(f"ntrex_{language}" for language in LANGUAGES)]
    scores: dict[str, Counter[str]] = {}
    for name in names:
        score, seconds, characters = measure(tagger, options.directory, name)
        scores[name] = score
        speed = f"{score['docs'] / seconds:6.0f} articles/s of {characters / score['docs']:.0f} characters"
        print(report(name, score), speed)
    lines = [f"The gazetteer {loaded}."]
    four = sum((scores[name] for name in TOPONYMS if name in scores), Counter[str]())
    if four:
        scores = {"the first four": four, **scores}
        print(report("ALL FOUR", four))
        lines.append(f"{pace(options.directory)} by a processor second.")
        print(lines[-1])
    if others := [score for name, score in scores.items() if name.startswith("ntrex") and name != "ntrex_eng"]:
        means = ", ".join(f"{part} {value:.3f}" for part, value in mean_shares(others).items())
        lines.append(
            f"NTREX, mean of {len(others)} languages but English, by stories of home, foreign ones and others: {means}."
        )
        print(lines[-1])
    if options.record:
        rows = [row(name, score) for name, score in scores.items()]
        text = f"{TEXT}\n\n{table(HEAD, rows)}\n\n{chr(10).join(lines)}"
        record("regions", "Regions", text, command="python -m bench.regions ../shared/data/regions --record")


if __name__ == "__main__":
    main()
