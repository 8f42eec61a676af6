"""Regions of an article: the countries, divisions and cities that it is about, mentions, or is datelined from.

Begin with `tagger`. `mentions` finds the names of `lexicon` in a text; `not_places` drops those that are no place; `scene`
tells places that are only named from where it happened; `resolve` chooses the place of each name, and `weights` what
speaks for each country.
"""

from agents.tag.regions.tagger import RegionTagger, RegionTags, load

__all__ = ["RegionTagger", "RegionTags", "load"]
