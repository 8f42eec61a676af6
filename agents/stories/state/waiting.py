"""Copies that wait for their original, which is still being tagged."""

from agents.stories.reading.gather import ArticleFeatures


class WaitingCopies:
    """Copies that wait, by the id of their original; of several with one id, only the latest counts, as in persisted state."""

    def __init__(self) -> None:
        self._copies: dict[str, dict[str, ArticleFeatures]] = {}
        self._originals: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._originals)

    def put(self, copy: ArticleFeatures) -> None:
        """Let a copy wait."""
        self.drop(copy.id)
        original = self._originals[copy.id] = str(copy.duplicate_of)
        self._copies.setdefault(original, {})[copy.id] = copy

    def drop(self, name: str) -> None:
        """Let the copy of an id wait no more."""
        original = self._originals.pop(name, None)
        if original is not None:
            del self._copies[original][name]
            if not self._copies[original]:
                del self._copies[original]

    def release(self, original: str) -> list[ArticleFeatures]:
        """Return the copies that wait for an article, in the order of their coming; they wait no more."""
        found = list(self._copies.get(original, {}).values())
        for copy in found:
            self.drop(copy.id)
        return found

    def give_up(self) -> list[ArticleFeatures]:
        """Return the copies of the original that has been waited for the longest; they wait no more."""
        return self.release(next(iter(self._copies)))
