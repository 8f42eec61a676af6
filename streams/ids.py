"""Ids: the canonical URL of an article, its article id, and the fetch id that the accounts are kept by."""

import re
from datetime import datetime
from hashlib import sha256
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from streams.records import utc

#: Parameters that say how a reader came to the page, never which page it is.
TRACKING = re.compile(
    r"""(?xi)^(?:
        utm_\w+ | mtm_\w+ | pk_\w+ | piwik_\w+ | hsa_\w+ | stm_\w+ | at_\w+ | ns_\w+ | oly_\w+ | vero_\w+ | wt_?(?:\.\w+|mc\w*|zmc\w*)
      | fbclid | gclid | gclsrc | gbraid | wbraid | dclid | msclkid | yclid | twclid | ttclid | igshid | igsh | mc_cid | mc_eid | li_fat_id
      | _hsenc | _hsmi | __hs\w+ | _ga | _gl | mkt_tok | ncid | cmpid | cmp | ocid | smid | smtyp | sref | ito | xtor | icid | ref_src | ref_url
      | spm | scid | campaign_?id | ftag | taid | guccounter | guce_\w+ | amp | outputtype | syndication | rss | share | sharetype | intcmp
    )$"""
)

DEFAULT_PORT = {"http": 80, "https": 443}


def canonical_url(url: str) -> str:
    """Return the URL by which an article is known.

    Scheme and host in lower case, no user, default port or fragment; tracking parameters dropped; the query sorted;
    percent-escapes normalised. Doing it twice changes nothing. http and https, and www. and none, stay apart: they can
    be two pages.
    """
    parts = urlsplit(url.strip())
    scheme = parts.scheme.lower()
    host = (parts.hostname or "").rstrip(".")
    try:
        host = host.encode("idna").decode() if not host.isascii() else host
    except UnicodeError:
        pass
    if ":" in host:
        host = f"[{host}]"
    try:
        port = parts.port
    except ValueError:
        port = None
    if port and port != DEFAULT_PORT.get(scheme):
        host = f"{host}:{port}"
    path = quote(unquote(parts.path, errors="surrogateescape"), safe="/:@!$&'()*+,;=~-._", errors="surrogateescape") or "/"
    pairs = parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape", max_num_fields=None)
    kept = sorted((name, value) for name, value in pairs if not TRACKING.match(name))
    query = urlencode(kept, errors="surrogateescape")
    return urlunsplit((scheme, host, path, query, ""))


def article_id(url: str | None, source: str | None, title: str | None, text: str) -> str:
    """Return 32 hex digits: of the canonical URL, or of source, title and text where there is no URL."""
    if url and url.strip():
        try:
            return digest(canonical_url(url))
        except ValueError:
            return digest(url.strip())
    return digest("\n".join((source or "", title or "", text)))


def fetch_id(article: str, fetched_at: datetime) -> str:
    """Return the id of one fetch of an article: `<article id>:<fetched_at>`."""
    return f"{article}:{utc(fetched_at)}"


def digest(text: str) -> str:
    """Return the first 32 hex digits of a text's SHA-256."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
