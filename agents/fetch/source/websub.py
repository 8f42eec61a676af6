"""WebSub (W3C, 2018): a hub tells us of a feed's news, and polling goes on slower meanwhile.

The address that a hub calls is made of the source's domain, its name and its topic, with a token that only our key can make;
so is the secret with which it signs. Any worker can check both, none has to ask the one that polls the source, and they are
the same after every renewal. Nothing that a hub says is believed beyond that: what it sends is a document of its topic, read
under the same limits as a polled one.
"""

import hmac
from collections.abc import Mapping
from hashlib import blake2b, sha256

from agents.fetch.source.rhythm import DAY
from agents.fetch.source.state import PollState

PATH = "/websub"
#: A lease is asked for, and believed, within these bounds.
LEAST_LEASE_SECONDS, MOST_LEASE_SECONDS = 3600.0, 14 * DAY
#: A lease is renewed when so much of it is left, as a share of what a hub usually gives.
RENEW_SECONDS = DAY
#: A hub that did not answer, or never asked back, is asked again after this time.
RETRY_SECONDS = 6 * 3600.0
#: How much slower a source is polled whose hub does its work.
SLOWER = 4.0
#: Algorithms by which hubs may sign.
ALGORITHMS = ("sha1", "sha256", "sha384", "sha512")
#: News counts less with every further one, so that a hub is judged by what it did lately.
FADE = 0.95


def topic_of(url: str) -> str:
    """Return the short form of a topic that stands in our address."""
    return blake2b(url.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def token_of(key: str, domain: str, source: str, topic: str) -> str:
    """Return the token of a source's address; `topic` in its short form."""
    return hmac.new(key.encode(), f"address {domain} {source} {topic}".encode(), sha256).hexdigest()[:40]


def secret_of(key: str, source: str, topic: str) -> str:
    """Return the secret with which a hub signs; `topic` in its short form."""
    return hmac.new(key.encode(), f"secret {source} {topic}".encode(), sha256).hexdigest()


def callback_of(public_url: str, key: str, domain: str, source: str, url: str) -> str:
    """Return the address that a hub is to call for a topic; `domain` says which worker it is for."""
    topic = topic_of(url)
    return f"{public_url.rstrip('/')}{PATH}/{domain}/{source}/{topic}/{token_of(key, domain, source, topic)}"


def signed(secret: str, body: bytes, signature: str) -> bool:
    """Return whether a signature (`sha256=…`) is the one of a body; compared in constant time."""
    algorithm, _, given = signature.strip().partition("=")
    if algorithm.lower() not in ALGORITHMS:
        return False
    wanted = hmac.new(secret.encode(), body, algorithm.lower()).hexdigest()
    return hmac.compare_digest(wanted.encode(), given.strip().lower().encode("utf-8", "replace"))


def form_of(callback: str, topic: str, secret: str, lease_seconds: float) -> dict[str, str]:
    """Return the form by which a subscription is asked for."""
    return {
        "hub.mode": "subscribe",
        "hub.callback": callback,
        "hub.topic": topic,
        "hub.secret": secret,
        "hub.lease_seconds": str(int(lease_seconds)),
    }


def lease_of(text: str) -> float:
    """Return the seconds that a hub grants, within our bounds."""
    given = float(text[:12]) if text.isascii() and text.isdigit() else MOST_LEASE_SECONDS
    return min(max(given, LEAST_LEASE_SECONDS), MOST_LEASE_SECONDS)


def discovered(state: PollState, links: Mapping[str, str]) -> tuple[str, str]:
    """Return hub and topic of a source: by its answer's `Link` headers, else by its document; empty where there are none."""
    hub, topic = links.get("hub", state.hub), links.get("self", state.topic)
    return (hub, topic) if hub and topic else ("", "")


def is_due(state: PollState, now: float) -> bool:
    """Return whether a subscription is to be asked for: there is none, it runs out, or the hub is another one."""
    if not state.hub or not state.topic or now - state.subscribed_at < RETRY_SECONDS:
        return False
    share = min(RENEW_SECONDS, max(state.lease_until - state.subscribed_at, 0.0) / 4)
    return state.lease_until - share <= now or state.subscribed != f"{state.hub} {state.topic}"


def works(state: PollState, now: float) -> bool:
    """Return whether a hub does its work: its lease runs, and polls have not found more than it has told."""
    return state.lease_until > now and state.pushed > 0 and state.pushed >= state.polled


def count(state: PollState, *, pushed: int = 0, polled: int = 0) -> None:
    """Count news that came by a hub, and news that a poll found first although a lease was running."""
    state.pushed = state.pushed * FADE**polled + pushed
    state.polled = state.polled * FADE**pushed + polled
