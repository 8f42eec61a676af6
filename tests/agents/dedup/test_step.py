"""The decider's step: under which id a message is accounted for."""

from collections.abc import Callable

from agents.dedup.settings import DedupSettings
from agents.dedup.sketch import make_sketch
from agents.dedup.step import DedupSettler
from streams.message import Message
from streams.records import Clean, encode
from streams.settings import Settings
from streams.topics import SKETCHED


def place(settler: DedupSettler, article: Clean, **headers: bytes) -> tuple[str, str]:
    """Settle an article's message; return its topic and the id of its event."""
    sketch = {"ww_sketch": make_sketch(article)}
    message = Message(SKETCHED.name, 0, 0, b"k", encode(article), {**sketch, **headers}, 1_800_000_000.0)
    (output,) = settler.settle(message, None).outputs
    return output.topic.name, output.event_id


def test_the_id_of_the_event_is_accounted_for(write: Callable[..., Clean], prose: Callable[[int, int], str]) -> None:
    """Another id than the value's is another fetch; without one the value's holds, whatever else it says by now."""
    settler = DedupSettler(Settings(DedupSettings()))
    article = write("a", prose(1, 200))
    retitled = write("a", prose(1, 200), title="Another title")
    rewritten = write("a", prose(2, 200))
    assert place(settler, article, ce_id=b"a:1") == ("news.unique", "a:1")
    assert place(settler, article, ce_id=b"elsewhere") == ("news.duplicates", "elsewhere")
    for again in (retitled, rewritten, article):
        assert place(settler, again) == ("news.unique", "a:1")
    assert place(settler, rewritten, ce_id=b"elsewhere") == ("news.duplicates", "elsewhere")
