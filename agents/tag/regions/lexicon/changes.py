"""Changes of the gazetteer since its file was built: text beside a binary, so that a changed rule is a small diff.

`gazetteer.changes` is a line of header, `wirewatch-gazetteer-changes-1 BASE SHA256` with the digests of the gazetteer's
payload and of the lines below, and a line for each change: the keys that lead to a value as a JSON list, a tab, the new
value as JSON, or nothing where it is taken out. `tools/build_gazetteer.py` writes it; docs/decisions/built-data.md says why.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

FORMAT = "wirewatch-gazetteer-changes-1"
#: The key of the places, as columns.
PLACES = "places"


def write(path: Path, base_digest: str, base: dict[str, Any], now: dict[str, Any]) -> int:
    """Write the changes from `base` to `now`; return how many there are."""
    lines = sorted(changes(base, now, ()))
    body = "".join(f"{line}\n" for line in lines)
    path.write_text(f"{FORMAT} {base_digest} {_digest(body)}\n{body}", encoding="utf-8")
    return len(lines)


def changes(base: dict[str, Any], now: dict[str, Any], keys: tuple[str | int, ...]) -> Iterator[str]:
    """Yield a line for each value that differs between two nested mappings.

    Lists are values, except those of mappings, and the columns of places, of which each row's value is one.
    """
    for key in sorted(base.keys() | now.keys()):
        place = (*keys, key)
        if key not in now:
            yield f"{_json(list(place))}\t"
        elif key in base and isinstance(base[key], dict) and isinstance(now[key], dict):
            yield from changes(base[key], now[key], place)
        elif key in base and are_tables(base[key], now[key]):
            for index, (before, after) in enumerate(zip(base[key], now[key], strict=True)):
                yield from changes(before, after, (*place, index))
        elif keys == (PLACES,) and key in base and len(base[key]) == len(now[key]):
            rows = enumerate(zip(base[key], now[key], strict=True))
            yield from (f"{_json([*place, row])}\t{_json(after)}" for row, (before, after) in rows if before != after)
        elif key not in base or base[key] != now[key]:
            yield f"{_json(list(place))}\t{_json(now[key])}"


def are_tables(base: Any, now: Any) -> bool:
    """Return whether two values are lists of as many mappings: a language's names, and the lengths of its longer names."""
    lists = isinstance(base, list) and isinstance(now, list) and len(base) == len(now) > 0
    return lists and all(isinstance(item, dict) for item in (*base, *now))


def apply(path: Path, base_digest: str, data: dict[str, Any]) -> bool:
    """Change `data` as a file says; return False where the file is damaged or belongs to another gazetteer."""
    head, _, body = path.read_text(encoding="utf-8").partition("\n")
    if head.split() != [FORMAT, base_digest, _digest(body)]:
        return False
    for line in body.split("\n")[:-1]:  # not splitlines: names may hold other line separators
        place, _, value = line.partition("\t")
        *above, last = orjson.loads(place)
        inner = data
        for key in above:
            inner = inner[key] if isinstance(inner, list) else inner.setdefault(key, {})
        if value:
            inner[last] = orjson.loads(value)
        else:
            del inner[last]
    return True


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
