"""Look for texts on which a pattern takes time that grows with their square: `python -m tools.patterns [--share K/N]`.

Every regular expression that the packages compile, when they are imported and while articles of the sample go through the
cores, is tried on texts made from its own parts: one that it repeats, thousands of times, behind the beginning that leads
there and before a character that it does not take; and its beginning again and again. Where four times the text takes seven times
the CPU or more, the text of `LENGTH` characters goes through the cores (tools/fuzz.py), as plain text and in a page: most
such patterns only see texts of a bounded length. Over `MAX_SECONDS` of CPU there is a fault.

It takes some minutes of CPU. `--share 1/4` tries the first of four shares of the patterns.
"""

import argparse
import importlib
import inspect
import itertools
import pkgutil
import random
import re
import time
from collections.abc import Iterator
from html import escape
from typing import Any

#: How the standard library reads patterns: parts of it that have no other names.
op: Any = importlib.import_module("re._constants")
tree: Any = importlib.import_module("re._parser")
#: Characters of a text that is tried on a pattern, of one four times as long, and of one that goes through the cores.
SHORT, LONG, LENGTH = 1_500, 6_000, 100_000
#: The longer one takes more CPU seconds than this, and so many times those of the short one.
LEAST_SECONDS, GROWTH = 0.02, 7.0
MAX_SECONDS = 1.0
MOST_ATTACKS = 24
#: Characters of which one stands for a class.
ALPHABET = "a A1-.\n,:'\"<>/é\tz中|(&;_=@0"
PACKAGES = ("streams", "agents", "wirewatch")
REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
#: Fewer repeats make no long text.
MANY = 30
NAMED = (op.LITERAL, op.RANGE)
CATEGORIES = {
    op.CATEGORY_SPACE: r"\s", op.CATEGORY_NOT_SPACE: r"\S", op.CATEGORY_DIGIT: r"\d", op.CATEGORY_NOT_DIGIT: r"\D",
    op.CATEGORY_WORD: r"\w", op.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip
Pattern = tuple[str, int]
#: The beginning of a text, the piece that is repeated, and its end.
Attack = tuple[str, str, str]


def recorded() -> dict[Pattern, str]:
    """Import all modules, take the sample through the cores, and return each pattern with the module that compiles it."""
    found: dict[Pattern, str] = {}
    compiled = vars(re)["_compile"]  # all of re's functions go through it

    def note(pattern: Any, flags: int) -> Any:
        made = compiled(pattern, flags)
        frame = inspect.currentframe()
        assert frame is not None
        frame = frame.f_back or frame
        while frame.f_back is not None and frame.f_globals["__name__"].partition(".")[0] == "re":
            frame = frame.f_back
        module = str(frame.f_globals["__name__"])
        if module.partition(".")[0] in PACKAGES and isinstance(made.pattern, str):
            found.setdefault((made.pattern, made.flags), module)
        return made

    vars(re)["_compile"] = note
    for package in PACKAGES:
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    cores().run(seed=1, count=100)
    vars(re)["_compile"] = compiled
    return found


def attacks(pattern: str, flags: int = 0) -> Iterator[Attack]:
    """Yield texts on which a pattern may take long, each once."""
    rng = random.Random(0)
    parsed = tree.parse(pattern, flags & ~re.UNICODE)
    seen: set[Attack] = set()
    for _ in range(3):
        for before, body in repeats(parsed, "", rng):
            piece = sample(body, rng)
            made = [
                (before, piece, "\0"),
                (before, piece, ""),
                ("", before + piece, ""),
                (before, piece, "\n!"),
                ("", before, ""),
            ]
            for attack in made:
                if attack[1] and attack not in seen:
                    seen.add(attack)
                    yield attack


def repeats(parts: Any, before: str, rng: random.Random) -> Iterator[tuple[str, Any]]:
    """Yield the parts that a pattern repeats often, each with a text that leads there."""
    for kind, given in parts:
        if kind in REPEATS:
            if given[1] >= MANY:
                yield before, given[2]
            yield from repeats(given[2], before, rng)
        else:
            for inner in within(kind, given):
                yield from repeats(inner, before, rng)
        before += sample([(kind, given)], rng)


def within(kind: Any, given: Any) -> list[Any]:
    """Return the patterns within a part that is no repeat."""
    if kind is op.BRANCH:
        return list(given[1])
    if kind is op.SUBPATTERN:
        return [given[3]]
    if kind is op.ATOMIC_GROUP:
        return [given]
    return [given[1]] if kind in (op.ASSERT, op.ASSERT_NOT) else []


def sample(parts: Any, rng: random.Random) -> str:
    """Return a short text that the parts of a pattern take; look-aheads and earlier groups left out of account."""
    text = ""
    for kind, given in parts:
        if kind is op.LITERAL:
            text += chr(given)
        elif kind in REPEATS:
            text += "".join(sample(given[2], rng) for _ in range(min(given[0] + rng.randrange(2), given[1])))
        elif kind in (op.IN, op.NOT_LITERAL, op.ANY):
            text += rng.choice(of_class(kind, given))
        elif kind not in (op.ASSERT, op.ASSERT_NOT) and (inner := within(kind, given)):
            text += sample(rng.choice(inner), rng)
    return text


def of_class(kind: Any, given: Any) -> list[str]:
    """Return some characters of a class: those that it names, and others that it takes."""
    items = given if kind is op.IN else [(op.NEGATE, None), (op.LITERAL, given)]
    if kind is op.ANY:
        return list("a 1-")
    negated = items[0][0] is op.NEGATE
    named = [] if negated else [chr(one if name is op.LITERAL else one[0]) for name, one in items if name in NAMED]
    return named + [char for char in ALPHABET if any(takes(item, char) for item in items) != negated] or ["x"]


def takes(item: tuple[Any, Any], char: str) -> bool:
    """Return whether a part of a class takes a character."""
    name, given = item
    if name is op.LITERAL:
        return bool(ord(char) == given)
    if name is op.RANGE:
        return bool(given[0] <= ord(char) <= given[1])
    return name is op.CATEGORY and re.fullmatch(CATEGORIES[given], char) is not None


def text_of(attack: Attack, length: int) -> str:
    """Return a text of some length."""
    before, piece, end = attack
    return before + piece * (length // len(piece) + 1) + end


def seconds(pattern: "re.Pattern[str]", text: str) -> float:
    """Return the CPU seconds in which all places of a pattern in a text are found."""
    started = time.process_time()
    for _ in pattern.finditer(text):
        pass
    return time.process_time() - started


def growing(pattern: "re.Pattern[str]") -> Attack | None:
    """Return the first text on which a pattern's time grows with the square; None where there is none."""
    for attack in itertools.islice(attacks(pattern.pattern, pattern.flags), MOST_ATTACKS):
        long = seconds(pattern, text_of(attack, LONG))
        if long > LEAST_SECONDS and long > GROWTH * seconds(pattern, text_of(attack, SHORT)):
            return attack
    return None


def records(attack: Attack) -> Iterator[dict[str, object]]:
    """Yield raw records with a text: plain, before an article and within it, and as a page's title, byline and paragraph."""
    text = text_of(attack, LENGTH)
    article = (
        "The council voted on Monday to close the old bridge of the harbour town for two years, officials said.\n\n" * 4
    )
    known: dict[str, object] = {
        "url": "https://desk.example/bridge",
        "source": "desk.example",
        "fetched_at": "2026-11-26T12:00:00Z",
    }
    for content in (f"{text}\n\n{article}", f"{article}{text}\n\n{article}"):
        yield known | {"content_type": "text/plain", "content": content}
    marked, body = escape(text), "".join(f"<p>{line}</p>" for line in article.split("\n\n"))
    head = f'<title>{marked}</title><meta name="author" content="{marked}"><meta name="date" content="{marked}">'
    around = f"<p class=byline>{marked}</p><time>{marked}</time>"
    page = f"<html><head>{head}</head><body><h1>{marked}</h1>{around}{body}<p>{marked}</p><pre>{marked}</pre>{body}</body></html>"
    yield known | {"content_type": "text/html", "content": page, "title": text, "authors": text, "published_at": text}


def cores() -> Any:
    """Return tools/fuzz.py: imported late, for its imports compile patterns, which are to be recorded."""
    return importlib.import_module("tools.fuzz")


def main() -> None:
    """Try all patterns or a share, print those that grow and how long the cores take; exit 1 where there is a fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", default="1/1")
    share, shares = map(int, parser.parse_args().share.split("/"))
    found = list(recorded().items())[share - 1 :: shares]
    faults = grown = 0
    for (source, flags), module in found:
        if (attack := growing(re.compile(source, flags))) is None:
            continue
        took = max(map(cores().seconds_of, records(attack)))
        grown, faults = grown + 1, faults + (took > MAX_SECONDS)
        print(f"{took:.2f} s  {module}  {source[:60]!r}  {tuple(part[:40] for part in attack)}", flush=True)
    print(
        f"{len(found)} patterns, {grown} of which grow with the square of a text; cores over {MAX_SECONDS:g} s: {faults}"
    )
    if faults:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
