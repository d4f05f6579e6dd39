"""Look up a person from outside before anything is filled in: is he known, may he come, is he who he says? (R-138, R-141)"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.domain.accounts.actors import Actor
from service.domain.applying.newcomers import Standing
from service.domain.errors import Refused
from service.domain.members.real_names import Verdict
from service.storage.db import reading
from service.use_cases.deployment import Deployment
from service.use_cases.transfers import newcoming
from service.use_cases.transfers.opening import open_start


@dataclass(frozen=True, slots=True)
class LookedUp:
    """How the person stands; `values` are those of his record, where he is to be claimed back.

    `register` is what the real-name register says, None where nobody was asked.
    """

    standing: Standing
    values: Mapping[str, str]
    register: Verdict | None


def look_up_newcomer(
    id_number: str, *, name: str = "", actor: Actor, now: datetime, deployment: Deployment
) -> LookedUp:
    """Look a person up; nothing is written.

    Refuses E_START_NOT_ALLOWED, E_NO_TRANSFER_PERMISSION, E_REQUIRED_FIELD, and as `newcoming.look_up`.
    """
    answers = {"id_number": id_number, "name": name}
    with reading():
        opened = open_start(actor, now=now, deployment=deployment, is_incoming=True)
        if not id_number.strip():
            raise Refused("E_REQUIRED_FIELD", field="id_number")
        found = newcoming.look_up(answers, opened)
    return LookedUp(found.standing, found.values, newcoming.ask_register(answers, found, opened))
