"""When a letter is written, passed on or taken out of use (R-092, R-094, R-115, R-164).

`every_hop`: each approval writes a new letter to the next hop. `single`: one letter travels and is
corrected. `per_authority`: each approving organisation completes and saves its own.
"""

from collections.abc import Iterable

from service.domain.errors import Refused
from service.domain.letters.letter_editing import has_draft
from service.domain.letters.letters import LetterState, OpenLetter, choose_validity, may_sign
from service.domain.organisations.organisations import OrgRef
from service.domain.profile import Profile
from service.domain.routes.hops import HopRole, Side
from service.domain.routes.varieties import Variety
from service.domain.transfers.actions import APPROVALS, Action
from service.domain.transfers.context import Context
from service.domain.transfers.effects import Effect, LetterIssued, LetterPassed, LetterStateSet
from service.domain.transfers.transfers import Transfer

_TRAVELLING = frozenset({LetterState.ISSUED, LetterState.RETURNED})
_PASSING_ROLES = frozenset({HopRole.APPROVE, HopRole.RECEIVE})
_ISSUING_ROLES = frozenset({HopRole.START, HopRole.APPROVE, HopRole.RECEIVE})


def next_addressee(transfer: Transfer, position: int) -> OrgRef | None:
    """To whom the letter of this hop is written: the organisation of the next hop, None outside."""
    following = transfer.hops[position + 1 :]
    if not following:
        return transfer.hops[position].org
    leaves_here = not any(hop.role is HopRole.APPROVE for hop in following)
    if transfer.is_outside and leaves_here:
        closer = following[0] if following[0].role is HopRole.CLOSE else None
        goes_to_closer = closer is not None and closer.code != transfer.hops[position].code
        return following[0].org if goes_to_closer else None
    return following[0].org


def writes_letter(transfer: Transfer, position: int) -> bool:
    """Whether the hop hands the member on, so that a letter goes with him."""
    hop = transfer.hops[position]
    if hop.org is None or hop.role not in _ISSUING_ROLES:
        return False
    if hop.role is not HopRole.RECEIVE:
        return True
    # A committee that received passes on through the hops that are filled in below it.
    return any(each.role in _PASSING_ROLES for each in transfer.hops[position + 1 :])


def issue(context: Context, position: int, *, is_automatic: bool = False) -> tuple[Effect, ...]:
    """Write the letter of a hop that has been decided, as the profile's letters go."""
    transfer = context.transfer
    if not writes_letter(transfer, position):
        return ()
    mode = context.profile.choice("letter.per_hop")
    if mode == "per_authority":
        return save(context)
    hop = transfer.hops[position]
    assert hop.org is not None
    if mode == "single" and transfer.letter and _travels_on(transfer.letter, context.profile):
        # The receiving side hands the losing side's letter on; it does not write in its place.
        issuer = transfer.letter.issuer if hop.side is Side.RECEIVING else hop.org
        return (LetterPassed(position, issuer, _addressee(context, position)),)
    return (_new_letter(context, position, is_automatic=is_automatic),)


def lacks_seal_for_approval(context: Context) -> bool:
    """Whether the open hop would have been approved automatically if its organisation had a seal (R-159)."""
    transfer, profile = context.transfer, context.profile
    if transfer.hop.org is None or transfer.hop.role is not HopRole.APPROVE or not profile.flag("auto_approve.enabled"):
        return False
    org = context.organisation(transfer.hop.org)
    inside = transfer.variety in (Variety.INTERNAL, Variety.INTRA_COUNTY)
    return inside and org.auto_approve_children and not may_sign(org, profile)


def opens_draft(context: Context) -> bool:
    """Whether the approval just given first opens a letter, which its organisation completes and saves (R-094)."""
    return (
        context.profile.choice("letter.per_hop") == "per_authority"
        and context.decision.action in APPROVALS
        and context.transfer.hop.role is HopRole.APPROVE
    )


def draft(context: Context) -> tuple[Effect, ...]:
    """Open the letter of the current hop for completion (R-094)."""
    return (_new_letter(context, context.transfer.position, is_draft=True),)


def saves_in_place(context: Context) -> bool:
    """Whether the decision only saves the letter, and the organisation goes on to decide (R-096)."""
    return context.decision.action is Action.SAVE_LETTER and not has_draft(context.transfer)


def save(context: Context) -> tuple[Effect, ...]:
    """Save the open letter with what was completed in it; refuses E_VALIDITY_NOT_ALLOWED (R-094, R-096)."""
    transfer = context.transfer
    letter, chosen = transfer.letter, context.decision.validity_days
    if letter is None:
        return ()
    leaves = transfer.is_outside and letter.addressee is None
    days = None if chosen is None else choose_validity(chosen, context.profile, is_outside=leaves)
    return (LetterPassed(letter.position, letter.issuer, letter.addressee, days),)


def retarget(before: Context, after: Context) -> tuple[Effect, ...]:
    """What a new target does to the open letter: another addressee needs another letter (R-115).

    The letter that lies before an organisation is addressed to it, whatever the target: it is corrected. Its own
    letter, which came back to it, is superseded when it would now write to somebody else.
    """
    letter, here = before.transfer.letter, before.transfer.position
    if letter is None or letter.state not in _TRAVELLING:
        return ()
    if letter.state is LetterState.ISSUED:
        return (LetterPassed(letter.position, letter.issuer, letter.addressee),)
    stays = _addressee(before, here) == _addressee(after, here)
    return () if stays else (LetterStateSet(LetterState.SUPERSEDED),)


def retire(context: Context, state: LetterState) -> Iterable[Effect]:
    """Give the open letter, if there is one, the state in which it is no longer used."""
    letter = context.transfer.letter
    if letter is not None and letter.state in (*_TRAVELLING, LetterState.DRAFT):
        yield LetterStateSet(state)


def _addressee(context: Context, position: int) -> OrgRef | None:
    # The one letter of a transfer outside is written to the place outside from the first, under the heading that
    # the application names and a committee may correct: it is what the last organisation prints.
    if context.transfer.is_outside and context.profile.choice("letter.per_hop") == "single":
        return None
    return next_addressee(context.transfer, position)


def _travels_on(letter: OpenLetter, profile: Profile) -> bool:
    # Where an expired letter blocks, one that came back is not used again: a new one is issued.
    if letter.state is LetterState.RETURNED and profile.choice("letter.on_expiry") == "block":
        return False
    return letter.state in _TRAVELLING


def _new_letter(context: Context, position: int, *, is_draft: bool = False, is_automatic: bool = False) -> LetterIssued:
    transfer = context.transfer
    hop = transfer.hops[position]
    assert hop.org is not None
    if not is_automatic and not may_sign(context.organisation(hop.org), context.profile):
        raise Refused("E_SEAL_MISSING", detail_zh=f"“{hop.org.name}”", detail_en=hop.org.code)
    addressee = _addressee(context, position)
    chosen = None if is_automatic else context.decision.validity_days
    return LetterIssued(
        position=position,
        issuer=hop.org,
        addressee=addressee,
        validity_days=choose_validity(chosen, context.profile, is_outside=transfer.is_outside and addressee is None),
        is_draft=is_draft,
        is_automatic=is_automatic,
    )
