"""Taking a member back who was closed out by mistake (R-128, A-28)."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.accounts.actors import Actor
from service.domain.errors import Refused
from service.domain.members.members import Member, MemberStatus
from service.domain.organisations import tree
from service.domain.organisations.organisations import Chain
from service.domain.profile import Profile
from service.domain.routes.hops import HopRole, HopState
from service.domain.transfers.transfers import Transfer, TransferState

ACTION = "retrieve"
"""What history calls it: not a step of the transfer, which is over, but an entry behind its end."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a person in the records: `branch` is the code of his branch, his last one if he has gone.

    `left_by` is the transfer by which he went, None where he did not go by one.
    """

    member: Member
    branch: str | None
    left_by: Transfer | None = None
    is_in_transfer: bool = False


def check_right(branch: Chain, actor: Actor, profile: Profile) -> None:
    """May this actor retrieve members of this branch? The branch itself, and whoever is above it (exception to R-039).

    Refuses E_FORBIDDEN, E_ORG_OUT_OF_SCOPE, E_ACTION_NOT_ALLOWED.
    """
    if not actor.decides_for_org or actor.org is None:
        raise Refused("E_FORBIDDEN")
    if not branch[0].is_branch or not tree.contains(branch, actor.org):
        raise Refused("E_ORG_OUT_OF_SCOPE", field="branch")
    if not profile.flag("outside.retrieve"):
        raise Refused("E_ACTION_NOT_ALLOWED", detail_zh="本系统不办理找回", detail_en="this system retrieves nobody")


def find(entries: Sequence[Entry], branch: Chain) -> Entry:
    """The entry that comes to life again; `entries` are all of one identity number, oldest first.

    Refuses E_RETRIEVE_NOT_FOUND where nobody of that number has left this branch, E_TRANSFER_IN_PROGRESS where he is on
    his way back already, E_RETRIEVE_NOT_ALLOWED where he was not closed out, or has since been somewhere else.
    """
    here = branch[0].code
    gone = [place for place, each in enumerate(entries) if each.branch == here and each.member.status.is_historical]
    is_member_here = any(each.branch == here and not each.member.status.is_historical for each in entries)
    if not gone or is_member_here:
        raise Refused("E_RETRIEVE_NOT_FOUND", field="id_number")
    last = entries[gone[-1]]
    later = entries[gone[-1] + 1 :]
    if any(each.is_in_transfer for each in later):
        raise Refused("E_TRANSFER_IN_PROGRESS")
    if later or last.member.status is not MemberStatus.HIST_TRANSFERRED_OUT or not was_closed_out(last.left_by):
        raise Refused("E_RETRIEVE_NOT_ALLOWED")
    return last


def was_closed_out(transfer: Transfer | None) -> bool:
    """Whether the transfer was ended inside the system, with nobody outside who said that he had arrived."""
    if transfer is None or transfer.state is not TransferState.COMPLETED or not transfer.is_outside:
        return False
    return any(hop.role is HopRole.CLOSE and hop.state is HopState.APPROVED for hop in transfer.hops)
