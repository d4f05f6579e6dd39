"""Mail to the operator: written to the log, or sent through the mail server of the site."""

import logging
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from hashlib import sha256
from typing import Any

from service.sending.discretion import require_discreet
from service.sending.failures import NotSent, Rejected
from service.sending.in_time import Watch, watched

SECONDS = 8.0
_log = logging.getLogger(__name__)
_FOR_GOOD = range(550, 560)


def log_mail(subject: str, text: str, *, key: str) -> None:
    """Write it to the log."""
    require_discreet(subject, text)
    _log.info("mail %s: %s", key, subject)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Sends through SMTP; `security` is none, starttls or tls. The key becomes the Message-ID, so a repeat shows."""

    host: str
    port: int
    sender: str
    receiver: str
    security: str = "starttls"
    user: str = ""
    password: str = ""

    def __call__(self, subject: str, text: str, *, key: str) -> None:
        """Send one; raises NotSent, Rejected."""
        require_discreet(subject, text)
        message = self._message(subject, text, key)
        try:
            with watched(SECONDS) as watch, self._connected(watch) as server:
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise (Rejected if all(code in _FOR_GOOD for code in codes) else NotSent)(f"SMTP {codes}") from error
        except smtplib.SMTPResponseException as error:
            raise NotSent(f"SMTP {error.smtp_code}") from error
        except (OSError, ValueError, smtplib.SMTPException) as error:
            # Also an answer that is no ASCII, and a socket that was cut off while it was read.
            raise NotSent(type(error).__name__) from error

    def _connected(self, watch: Watch) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.security == "tls":
            return _watched_by(watch, smtplib.SMTP_SSL)(self.host, self.port, timeout=SECONDS, context=context)
        server = _watched_by(watch, smtplib.SMTP)(self.host, self.port, timeout=SECONDS)
        if self.security == "starttls":
            try:
                server.starttls(context=context)
                if server.sock is not None:
                    watch.over(server.sock)
            except BaseException:
                server.close()
                raise
        return server

    def _message(self, subject: str, text: str, key: str) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self.sender, self.receiver, subject
        message["Date"] = formatdate()
        domain = make_msgid(domain=self.sender.partition("@")[2] or "localhost").rpartition("@")[2]
        message["Message-ID"] = f"<{sha256(key.encode()).hexdigest()[:32]}@{domain}"
        message.set_content(text, cte="base64")  # not every server takes eight bits
        return message


def _watched_by(watch: Watch, kind: type[smtplib.SMTP]) -> Callable[..., smtplib.SMTP]:
    """A kind of connection that is watched from the first byte: the greeting is read while it is made."""

    class Watched(kind):  # type: ignore[misc, valid-type]
        def _get_socket(self, *args: Any) -> socket.socket:
            opened: socket.socket = super()._get_socket(*args)
            watch.over(opened)
            return opened

    return Watched
