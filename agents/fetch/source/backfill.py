"""Backfill: which new entries are old news, decided for each article where it comes in.

An article is backfill when it was published before its source was added. One that a later poll finds may be dated up to an
hour before that: publishers date an entry some minutes before they show it. Without a date it is backfill when its source
first showed it together with what was there before: at the first good poll, after a long silence of the source or of ours,
after its address or its scheme of guids changed, or when most of its document is new at once. One with a date is believed
then too: it is news only if it was published after the last good poll. One of the day on which its source was added, and
of which only the day is known, is taken as one without a date.
"""

from dataclasses import dataclass

#: A publisher's clock and its caches may be this much behind, in seconds.
SLACK_SECONDS = 3600.0
#: A time that names only its day is the beginning of one in UTC.
DAY_SECONDS = 86_400.0
#: A document has come back as a whole where at least this share of it is new at once,
WHOLE_SHARE = 0.5
#: and at least so many entries.
WHOLE_LEAST = 5
#: A silence of so many expected gaps is long.
LONG_SILENCE_GAPS = 3.0
LEAST_SILENCE_SECONDS = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Circumstances:
    """How a document was found. Times are epoch seconds; 0.0 where there is none."""

    added_at: float
    #: the last poll that gave a document, before this one
    last_good_at: float = 0.0
    now: float = 0.0
    expected_gap: float = 0.0
    address_changed: bool = False
    guids_changed: bool = False
    new: int = 0
    entries: int = 0

    @property
    def first(self) -> bool:
        """Whether no document was read before."""
        return not self.last_good_at

    @property
    def whole(self) -> bool:
        """Whether most of the document is new at once."""
        return self.new >= WHOLE_LEAST and self.new > self.entries * WHOLE_SHARE

    @property
    def silent(self) -> bool:
        """Whether nothing was read for a long time."""
        long = max(self.expected_gap * LONG_SILENCE_GAPS, LEAST_SILENCE_SECONDS)
        return bool(self.last_good_at) and self.now - self.last_good_at > long

    @property
    def doubtful(self) -> bool:
        """Whether new entries of the document may be old news all the same."""
        return self.first or self.whole or self.silent or self.address_changed or self.guids_changed


def is_backfill(published_at: float | None, found: Circumstances) -> bool:
    """Return whether a new entry is old news. `published_at`: epoch seconds, None where nobody says."""
    if published_at is None or is_day_added(published_at, found):
        return found.doubtful
    if published_at < found.added_at - (0.0 if found.doubtful else SLACK_SECONDS):
        return True
    return found.doubtful and not found.first and published_at < found.last_good_at - SLACK_SECONDS


def is_day_added(published_at: float, found: Circumstances) -> bool:
    """Return whether a time is no more than the day on which the source was added."""
    return published_at % DAY_SECONDS == 0 and published_at <= found.added_at < published_at + DAY_SECONDS
