"""Placeholder until the tagger stands; replaced by its owner."""

from msgspec import Struct

from streams.records import Clean, Region


class RegionTags(Struct, kw_only=True):
    """Nothing found."""

    regions: list[Region] = []
    primary_country: str | None = None
    macro_regions: list[str] = []


class RegionTagger:
    """Abstains."""

    def tag(self, clean: Clean) -> RegionTags:
        """Return nothing."""
        return RegionTags()


def load() -> RegionTagger:
    """Return the tagger."""
    return RegionTagger()
