"""The texts of a notice, an alert or a digest, for any receiver: its subject, and its message in a markup."""

from agents.deliver import alerts, digests
from agents.deliver.markup import Markup
from agents.deliver.notice import Notice
from streams.records import Digest


def subject(notice: Notice) -> str:
    """Return the subject, one line."""
    return digests.subject(notice) if isinstance(notice, Digest) else alerts.subject(notice)


def message(notice: Notice, markup: Markup, page: str = "") -> str:
    """Return the message; `page`: the address of the page, to which it leads where there is one."""
    return digests.message(notice, markup, page) if isinstance(notice, Digest) else alerts.body(notice, markup, page)
