"""Records of a web archive that are no page, by kind: most of an archive is images, styles, redirects and requests."""

from collections import Counter
from typing import Any
from urllib.parse import urlsplit

OK = 200
#: How the type begins of an answer that is a page.
PAGES = ("text/html", "application/xhtml", "text/plain")
#: Kinds of answers by what is in their type, the first that fits.
KINDS = {
    "image/": "image",
    "audio/": "sound or film",
    "video/": "sound or film",
    "mpegurl": "sound or film",
    "font": "style or script",
    "css": "style or script",
    "javascript": "style or script",
    "ecmascript": "style or script",
    "wasm": "style or script",
    "json": "data",
    "xml": "feed or XML",
    "pdf": "PDF",
}
#: Records that are no answer, of WARC 1.1; any other is "other record".
RECORDS = frozenset(("warcinfo", "request", "metadata", "revisit", "resource", "conversion", "continuation"))


def why_no_page(record: Any) -> str:
    """Return the kind of a record (warcio's) that is no page; empty for a page. The kinds are few, whatever it says."""
    if record.rec_type != "response":
        return record.rec_type if record.rec_type in RECORDS else "other record"
    if record.http_headers is None:
        return "not HTTP"
    status = record.http_headers.get_statuscode()
    if status != str(OK):
        return "redirect" if status.startswith("3") else "status other than 200"
    type_ = type_of(record)
    if not type_.startswith(PAGES):
        return next(
            (kind for part, kind in KINDS.items() if part in type_), "other type" if type_ else "without a type"
        )
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    return "robots.txt" if url.endswith("/robots.txt") and urlsplit(url).path == "/robots.txt" else ""


def type_of(record: Any) -> str:
    """Return the type of an answer in small letters, with its charset."""
    return (record.http_headers.get_header("Content-Type") or "").strip().lower()


def listed(passed_over: Counter[str]) -> str:
    """Say how many records were no page, by kind, the most frequent first; empty where none was passed over."""
    if not passed_over:
        return ""
    kinds = ", ".join(
        f"{count} {kind}" for kind, count in sorted(passed_over.items(), key=lambda each: (-each[1], each[0]))
    )
    one = passed_over.total() == 1
    return f"{passed_over.total()} {'record of a web archive was' if one else 'records of web archives were'} no page: {kinds}"
