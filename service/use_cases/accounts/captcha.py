"""Captchas: handed out as an image, answered once, and only the server knows the answer (R-021)."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.accounts import guessing
from service.domain.errors import Refused
from service.printing import captchas as drawing
from service.storage.accounts import captchas
from service.storage.db import transaction
from service.use_cases.accounts.counting import count
from service.use_cases.deployment import Deployment

GOOD_FOR = timedelta(minutes=5)
LETTERS = "ABCDEFGHJKLMNPQRTUVWXY346789"
"""Without those that look alike."""
LENGTH = 5


@dataclass(frozen=True, slots=True)
class Captcha:
    """A captcha: its name, and the image of its answer as PNG."""

    id: str
    image: bytes


@dataclass(frozen=True, slots=True)
class CaptchaAnswer:
    """What somebody read on the image of this captcha."""

    id: str = ""
    text: str = ""


def new_captcha(*, address: str, now: datetime, deployment: Deployment) -> Captcha:
    """Draw one; refuses E_RATE_LIMITED for an address that asks for ever more of them."""
    text = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    name = secrets.token_urlsafe(16)
    with transaction():
        count([guessing.of_captchas(address)], now=now)
        captchas.add(name, _index(name, text, deployment), expires_at=now + GOOD_FOR)
    return Captcha(name, drawing.draw(text))


def require_captcha(given: CaptchaAnswer, *, address: str, now: datetime, deployment: Deployment) -> None:
    """Refuse E_CAPTCHA unless it was read rightly; it is used up either way, and a wrong answer counts."""
    with transaction():
        expected = captchas.take(given.id, now=now) if given.id else None
    answered = _index(given.id, given.text.strip().upper(), deployment)
    if expected is not None and secrets.compare_digest(expected, answered):
        return
    if given.id:
        # A change of its own: it is used up even where this one is refused.
        with transaction():
            count([guessing.of_address(address)], now=now)
    raise Refused("E_CAPTCHA", field="captcha_answer")


def _index(name: str, text: str, deployment: Deployment) -> str:
    return deployment.vault.index(f"captcha:{name}:{text}")
