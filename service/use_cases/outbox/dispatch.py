"""Hands one message to its channel: finds the telephone, writes the text, names the event."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from service.domain.clock import ZONE
from service.domain.deadlines.notices import NOTICE_TEXTS, NoticeKind, short_text
from service.domain.routes.varieties import Variety
from service.sending.failures import Rejected
from service.storage.db import reading
from service.storage.messages import receivers
from service.storage.messages.outbox import Message
from service.storage.vault import Vault
from service.use_cases.outbox.channels import EVENTS, MAIL, SMS, Channels


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Delivers messages of all kinds but those that the service itself takes up; raises NotSent, Rejected."""

    channels: Channels
    vault: Vault

    def __call__(self, message: Message) -> None:
        """Deliver one."""
        if message.kind in EVENTS:
            self._event(message)
        else:
            ways: dict[str, Callable[[Message], None]] = {SMS: self._sms, MAIL: self._mail}
            ways.get(message.kind, _unknown)(message)

    def _event(self, message: Message) -> None:
        at = message.created_at.astimezone(ZONE).isoformat(timespec="seconds") if message.created_at else None
        self.channels.event({"event": message.kind, "at": at, **message.payload}, key=message.key)

    def _sms(self, message: Message) -> None:
        if self.channels.sms is None:
            raise Rejected("no gateway is set")
        told = message.payload
        if "sealed" in told:
            secret = json.loads(self.vault.open_secret(bytes.fromhex(told["sealed"]), name="sms"))
            self.channels.sms(secret["phone"], secret["text"], key=message.key)
            return
        with reading():
            phone = (
                receivers.mobile_of_account(told["account"], self.vault)
                if "account" in told
                else receivers.mobile_of_member(told["member"], self.vault)
            )
        if not phone:
            raise Rejected("no telephone is known")
        text = short_text(NoticeKind(told["about"]), variety=Variety(told["variety"]), transfer_id=told["transfer"])
        self.channels.sms(phone, text, key=message.key)

    def _mail(self, message: Message) -> None:
        if self.channels.mail is None:
            raise Rejected("no mail server is set")
        text = NOTICE_TEXTS[NoticeKind(message.payload["about"])]
        number = message.payload.get("transfer")
        about = f"\n编号 / number: {number}" if number else ""
        self.channels.mail(f"党员组织关系转接：{text.zh}", f"{text.zh}\n{text.en}{about}\n", key=message.key)


def _unknown(message: Message) -> None:
    raise Rejected(f"nothing delivers {message.kind}")
