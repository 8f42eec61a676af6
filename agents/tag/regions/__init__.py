"""Regions of an article: the countries, divisions and cities that it is about, mentions, or is datelined from."""

from agents.tag.regions.tagger import RegionTagger, RegionTags, load

__all__ = ["RegionTagger", "RegionTags", "load"]
