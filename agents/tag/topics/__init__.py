"""Topics of an article: IPTC Media Topics, with scores and the words that spoke for them."""

from agents.tag.topics.tagger import TopicTagger, check_encoder, covered_languages, covers, load

__all__ = ["TopicTagger", "check_encoder", "covered_languages", "covers", "load"]
