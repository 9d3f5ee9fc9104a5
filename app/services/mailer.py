"""How a mail leaves: not at all, into the log of the demo, or by SMTP."""

import logging
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Protocol
from urllib.parse import unquote, urlsplit

from app.settings import MailerKind, Settings

_TIMEOUT_S = 10.0
_LOG = logging.getLogger("cdmo.mail")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to one person, in plain text."""

    to: str
    subject: str
    text: str


class Mailer(Protocol):
    """Whatever sends letters."""

    def send(self, letter: Letter) -> None:
        """Send it, or raise."""


@dataclass(frozen=True, slots=True)
class LogMailer:
    """Writes letters into the log, with their links: for the demo, where nobody else reads it."""

    def send(self, letter: Letter) -> None:
        """Write it."""
        fields = {"to": letter.to, "subject": letter.subject, "text": letter.text}
        _LOG.warning("a mail, which only the demo writes here", extra={"fields": fields})


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Hands letters to a mail server, by TLS unless the server is on this machine."""

    url: str
    sender: str

    def send(self, letter: Letter) -> None:
        """Send it."""
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = letter.to
        message["Subject"] = letter.subject
        message["Date"] = formatdate()
        message["Message-ID"] = make_msgid(domain=self.sender.rpartition("@")[2].strip("> "))
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        with self._connected() as server:
            server.send_message(message)

    def _connected(self) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        if parts.scheme == "smtps":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, parts.port or 465, timeout=_TIMEOUT_S, context=context
            )
        else:
            server = smtplib.SMTP(host, parts.port or 587, timeout=_TIMEOUT_S)
        try:
            if parts.scheme == "smtp" and not is_local(host):
                server.starttls(context=ssl.create_default_context())
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
        except BaseException:
            server.close()
            raise
        return server


def is_local(host: str) -> bool:
    """Whether a mail server is on this machine, so that nobody listens on the way."""
    return host in ("localhost", "127.0.0.1", "::1")


def chosen(settings: Settings) -> Mailer | None:
    """The mailer that the settings name, or None where no mail is sent."""
    if settings.mailer is MailerKind.LOG:
        return LogMailer()
    if settings.mailer is MailerKind.SMTP:
        return SmtpMailer(settings.smtp_url.get_secret_value(), settings.mail_from)
    return None
