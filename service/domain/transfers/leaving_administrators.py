"""Administrators who transfer themselves: nobody leaves work undone, no branch is left without anybody (R-198–R-201)."""

from dataclasses import dataclass

from service.domain.errors import Refused
from service.domain.profile import Profile


@dataclass(frozen=True, slots=True)
class Office:
    """What a member administers, as far as it may hold him back.

    `open_tasks` are the undone items in the to-do lists of the organisations he acts for. The rest is about his own
    branch: whether he administers it, its present members besides him, its administrators besides him, and how many
    of those stay, being in no transfer themselves (A-10).
    """

    open_tasks: int = 0
    of_own_branch: bool = False
    other_members: int = 0
    other_administrators: int = 0
    staying: int = 0


NO_OFFICE = Office()
"""He administers nothing."""


def check_office(office: Office, profile: Profile) -> None:
    """May a person with this office be transferred?

    Refuses E_ADMIN_PENDING_TASKS, E_ADMIN_SUCCESSOR_REQUIRED, E_LAST_ADMIN_LEAVING, where
    `self_transfer.admin_guard` holds (C-59).
    """
    if not profile.flag("self_transfer.admin_guard"):
        return
    if office.open_tasks:
        # The sentence is the manual's, word for word.
        raise Refused("E_ADMIN_PENDING_TASKS")
    # The last one to leave closes the door.
    if not office.of_own_branch or not office.other_members:
        return
    if not office.other_administrators:
        raise Refused("E_ADMIN_SUCCESSOR_REQUIRED")
    if not office.staying:
        raise Refused("E_LAST_ADMIN_LEAVING")
