"""Phrases that page furniture is made of, by what they announce, in the larger languages of the web.

They mark a short block as suspicious; none of them drops a block on its own. Matching is by words, without regard to
case, in one pass over a page (Aho-Corasick).
"""
# ruff: noqa: RUF001 - the signs that look like others are what is matched

from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate

import ahocorasick_rs

#: What a phrase announces, in the order of their bits. The order is part of the model: append only, and train again.
PHRASES: dict[str, tuple[str, ...]] = {
    "more": (
        "read more", "see more", "more on", "more from", "more:", "related", "related:", "also read", "read also",
        "see also", "don't miss", "don’t miss", "read next", "up next", "you may also like", "you might also like",
        "recommended", "most read", "most popular", "trending", "watch:", "read:", "click here", "learn more",
        "keep reading", "continue reading", "story continues", "recent posts", "latest news", "top stories",
        "in case you missed", "lire aussi", "à lire", "lesen sie auch", "mehr zum thema", "lee también",
        "leia também", "leia mais", "te puede interesar", "leggi anche", "lees ook", "läs också", "les også",
        "czytaj też", "читайте также", "читайте також", "baca juga", "ilgili haberler", "related post",
        "hot categories", "recent news", "view all", "see all", "show more", "load more", "next article",
        "previous article", "next post", "previous post", "back to top", "top of page", "jump to",
    ),
    "follow": (
        "sign up", "subscribe", "newsletter", "follow us", "follow him", "follow her", "join our", "join us",
        "inbox", "download our", "our app", "like us on", "on facebook", "on twitter", "on instagram",
        "on linkedin", "on telegram", "on whatsapp", "get the latest", "stay up to date", "support us", "donate",
        "become a member", "log in", "sign in", "create an account", "abonnieren", "abonnez-vous", "suscríbete",
        "assine", "iscriviti", "abonneer", "подпишитесь", "free trial", "book a demo", "get started", "contact us",
        "schedule a", "request a", "call us", "shop now", "buy now", "email address", "daily newsletter",
        "youtube channel", "follow @", "click here to", "learn how", "get in touch",
    ),
    "legal": (
        "all rights reserved", "copyright", "©", "terms of use", "terms of service", "privacy policy", "cookie",
        "cookies", "may not be published", "alle rechte vorbehalten", "tous droits réservés",
        "todos los derechos reservados", "todos os direitos reservados", "affiliate", "commission", "disclaimer",
        "disclosure", "sponsored", "advertisement", "for informational", "informational use",
        "not financial advice", "partner content", "javascript", "browser", "ad blocker",
    ),
    "credit": (
        "getty", "shutterstock", "photo:", "photo by", "photos by", "image:", "image credit", "photo credit",
        "courtesy of", "foto:", "fotos:", "bild:", "ap photo", "via ap", "/afp", "/reuters", "(reuters)",
        "file photo", "screenshot", "unsplash", "istock", "image by", "pictured", "crédito", "photograph:",
        "picture:", "illustration", "pexels", "alamy",
    ),
    "byline": (
        "by", "written by", "posted by", "posted on", "posted in", "published", "published on", "updated",
        "last updated", "reviewed by", "edited by", "min read", "minute read", "minutes read", "about the author",
        "is a freelance", "writer", "editor", "reporter", "correspondent", "contributed to this", "reporting by",
        "editing by", "author", "authors", "modified", "filed under", "tagged", "tags:", "categories", "category:",
        "am", "pm", "edt", "est", "gmt", "views", "ago",
    ),
    "comment": (
        "comment", "comments", "leave a reply", "reply", "share", "tweet", "share this", "print", "email", "likes",
        "replies", "your email address will not be published", "facebook", "twitter", "pinterest", "whatsapp",
        "linkedin", "copy link", "kommentare", "commentaires", "comentarios", "teilen", "partager", "compartir",
        "save", "rating", "vote", "votes",
    ),
    "reference": (
        "references", "sources", "source:", "doi", "et al", "retrieved", "https", "www", "isbn", "see also",
        "bibliography", "faq", "frequently asked questions", "table of contents", "in this article",
        "key takeaways", "contents", "pubmed",
    ),
}  # fmt: skip

NAMES = tuple(PHRASES)


@lru_cache(1)
def automaton() -> tuple[ahocorasick_rs.AhoCorasick, list[int]]:
    """Return the automaton over all phrases and, for each phrase, the number of its kind."""
    patterns, kinds = [], []
    for kind, phrases in enumerate(PHRASES.values()):
        for phrase in phrases:
            patterns.append(phrase)
            kinds.append(kind)
    return ahocorasick_rs.AhoCorasick(patterns, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest), kinds


def mark(texts: list[str]) -> list[tuple[int, int]]:
    """Return (text number, kind) for every phrase found at word boundaries in the lower-cased texts."""
    finder, kinds = automaton()
    joined = "\n".join(texts)
    ends = list(accumulate(len(text) + 1 for text in texts))
    found = []
    for pattern, start, end in finder.find_matches_as_indexes(joined):
        if start and joined[start - 1].isalnum() and joined[start].isalnum():
            continue
        if end < len(joined) and joined[end].isalnum() and joined[end - 1].isalnum():
            continue
        found.append((bisect_right(ends, start), kinds[pattern]))
    return found
