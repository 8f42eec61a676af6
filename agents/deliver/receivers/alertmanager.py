"""Alertmanager: an alert of ours as one of its own, through its API v2."""

from datetime import UTC, datetime, timedelta

import orjson

from agents.deliver.alerts import body, subject
from agents.deliver.markup import safe_url
from agents.deliver.notice import Notice
from agents.deliver.receivers.base import Attempt
from agents.deliver.receivers.http import Poster, Posting
from streams.records import Alert, utc

ALERT_NAME = "wirewatch"
PATH = "api/v2/alerts"


class Alertmanager:
    """One Alertmanager. It knows an alert by its labels, so that the same one sent again is the same one."""

    kind = "alertmanager"
    one_at_a_time = False

    def __init__(
        self,
        name: str,
        posting: Posting,
        *,
        token: str,
        active: timedelta,
    ) -> None:
        """`posting.url` is that of the API's alerts; `token` may be empty."""
        self.name = name
        self._poster = Poster(posting)
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._active = active

    def __repr__(self) -> str:
        return f"Alertmanager(name={self.name!r})"

    async def send(self, notice: Notice, attempt: int) -> Attempt:
        """POST the alert; a digest is none."""
        if not isinstance(notice, Alert):
            return Attempt(delivered=False, final=True, error="Alertmanager takes alerts alone; name another receiver")
        return await self._poster.post(payload(notice, datetime.now(UTC) + self._active), self._headers)

    async def close(self) -> None:
        """Close its connections."""
        await self._poster.close()


def payload(alert: Alert, ends_at: datetime) -> bytes:
    """Return the body of a POST.

    The end counts from the attempt, not from the alert: one that is delivered hours late and had already ended would be
    taken as resolved, and nobody would hear of it.
    """
    url = safe_url(alert.article.url)
    posted = {
        "labels": labels(alert),
        "annotations": {
            "summary": subject(alert),
            "description": body(alert, "text"),
            **({"url": url} if url else {}),
        },
        "startsAt": utc(alert.raised_at),
        "endsAt": utc(max(ends_at, alert.raised_at)),
        **({"generatorURL": url} if url else {}),
    }
    return orjson.dumps([posted])


def labels(alert: Alert) -> dict[str, str]:
    """Return the labels by which the alert is routed, silenced and known: few values each, but for `alert_id`."""
    known = {
        "alertname": ALERT_NAME,
        "alert_id": alert.id,
        "watch": alert.watch,
        "severity": alert.severity,
        "kind": alert.kind,
        "owner": alert.owner,
        "source": alert.article.source,
        "country": alert.article.primary_country,
    }
    return {name: value for name, value in known.items() if value}
