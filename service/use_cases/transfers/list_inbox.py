"""The lists of the acting organisation and of the member: to-do, handled, history and others (R-157, R-175, R-186)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.domain.accounts.actors import Actor
from service.domain.errors import Refused
from service.domain.transfers import sight
from service.storage.db import reading
from service.storage.transfers import inbox
from service.storage.transfers.inbox import InboxRow
from service.use_cases.deployment import Deployment

PER_PAGE = 20
MOST_PER_PAGE = 200


class ListName(StrEnum):
    """The lists there are."""

    TO_DO = "todo"
    HANDLED = "handled"
    NOT_REPORTED = "not_reported"
    HISTORY = "history"
    AUTO_APPROVED = "auto_approved"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; pages count from 1."""

    items: tuple[InboxRow, ...]
    total: int
    page: int
    per_page: int


@dataclass(frozen=True, slots=True)
class Sought:
    """Whom a list is searched for, by exact name and identity number (R-124)."""

    name: str = ""
    id_number: str = ""


ANYBODY = Sought()
"""Nobody is searched for: the list is whole."""


def list_transfers(
    name: ListName,
    *,
    actor: Actor,
    deployment: Deployment,
    sought: Sought = ANYBODY,
    page: int = 1,
    per_page: int = PER_PAGE,
) -> Page:
    """One page of a list, in the order the profile asks for; refuses E_QUERY_INVALID for an impossible page.

    A list that the acting role has no part in is empty. Refuses E_FORBIDDEN to a member where members do not follow
    their transfers (R-081).
    """
    sight.require_progress(actor, deployment.profile)
    if page < 1 or not 1 <= per_page <= MOST_PER_PAGE:
        raise Refused("E_QUERY_INVALID", field="page")
    by_expiry = name is ListName.TO_DO and deployment.profile.choice("list.todo_order") == "expiry_first"
    with reading():
        chosen = inbox.of_actor(name.value, actor)
        if chosen is None:
            return Page((), 0, page, per_page)
        number = sought.id_number.strip().upper()
        index = deployment.vault.index(number) if number else ""
        chosen = inbox.about(chosen, name=sought.name.strip(), number_index=index)
        rows = inbox.rows(chosen, deployment.vault, by_expiry=by_expiry, limit=per_page, offset=(page - 1) * per_page)
        return Page(tuple(rows), inbox.count(chosen), page, per_page)


def counts(*, actor: Actor) -> Mapping[str, int]:
    """How many lines each list has (R-177)."""
    with reading():
        chosen = {name.value: inbox.of_actor(name.value, actor) for name in ListName}
        return {name: 0 if each is None else inbox.count(each) for name, each in chosen.items()}
