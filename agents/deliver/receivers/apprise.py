"""Mail, Slack, Teams, Telegram and all else that Apprise knows.

Apprise blocks, so it runs in threads of the receiver's own; one message at a time, for its services hold state and keep
to the rates that are allowed them.
"""

import asyncio
import logging
import re
from collections import OrderedDict
from functools import partial
from smtplib import SMTPException
from typing import Any, NamedTuple

from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat, NotifyType, OverflowMode
from apprise.plugins.email.base import NotifyEmail

from agents.deliver import texts
from agents.deliver.markup import WRITERS, Markup
from agents.deliver.notice import Notice, label_of, public_id
from agents.deliver.receivers import mail
from agents.deliver.receivers.base import Attempt, NotOurs, require_ours
from agents.deliver.receivers.redaction import Redaction, parts_of
from streams.records import Severity
from streams.system.threads import Threads

TYPES: dict[Severity, NotifyType] = {
    "info": NotifyType.INFO,
    "warning": NotifyType.WARNING,
    "critical": NotifyType.FAILURE,
}
MARKUPS: dict[NotifyFormat, Markup] = {
    NotifyFormat.TEXT: "text",
    NotifyFormat.MARKDOWN: "markdown",
    NotifyFormat.HTML: "html",
}
#: Between two messages to a service for which Apprise knows no rate: its own guess of 5.5 s, for mail too, would hold up
#: a desk's alerts, and a service that wants fewer says so and is tried again later.
PAUSE_SECONDS = 1.0
#: Libraries that Apprise's services use and that log whole URLs, with the tokens in them, at DEBUG.
TALKATIVE = ("urllib3", "requests", "requests_oauthlib", "oauthlib")
#: Several URLs in one variable would be one receiver of which a part may fail.
SEVERAL = re.compile(r"\s|[,;]\s*[a-z0-9]+://")


#: Most notices of which it is remembered who has them.
MAX_NOTICES = 1000
#: The character for all.
EVERYBODY = "*"


class MessageResult(NamedTuple):
    """Result of a message, and Apprise's warnings about it."""

    delivered: bool
    warnings: str


class AppriseReceiver:
    """One service of Apprise's."""

    kind = "apprise"
    one_at_a_time = True

    def __init__(self, name: str, url: str, *, timeout_seconds: float, threads: int, page: str = "") -> None:
        """Open the service; raises `ValueError`, without a secret in it, where Apprise cannot make one of the URL.

        `page`: where its messages lead, or an empty string.
        """
        self.name = name
        self._url, self._page = url, page
        self._redaction = Redaction(*parts_of(url, host=True))
        self._timeout_seconds = timeout_seconds
        self._places = threads
        self._threads = Threads(f"deliver-{name}", threads)
        self._turn = asyncio.Lock()
        self._delivered_to: OrderedDict[str, set[str]] = OrderedDict()
        quieten()
        self._service = self._opened()

    def __repr__(self) -> str:
        return f"AppriseReceiver(name={self.name!r})"

    async def send(self, notice: Notice, attempt: int) -> Attempt:
        """Send the message once its turn has come.

        The wait for its turn is apart from the time limit and has a bound of its own: a message that had begun when
        its time ended may still arrive, one that had not cannot.
        """
        limit, pause = self._timeout_seconds, self._service.request_rate_per_sec
        longest = limit + self._places * pause
        try:
            async with asyncio.timeout(longest):
                await self._turn.acquire()
        except TimeoutError:
            return Attempt(delivered=False, error=f"earlier messages took longer than {longest:g} s")
        try:
            require_ours()
        except NotOurs:
            self._turn.release()
            raise
        ended, delivered_to = False, self._recipients_of(public_id(notice), attempt)
        try:
            async with asyncio.timeout(limit + pause):
                outcome = await self._threads.run(partial(notify, self._service, notice, delivered_to, self._page))
            ended = True
        except TimeoutError:
            return Attempt(delivered=False, error=f"no answer within {limit:g} s")
        finally:
            if not ended:
                # the thread goes on with this service; the next message must not meet it there
                self._service = self._opened()
            self._turn.release()
        if outcome.delivered:
            return Attempt(delivered=True)
        return Attempt(delivered=False, error=self._redaction.hide(outcome.warnings) or "Apprise does not say why")

    async def close(self) -> None:
        """Do nothing: a thread ends with its message."""

    def _recipients_of(self, identifier: str, attempt: int) -> set[str]:
        """Return who has an alert already: a failed attempt may have reached some, or all after its time."""
        if attempt == 1:
            self._delivered_to.pop(identifier, None)
        delivered_to = self._delivered_to.setdefault(identifier, set())
        self._delivered_to.move_to_end(identifier)
        if len(self._delivered_to) > MAX_NOTICES:
            self._delivered_to.popitem(last=False)
        return delivered_to

    def _opened(self) -> NotifyBase:
        if SEVERAL.search(self._url):
            raise ValueError("it holds more than one URL, or blanks: make each a receiver")
        # service_timeout would have Apprise run all services on threads that they share
        asset = AppriseAsset(
            service_timeout=0,
            app_id="wirewatch",
            app_desc="wirewatch",
            app_url="",
            # no pictures: Apprise's are its own and are fetched from elsewhere
            image_url_mask="",
            image_url_logo="",
        )
        try:
            service = Apprise.instantiate(self._url, asset=asset, suppress_exceptions=False)
        except (TypeError, ValueError) as error:
            raise ValueError(self._redaction.hide(str(error))) from None
        if service is None:
            raise ValueError("it is no URL that Apprise knows")
        query = self._url.partition("?")[2].lower()
        if "cto=" not in query:
            service.socket_connect_timeout = self._timeout_seconds
        if "rto=" not in query:
            service.socket_read_timeout = self._timeout_seconds
        if "overflow=" not in query:
            # a digest that is longer than the service allows comes in several messages, and is not refused
            service.overflow_mode = OverflowMode.SPLIT
        if service.request_rate_per_sec == NotifyBase.request_rate_per_sec:
            service.request_rate_per_sec = PAUSE_SECONDS
        ask_behind_pauses(service)
        return service


def ask_behind_pauses(service: NotifyBase) -> None:
    """Have a service ask once more whose the message is behind the pause that it makes before each request."""
    pause = service.throttle

    def throttle(*arguments: Any, **options: Any) -> None:
        pause(*arguments, **options)  # type: ignore[no-untyped-call]
        require_ours()

    service.throttle = throttle  # type: ignore[method-assign]


def notify(service: NotifyBase, notice: Notice, delivered_to: set[str], page: str) -> MessageResult:
    """Send one message and wait for it; Apprise turns its services' exceptions into a failed result.

    `delivered_to`: of a mail, the addresses that have it; of anything else, `EVERYBODY` or nobody.
    """
    if mail.takes_parts(service):
        return mailed(service, notice, delivered_to, page)
    if EVERYBODY in delivered_to:
        return MessageResult(delivered=True, warnings="")
    result = notified(service, notice, page)
    if result.delivered:
        delivered_to.add(EVERYBODY)
    return result


def notified(service: NotifyBase, notice: Notice, page: str) -> MessageResult:
    """Send one message by Apprise."""
    form = service.resolve_format()
    markup = MARKUPS[form]
    heading, text = texts.subject(notice), texts.message(notice, markup, page)
    if service.title_maxlen <= 0:
        # it has no titles: Apprise puts ours before the message, as it is
        heading = WRITERS[markup].text(heading)
    sender = Apprise(asset=service.asset)
    sender.add(service)
    result = sender.notify(
        body=text,
        title=heading,
        notify_type=TYPES[label_of(notice).severity],
        body_format=form.value,
        log_level=logging.WARNING,
    )
    return MessageResult(bool(result), "; ".join(dict.fromkeys(entry.message for entry in result.logs())))


def mailed(service: NotifyEmail, notice: Notice, delivered_to: set[str], page: str) -> MessageResult:
    """Send a mail of our own."""
    try:
        mail.send(notice, service, delivered_to, page)
    except (OSError, SMTPException, ValueError) as error:  # ValueError: what no header can hold
        return MessageResult(delivered=False, warnings=f"{type(error).__name__}: {error}")
    return MessageResult(delivered=True, warnings="")


def quieten() -> None:
    """Keep the loggers of Apprise and its libraries out of our log: they write URLs, tokens and messages.

    Apprise's warnings become the attempt's error, without the secrets.
    """
    logging.getLogger("apprise").propagate = False
    for name in ("apprise", *TALKATIVE):
        logging.getLogger(name).setLevel(logging.WARNING)
