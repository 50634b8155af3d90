"""A mail server that does what a test tells it to: refuse, wait, or fall in the middle."""

from collections.abc import Callable, Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

SETTINGS = {"default": {"BACKEND": "tests.worker.mailers.Scripted"}}


class Killed(BaseException):
    """The process is gone at this very place: nothing after it runs, no handler of ours is asked."""


class Scripted(BaseEmailBackend):
    """`before` runs when a message arrives, `after` once it is accepted."""

    accepted: list[EmailMessage] = []
    before: Callable[[EmailMessage], None]
    after: Callable[[EmailMessage], None]

    @classmethod
    def reset(cls) -> None:
        cls.accepted = []
        cls.before = cls.after = staticmethod(lambda message: None)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            message.message()  # what a server would refuse, such as a header on two lines, fails here too
            type(self).before(message)
            self.accepted.append(message)
            type(self).after(message)
        return len(email_messages)

    @classmethod
    def identities(cls) -> list[str]:
        return [message.extra_headers["Message-ID"] for message in cls.accepted]
