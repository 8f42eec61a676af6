"""Webhooks after the Standard Webhooks specification 1.0.0: a signed POST of the alert or digest as JSON.

The id and the body are the same in each attempt, so that a receiver that keeps the ids takes each alert once; the
timestamp, and with it the signature, is the attempt's.
"""

import binascii
import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256

import orjson

from agents.deliver.notice import Notice, label_of, public_id
from agents.deliver.receivers.base import Attempt
from agents.deliver.receivers.http import Poster, Posting
from agents.deliver.settings import CALLER
from streams.network.addresses import literal, refusal
from streams.records import Delivered, encode, utc

EVENTS: dict[Delivered, str] = {"alert": "alert.raised", "digest": "digest.due"}
PREFIX = "whsec_"
#: The specification's bounds of a symmetric secret.
SECRET_BYTES = range(24, 65)
#: Characters of a `webhook-id`: no point, which separates what is signed, and nothing that ends a header.
IDENTIFIER = re.compile(r"[A-Za-z0-9_:-]{1,200}")


class Webhook:
    """One webhook. `keys` are the signing keys: the current one, and an older one while receivers change over.

    Only 410 Gone is final, as the specification has it ("no longer interested"). Other refusals are a failure that is
    tried again: what answers 400, 401, 403 or 404 is mostly a receiver that is being deployed or has not been given its
    secret yet, and its alerts must not be lost over that.
    """

    kind = "webhook"
    one_at_a_time = False

    def __init__(
        self,
        name: str,
        posting: Posting,
        keys: Iterable[bytes],
        *,
        private: bool,
    ) -> None:
        """`private` says that the URL's host is allowed whatever its address."""
        self.name = name
        self._keys = tuple(keys)
        self._poster = Poster(posting)
        host = posting.url.host or ""
        address = literal(host)
        self._refused = None if private or address is None else refusal(host, address, CALLER)

    def __repr__(self) -> str:
        return f"Webhook(name={self.name!r})"

    async def send(self, notice: Notice, attempt: int) -> Attempt:
        """POST the record, signed."""
        if self._refused is not None:
            return Attempt(delivered=False, final=True, error=self._refused)
        identifier = public_id(notice)
        if not IDENTIFIER.fullmatch(identifier):
            return Attempt(delivered=False, final=True, error="the alert's id cannot stand in webhook-id")
        body = payload(notice)
        timestamp = int(datetime.now(UTC).timestamp())
        headers = {
            "webhook-id": identifier,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": " ".join(signature(key, identifier, timestamp, body) for key in self._keys),
        }
        return await self._poster.post(body, headers)

    async def close(self) -> None:
        """Close its connections."""
        await self._poster.close()


def payload(notice: Notice) -> bytes:
    """Return the body: type, time of the event, and the record as it stands on its topic."""
    label = label_of(notice)
    return orjson.dumps(
        {"type": EVENTS[label.kind], "timestamp": utc(label.at), "data": orjson.Fragment(encode(notice))}
    )


def signature(key: bytes, identifier: str, timestamp: int, body: bytes) -> str:
    """Return a signature as it stands in `webhook-signature`."""
    signed = f"{identifier}.{timestamp}.".encode() + body
    return f"v1,{b64encode(hmac.digest(key, signed, sha256)).decode()}"


def signing_keys(secrets: str) -> list[bytes]:
    """Return the keys that a variable holds, one or several `whsec_…` with blanks between.

    Raises `ValueError`, which says what is wrong without telling a secret.
    """
    words = secrets.split()
    if not words:
        raise ValueError("it is empty")
    keys = []
    for number, word in enumerate(words, 1):
        which = f"secret {number} of {len(words)}" if len(words) > 1 else "the secret"
        if not word.startswith(PREFIX):
            raise ValueError(f"{which} does not begin with {PREFIX}")
        try:
            key = b64decode(word.removeprefix(PREFIX), validate=True)
        except binascii.Error:
            raise ValueError(f"what follows {PREFIX} in {which} is not base64") from None
        if len(key) not in SECRET_BYTES:
            raise ValueError(f"{which} has {len(key)} bytes; {SECRET_BYTES[0]} to {SECRET_BYTES[-1]} are allowed")
        keys.append(key)
    return keys
