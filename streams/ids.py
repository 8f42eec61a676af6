"""Ids: the canonical URL of an article, its article id, and the fetch id that the accounts are kept by.

A wrong join loses an article for good, a wrong split is found again by its text. So two spellings are
joined only where RFC 3986 (6.2.2) or every client makes them one: what a server may tell apart stays apart.
"""

import re
import unicodedata
from contextlib import suppress
from datetime import datetime
from hashlib import blake2b, sha256
from urllib.parse import urlsplit

from streams.records import utc

#: Parameters that say how a reader came to the page, never which page it is.
TRACKING = re.compile(
    r"""(?xi)^(?:
        utm_\w+ | mtm_\w+ | pk_(?:campaign|kwd|keyword|source|medium|content|cid) | piwik_\w+ | matomo_\w+
      | hsa_\w+ | stm_\w+ | at_(?!id$)\w+ | ns_(?!id$)\w+ | oly_\w+_id | vero_\w+ | wt_?(?:\.\w+|mc\w*|zmc\w*)
      | sfmc_\w+
      | fbclid | fb_action_\w+ | fb_source | gclid | gclsrc | gbraid | wbraid | dclid | gad_source | gad_campaignid
      | srsltid | msclkid | yclid | _openstat | twclid | ttclid | igshid | igsh | mibextid | epik | mc_cid | mc_eid
      | li_fat_id | _hsenc | _hsmi | __hs\w+ | _ga | _gl | mkt_tok | s_cid | ncid | cmpid | cmp | ocid | smid | smtyp
      | sref | ito | xtor | icid | ref_src | ref_url | spm | campaign_?id | ftag | taid | guccounter | guce_\w+
      | amp | outputtype | syndication | rss | share | sharetype | intcmp
    )$"""
)

#: Of the hash of a fetch id.
FETCH_BYTES = 8

DEFAULT_PORTS = {"http": "80", "https": "443", "ws": "80", "wss": "443", "ftp": "21"}

#: Scheme, authority, path and query of any string (RFC 3986, appendix B); a fragment is left out.
URL = re.compile(r"(?s)(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?")

#: A percent-escape, or a run of what may not stand in a URL.
ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~!$&'()*+,;=:@/?]+")
#: The same, decoded or not: unreserved in RFC 3986, or in RFC 2396, after which some encoders still go.
UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!*'()")

#: Most octets of a label of a host's name (RFC 1035): what is longer is no host.
MAX_LABEL = 63
#: Most octets of the name.
MAX_HOST = 253

#: What browsers take for a point between labels.
POINTS = str.maketrans("\u3002\uff0e\uff61", "...")
#: Browsers drop these wherever they stand.
LINE_BREAKS = {ord(c): None for c in "\t\r\n"}


def host_of(url: str) -> str:
    """Return the host of a URL in lower case, empty where it has none, or is none (`http://[`)."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def site_of(url: str) -> str:
    """Return the host of a URL as sites are called: without `www.`; empty where it has none."""
    return host_of(url).removeprefix("www.")


def canonical_url(url: str) -> str:
    """Return the URL by which an article is known, in ASCII; for any string, and doing it twice changes nothing.

    Scheme and host in lower case, without user, default port and fragment; no tracking parameters; the query in order
    of names, values of one name in their own order; percent-escapes written in one way, decoded only where RFC 3986
    lets nobody tell them apart. http and https, and www. and none, stay apart: they can be two pages. So do the path's
    upper and lower case, `+` and `%20`, and `a` and `a=`.
    """
    parts = URL.match(url.translate(LINE_BREAKS).strip())
    scheme, authority, path, query = parts.groups() if parts else (None, None, url, None)
    scheme = scheme.lower() if scheme else ""
    out = f"{scheme}:" if scheme else ""
    if authority is not None:
        out += f"//{canonical_host(authority, DEFAULT_PORTS.get(scheme, ''))}"
        path = path or "/"
    # Without a scheme, what stands before a colon must not become one.
    out += escaped(path) if out else escaped(path).replace(":", "%3A")
    pairs = [pair for pair in escaped(query or "").split("&") if pair]
    kept = [pair for pair in pairs if not TRACKING.match(pair.partition("=")[0])]
    kept.sort(key=lambda pair: pair.partition("=")[0])
    return f"{out}?{'&'.join(kept)}" if kept else out


def canonical_host(authority: str, default_port: str) -> str:
    """Return host and port in lower case; labels beyond ASCII in Punycode (RFC 3492); no user and no default port."""
    host = authority.rpartition("@")[2].translate(POINTS).rstrip(".")
    kept_port = ""
    while not host.endswith("]"):
        name, colon, port = host.rpartition(":")
        if not colon or (port and not (port.isascii() and port.isdigit())):
            break
        port = port.lstrip("0") or port[:1]
        if port not in ("", default_port):
            kept_port = f":{port}"
            host = name.rstrip(".")
            break
        host = name.rstrip(".")
    if host.startswith("[") and host.endswith("]"):
        return f"[{escaped(host[1:-1]).lower()}]{kept_port}"
    if len(host) > MAX_HOST:  # Punycode takes time that grows with the square
        return escaped(host).lower() + kept_port
    return ".".join(map(canonical_label, host.split("."))) + kept_port


def canonical_label(label: str) -> str:
    """Return one label of a host name in ASCII and lower case."""
    if not label.isascii() and len(label) <= MAX_LABEL:
        with suppress(UnicodeError):
            label = "xn--" + unicodedata.normalize("NFC", label.lower()).encode("punycode").decode()
    return escaped(label).lower()


def escaped(part: str) -> str:
    """Return a part of a URL with its percent-escapes written in the one way, and all that needs one escaped."""
    return ESCAPE.sub(escape, part)


def escape(found: re.Match[str]) -> str:
    """Return an escape of an unreserved character as that character, any other escape or text as upper-case escapes."""
    if found[1]:
        byte = int(found[1], 16)
        return chr(byte) if byte in UNRESERVED else f"%{byte:02X}"
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass"))


def article_id(url: str | None, source: str | None, title: str | None, text: str) -> str:
    """Return 32 hex digits: of the canonical URL, or of source, title and text where there is no URL."""
    if url and url.strip():
        return digest(canonical_url(url))
    return digest("\n".join((one_line(source or ""), one_line(title or ""), text)))


def one_line(text: str) -> str:
    r"""Return a text that holds no line break, another one for another text: `\n` for a line break, `\\` for `\`."""
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def fetch_id(article: str, fetched_at: datetime) -> str:
    """Return the id of one fetch of an article: `<article id>:<fetched_at>`."""
    return f"{article}:{utc(fetched_at)}"


def fetch_hash(fetch_id: str) -> bytes:
    """Return the 64 bits by which states remember a fetch."""
    return blake2b(fetch_id.encode("utf-8", "surrogatepass"), digest_size=FETCH_BYTES).digest()


def digest(text: str) -> str:
    """Return the first 32 hex digits of a text's SHA-256."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def short_digest(text: str, size: int) -> bytes:
    """Return the first `size` bytes of a text's SHA-256, for states that hold many."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()[:size]
