"""How many articles a second the matcher takes, beside trying every watch and beside tantivy, in one run.

    python -m bench.watch ../shared/data/topics/bbc-train.jsonl.gz --watches 10000

Articles are JSON lines with `title` and `text`, gzipped or not. Watches are drawn at random, with a fixed seed, from
the articles' own words: AND, OR, phrases, NEAR/8 and AND NOT, of two to five terms. `--words frequent` draws words as
often as they are used, which makes many watches match each article; `--words any` draws each word alike.

All parts see the same articles and watches; times are this process's CPU seconds. What the matcher finds
is compared with what trying every watch finds. tantivy is asked twice: one article at a time in an index of its own, as
alerts would need it, and all articles in one index, which is the most that it can give and answers only once the batch
is complete.
"""

import argparse
import gc
import gzip
import json
import random
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

import psutil

from agents.watch.language.parse import parse
from agents.watch.language.query import And, Near, Not, Or, Query, Term
from agents.watch.matching.article import SearchableArticle
from agents.watch.matching.matcher import REFILE_AFTER, Matcher
from agents.watch.records import Watch
from streams.records import Tagged, WatchRecord

SEED = 20261124
FETCHED_AT = datetime(2026, 1, 1, tzinfo=UTC)


def main() -> None:
    """Read the articles, draw the watches, and print a line for each contestant."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("articles", type=Path)
    parser.add_argument("--watches", type=int, default=10_000)
    parser.add_argument("--words", choices=("frequent", "any"), default="frequent")
    parser.add_argument("--limit", type=int, default=1_500, help="articles to read")
    parser.add_argument("--brute", type=int, default=20, help="articles for trying every watch and for tantivy")
    parser.add_argument("--rounds", type=int, default=3, help="times over the articles; the median counts")
    options = parser.parse_args()

    articles = read(options.articles, options.limit)
    mean = sum(len(article.text.split()) for article in articles) / len(articles)
    print(f"{len(articles)} articles, {mean:.0f} words in the mean")
    queries = draw(articles, options.watches, frequent=options.words == "frequent")

    before, begin = rss_mb(), time.process_time()
    watches = [
        Watch(record=WatchRecord(name=f"w{number:06}", query=text), query=parse(text))
        for number, text in enumerate(queries)
    ]
    parsed = time.process_time()
    matcher = Matcher(watches)
    gc.collect()
    print(
        f"{len(watches)} watches: read in {parsed - begin:.1f} s, filed in {time.process_time() - parsed:.2f} s, ",
        end="",
    )
    print(f"{rss_mb() - before:.0f} MB")

    report("cutting words alone", len(articles), timed(options.rounds, SearchableArticle, articles))
    report("matcher, first round (learning)", len(articles), timed(1, matcher.match, articles))
    for _ in range(REFILE_AFTER[-1] // len(articles)):
        timed(1, matcher.match, articles)
    report("matcher", len(articles), timed(options.rounds, matcher.match, articles))
    latencies = sorted(timed(1, matcher.match, [each]) for each in articles)
    candidates = sum(map(matcher.candidates, articles)) / len(articles)
    hits = sum(len(matcher.match(each)) for each in articles) / len(articles)
    print(f"  evaluated {candidates:.1f} and matched {hits:.1f} watches an article; ", end="")
    print(f"p99 {latencies[int(len(latencies) * 0.99)] * 1000:.2f} ms an article")

    few = articles[: options.brute]
    begin = time.process_time()
    brute = [try_all(each, watches) for each in few]
    report("trying every watch", len(few), time.process_time() - begin)
    found = [{match.watch.name for match in matcher.match(each)} for each in few]
    print(f"  same matches on {len(few)} articles: {found == brute}")
    tantivy_run(few, articles, watches, brute)


def read(path: Path, limit: int) -> list[Tagged]:
    """Return the first articles of a file."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    rows = [json.loads(line) for line in content.decode().splitlines()[:limit]]
    return [
        Tagged(
            id=str(number),
            source="bench",
            title=row["title"],
            text=row["text"],
            fetched_at=FETCHED_AT,
            extractor="bench",
        )
        for number, row in enumerate(rows)
    ]


def draw(articles: list[Tagged], count: int, *, frequent: bool) -> list[str]:
    """Return random queries over words that stand in 2 articles up to a fifth of them."""
    rng = random.Random(SEED)
    cut = [SearchableArticle(article).text for article in articles]
    share = Counter(word for words in cut for word in set(words))
    usable = [
        word
        for word, seen in sorted(share.items())
        if 2 <= seen <= len(articles) / 5 and len(word) > 3 and word.isalpha()
    ]
    weights = list(accumulate(share[word] if frequent else 1 for word in usable))

    def word() -> str:
        return rng.choices(usable, cum_weights=weights)[0]

    def phrase() -> str:
        words = rng.choice(cut)
        start = rng.randrange(max(len(words) - 2, 1))
        pair = [each for each in words[start : start + 2] if each]
        return f'"{" ".join(pair)}"' if len(pair) == 2 else word()

    shapes = [
        lambda: f"{word()} AND {word()}",
        lambda: f"{word()} AND {word()} AND {word()}",
        lambda: f"{word()} AND ({word()} OR {word()} OR {phrase()})",
        lambda: f"({word()} OR {word()}) AND ({word()} OR {word()}) AND NOT {word()}",
        lambda: f"{phrase()} AND {word()}",
        lambda: f"{word()} NEAR/8 {word()}",
        lambda: f"{word()} NEAR/8 ({word()} OR {word()}) AND NOT {word()}",
    ]
    return [shapes[number % len(shapes)]() for number in range(count)]


def try_all(record: Tagged, watches: list[Watch]) -> set[str]:
    """Return the names of the watches that match, all of them evaluated."""
    article = SearchableArticle(record)
    return {watch.name for watch in watches if watch.query.find(article) is not None}


def tantivy_run(few: list[Tagged], articles: list[Tagged], watches: list[Watch], brute: list[set[str]]) -> None:
    """Ask tantivy the same, one article at a time and all in one index."""
    try:
        import tantivy  # noqa: PLC0415
    except ImportError:
        print("tantivy is not installed: pip install tantivy")
        return
    schema = (
        tantivy.SchemaBuilder()
        .add_text_field("text", tokenizer_name="whitespace")
        .add_integer_field("n", stored=True)
        .build()
    )

    def index_of(records: list[Tagged]) -> "tantivy.Searcher":
        index = tantivy.Index(schema)
        writer = index.writer(15_000_000, 1)
        for number, record in enumerate(records):
            writer.add_document(tantivy.Document(text=" ".join(words_of(record)), n=number))
        writer.commit()
        index.reload()
        return index.searcher()

    queries = [(watch.name, tantivy_query(tantivy, schema, watch.query)) for watch in watches]
    begin = time.process_time()
    found = []
    for record in few:
        searcher = index_of([record])
        found.append({name for name, query in queries if searcher.search(query, 1, count=False).hits})
    report("tantivy, one article at a time", len(few), time.process_time() - begin)
    comparable = {watch.name for watch in watches if not any(isinstance(node, Near) for node in watch.query.walk())}
    same = all(a & comparable == b & comparable for a, b in zip(found, brute, strict=True))
    print(f"  same matches on {len(few)} articles, NEAR aside: {same}")
    begin = time.process_time()
    searcher = index_of(articles)
    for _, query in queries:
        searcher.search(query, len(articles), count=False)
    report(f"tantivy, all {len(articles)} articles in one index", len(articles), time.process_time() - begin)


def words_of(record: Tagged) -> list[str]:
    """Return an article's words as one list, with something between title and text that no phrase holds."""
    article = SearchableArticle(record)
    return [*article.title, "|", *article.text]


def tantivy_query(tantivy: object, schema: object, query: Query) -> object:
    """Return a query in tantivy's form; NEAR as a phrase with slop, which is close but not the same."""
    build, occur = tantivy.Query, tantivy.Occur  # type: ignore[attr-defined]
    match query:
        case Term(words=(word,)):
            return build.term_query(schema, "text", word)
        case Term():
            return build.phrase_query(schema, "text", list(query.words))
        case And():
            kinds = [occur.MustNot if isinstance(part, Not) else occur.Must for part in query.parts]
            inner = [part.part if isinstance(part, Not) else part for part in query.parts]
            return build.boolean_query(
                [(kind, tantivy_query(tantivy, schema, part)) for kind, part in zip(kinds, inner, strict=True)]
            )
        case Or():
            return build.boolean_query([(occur.Should, tantivy_query(tantivy, schema, part)) for part in query.parts])
        case Near(right=Or()):
            pairs = [Near(left=query.left, right=part, distance=query.distance) for part in query.right.children()]
            return build.boolean_query([(occur.Should, tantivy_query(tantivy, schema, pair)) for pair in pairs])
        case Near():
            words = [word for side in (query.left, query.right) for word in side.words]  # type: ignore[attr-defined]
            return build.phrase_query(schema, "text", words, slop=query.distance)
    raise TypeError(type(query))


def timed(rounds: int, work: Callable[[Tagged], object], articles: list[Tagged]) -> float:
    """Return the median seconds of a piece of work on all articles, its results let go of."""
    taken = []
    for _ in range(rounds):
        begin = time.process_time()
        for article in articles:
            work(article)
        taken.append(time.process_time() - begin)
    return sorted(taken)[len(taken) // 2]


def report(name: str, count: int, seconds: float) -> None:
    """Print one contestant's line."""
    print(f"{name:45} {count / seconds:10,.1f} articles/s   {seconds / count * 1000:9.3f} ms an article")


def rss_mb() -> float:
    """Return this process's resident memory."""
    return psutil.Process().memory_info().rss / 1e6


if __name__ == "__main__":
    main()
