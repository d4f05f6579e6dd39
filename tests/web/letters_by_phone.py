"""The telephones of tests: what was sent to them, opened as the worker would."""

import json
import re

import sqlalchemy as sa

from service.storage.db import execute, reading
from service.storage.messages import outbox
from tests.reference.seeding import VAULT
from tests.web.programs import Site


def texts(site: Site, phone: str) -> list[str]:
    """The short messages to a telephone, the oldest first."""
    with site.app.app_context(), reading():
        query = sa.select(outbox.table.c.payload).where(outbox.table.c.kind == "sms").order_by(outbox.table.c.id)
        payloads = [json.loads(each) for each in execute(query).scalars()]
    told = [json.loads(VAULT.open_secret(bytes.fromhex(each["sealed"]), name="sms")) for each in payloads]
    return [each["text"] for each in told if each["phone"] == phone]


def sms_code(site: Site, phone: str) -> str:
    """The last code of eight digits sent to a telephone."""
    found = [match[0] for text in texts(site, phone) if (match := re.search(r"\b\d{8}\b", text, re.ASCII))]
    return found[-1]


def authorisation_code(site: Site, phone: str) -> str:
    """The last authorisation code sent to a telephone."""
    found = [match[1] for text in texts(site, phone) if (match := re.search(r"授权码 (\w+)", text))]
    return found[-1]
