"""Errors that may be written down: one line, short, without the secrets that the receiver was opened with."""

import re
from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import quote, unquote

MAX_LENGTH = 300
HIDDEN = "***"
#: A shorter part of a secret is a word like any other: hiding it would hide the error.
MIN_LENGTH = 4

NOT_PRINTED = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
#: Separators of the parts of a URL, and of the secrets in it.
SEPARATORS = re.compile(r"[/:@?&=#,;\s]+")


class Redaction:
    """Hides the given secrets, as they are and percent-encoded."""

    def __init__(self, *secrets: str) -> None:
        forms = {
            form
            for secret in secrets
            for form in (secret, quote(secret, safe=""), quote(secret), unquote(secret))
            if len(form) >= MIN_LENGTH
        }
        self._secrets = re.compile("|".join(map(re.escape, sorted(forms, key=len, reverse=True)))) if forms else None

    def __repr__(self) -> str:
        return "Redaction()"

    def hide(self, text: str) -> str:
        """Return `text` on one line of at most 300 characters, each secret as `***`."""
        # secrets first: a cut through one would leave a half that is not recognised
        if self._secrets is not None:
            text = self._secrets.sub(HIDDEN, text)
        line = NOT_PRINTED.sub(" ", text).strip()
        return line if len(line) <= MAX_LENGTH else line[: MAX_LENGTH - 1] + "…"


def parts_of(url: str, *, host: bool) -> Iterator[str]:
    """Yield the parts of a URL that may be secrets: all of it, and each part; host and port only with `host`.

    In the URLs of chat services any part can be a token, the host included.
    """
    yield url
    before, _, query = url.partition("?")
    before = before.partition("://")[2]
    userinfo, _, after = before.rpartition("@")
    if userinfo:
        yield userinfo
        yield b64encode(unquote(userinfo).encode()).decode()
    if not host:
        after = after.partition("/")[2]
    yield after
    # in a query the values, not their names: those are words that an error is written in
    values = (each.partition("=")[2] for each in query.split("&"))
    for part in (userinfo, after, *values):
        yield part
        yield from SEPARATORS.split(part)
