"""Who may write what into a letter on its way (R-092, R-094, R-096, C-41, A-14).

`per_authority`: each approving organisation completes and saves the draft of its own letter. `single`: an organisation
that may edit saves the one letter before it approves. `every_hop`: the issuer fills in the letter as he approves.
"""

from service.domain.applying.eligibility import start_roles
from service.domain.letters.letters import LetterState
from service.domain.organisations.organisations import Organisation, OrgType
from service.domain.profile import Profile
from service.domain.routes.hops import APPLICATION, HopRole, Side
from service.domain.transfers.transfers import Transfer

LETTER_FIELDS = ("letter_heading", "dues_paid_to", "contact")
"""Fields of the application that stand in the letter and may be corrected there."""
VALIDITY = "validity_days"
_COMMITTEES = frozenset(
    {
        OrgType.PRIMARY_COMMITTEE,
        OrgType.SECOND_LEVEL_COMMITTEE,
        OrgType.WORKING_COMMITTEE,
        OrgType.LOCAL_COMMITTEE,
    }
)


def has_draft(transfer: Transfer) -> bool:
    """Whether the current hop has been approved and its letter waits to be completed and saved (R-094)."""
    letter = transfer.letter
    return letter is not None and letter.state is LetterState.DRAFT and letter.position == transfer.position


def saves_letter(transfer: Transfer, org: Organisation | None, profile: Profile) -> bool:
    """Whether the holder of the current hop may save the letter now (R-094, R-096)."""
    if has_draft(transfer):
        return True
    return (
        profile.choice("letter.per_hop") == "single"
        and transfer.is_outside
        and transfer.hop.role is HopRole.APPROVE
        and transfer.hop.side is Side.HOME
        and transfer.letter is not None
        and transfer.letter.state in (LetterState.ISSUED, LetterState.RETURNED)
        and org is not None
        and bool(_kinds(org) & set(profile.choices("letter.editable_by")))
    )


def editable_fields(transfer: Transfer, org: Organisation | None, profile: Profile) -> tuple[str, ...]:
    """The fields that the holder of the current hop may write into the letter that he saves or issues."""
    if org is None or not _may_edit(transfer, org, profile):
        return ()
    if profile.choice("letter.editable_fields") == "validity_only":
        return (VALIDITY,)
    # A heading is typed only for an addressee who is not in the tree.
    return (VALIDITY, *(name for name in LETTER_FIELDS if name != "letter_heading" or transfer.is_outside))


def issues_letter(transfer: Transfer, profile: Profile) -> bool:
    """Whether the approval of the current hop writes a new letter at once."""
    return profile.choice("letter.per_hop") == "every_hop" and transfer.hop.role in (*APPLICATION, HopRole.APPROVE)


def _may_edit(transfer: Transfer, org: Organisation, profile: Profile) -> bool:
    editors = set(profile.choices("letter.editable_by"))
    if issues_letter(transfer, profile):
        return "issuer" in editors
    return saves_letter(transfer, org, profile) and bool((_kinds(org) | {"issuer"}) & editors)


def _kinds(org: Organisation) -> set[str]:
    # The words of `letter.editable_by` that this organisation answers to.
    kinds = set(start_roles(org)) & {"branch", "general_branch", "primary_committee"}
    return kinds | {"committee"} if org.org_type in _COMMITTEES else kinds
