"""Mail to the operator: written to the log, or sent through the mail server of the site."""

import logging
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from hashlib import sha256

from service.sending.discretion import require_discreet
from service.sending.failures import NotSent, Rejected

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
        try:
            with self._connected() as server:
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(self._message(subject, text, key))
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise (Rejected if all(code in _FOR_GOOD for code in codes) else NotSent)(f"SMTP {codes}") from error
        except smtplib.SMTPResponseException as error:
            raise NotSent(f"SMTP {error.smtp_code}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(type(error).__name__) from error

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        if self.security == "starttls":
            try:
                server.starttls(context=context)
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
