"""A key's articles as they are kept, beside a list of all of them."""

from collections import Counter
from collections.abc import Sequence

from hypothesis import example, given
from hypothesis import strategies as st

from agents.trends.counting import Stream
from agents.trends.key_state import KeyState, encoder
from agents.trends.window import (
    MOST_COUNTED_STORIES,
    MOST_OF_SOURCE,
    MOST_SOURCES,
    Window,
    WindowEntry,
    fault_of_window,
)

#: Steps between an article and the next, its source and its story.
ARTICLES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.sampled_from(["", "en-1", "en-2", "de-3"])))
KEY = "US medtop:11000000"


def listed(
    articles: list[tuple[int, int, str]], window: Window, held: Sequence[WindowEntry] = (), length: int = 6
) -> list[WindowEntry]:
    """Add articles to a window of so many steps, which holds some; return the list of those that are in it."""
    held = list(held)
    step = held[-1].step if held else 100
    for later, source, story in articles:
        step += later
        held = [entry for entry in held if entry.step >= step - length]
        window.drop_before(step - length)
        held.append(WindowEntry(step, source, story))
        window.add(*held[-1])
    return held


@given(ARTICLES, ARTICLES, st.integers(0, 6))
def test_a_window_counts_as_a_list_of_its_articles_would(
    before: list[tuple[int, int, str]], after: list[tuple[int, int, str]], back: int
) -> None:
    """Articles, two of a source at most, and sources; since any step; and the stories by their articles.

    So does one that another worker has written in between.
    """
    window = Window()
    held = listed(before, window)
    sources_kept, stories_kept = window.sources_kept(), window.stories_kept()
    assert not fault_of_window(sources_kept, stories_kept)
    window = Window()
    window.restore(sources_kept, stories_kept)
    held = listed(after, window, held)
    since = max((entry.step for entry in held), default=0) - back
    sources = Counter(entry.source for entry in held if entry.step >= since)
    assert window.count(since) == (sum(min(many, MOST_OF_SOURCE) for many in sources.values()), len(sources))
    assert dict(window.stories()) == Counter(entry.story for entry in held if entry.story)
    assert window.articles == len(held)
    assert window.most >= window.count()[0]


@given(ARTICLES, ARTICLES, st.integers(0, 6))
@example([(0, 0, "en-1"), (1, 0, ""), (0, 0, "")], [], 1)
def test_a_window_that_goes_back_has_no_article_of_later(
    before: list[tuple[int, int, str]], after: list[tuple[int, int, str]], back: int
) -> None:
    """It counts none that the list does not have, and is a whole one: it can be read, added to and emptied."""
    window = Window()
    held = listed(before, window)
    step = max((entry.step for entry in held), default=100) - back
    window.drop_after(step)
    held = [entry for entry in held if entry.step <= step]
    assert window.count()[1] <= len({entry.source for entry in held})
    assert all(many <= Counter(entry.story for entry in held)[story] for story, many in window.stories())
    held = listed(after, window, held)
    assert not fault_of_window(window.sources_kept(), window.stories_kept())
    window.drop_before(10_000)
    assert len(window) == 0


def test_the_state_of_a_busy_key_is_bounded() -> None:
    """Ten thousand articles of 200 sources and 3,000 stories take no more than a few kilobytes; the large story stays."""
    stream = Stream(6.0, 100)
    for number in range(10_000):
        story = "en-large" if number % 50 == 0 else f"en-{number % 3_000:032x}"
        list(stream.add(1.8e9 + number, [KEY], number % 200, story))
    value = stream.kept(KEY)
    assert len(value) < 20_000
    assert stream.windows[KEY].stories()[0] == ("en-large", 200)
    restored = Stream(6.0, 100)
    restored.restore(KEY, value)
    assert restored.kept(KEY) == value


def test_sources_without_number_take_no_more_room() -> None:
    """A stranger may name a new source with each article; the latest are remembered."""
    window = Window()
    for source in range(2 * MOST_SOURCES):
        window.add(100, source, f"en-{source}")
    assert window.count() == (MOST_SOURCES, MOST_SOURCES)
    assert len(window) <= MOST_SOURCES + 2 * MOST_COUNTED_STORIES + 1


def test_a_state_that_lists_all_articles_is_read() -> None:
    """As workers wrote it before."""
    entries = [WindowEntry(3_000_000 + number // 10, number % 7, f"en-{number % 3}") for number in range(60)]
    stream = Stream(6.0, 100)
    stream.restore(KEY, encoder.encode(KeyState(120, bytes(48), 1.0, entries, (0.0, 0.0))))
    assert stream.windows[KEY].count() == (14, 7)
    assert stream.windows[KEY].stories() == [("en-0", 20), ("en-1", 20), ("en-2", 20)]
    assert stream.step == 3_000_005
