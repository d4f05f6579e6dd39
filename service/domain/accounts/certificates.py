"""Personal certificates of administrators: for which levels, how long they hold, when it is time to renew (R-036)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.errors import Refused
from service.domain.organisations.organisations import OrgType
from service.domain.profile import Profile

WARNED_BEFORE = timedelta(days=30)
_TYPES = {
    "branch": frozenset({OrgType.BRANCH, OrgType.DIRECT_BRANCH}),
    "general_branch": frozenset({OrgType.GENERAL_BRANCH}),
    "primary_committee": frozenset({OrgType.PRIMARY_COMMITTEE}),
    "working_committee": frozenset({OrgType.WORKING_COMMITTEE}),
    "local_committee": frozenset({OrgType.LOCAL_COMMITTEE}),
}


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate whose issuer was checked: SHA-256 of it in hex, and from when to when it holds."""

    fingerprint: str
    not_before: datetime
    not_after: datetime


def is_needed(org_type: OrgType, profile: Profile) -> bool:
    """Whether administrators of such organisations need one."""
    return any(org_type in _TYPES[level] for level in profile.choices("auth.certificate_required_for"))


def ends_soon(not_after: datetime, *, now: datetime) -> bool:
    """Whether it is time to renew a certificate that ends at this moment; also when it has ended."""
    return not_after - now <= WARNED_BEFORE


def require_own(presented: Certificate | None, own: Sequence[str], *, now: datetime) -> str:
    """The fingerprint of the certificate shown; `own` are those bound to the account.

    Refuses E_CERT_REQUIRED for none and for another's, E_CERT_EXPIRED for one that holds no more, or not yet.
    """
    if presented is None or presented.fingerprint not in own:
        raise Refused("E_CERT_REQUIRED")
    require_valid(presented, now=now)
    return presented.fingerprint


def require_valid(presented: Certificate, *, now: datetime) -> None:
    """Refuse E_CERT_EXPIRED outside of the time for which it was issued."""
    if not presented.not_before <= now <= presented.not_after:
        until = f"{presented.not_after:%Y-%m-%d}"
        raise Refused("E_CERT_EXPIRED", detail_zh=f"有效期至 {until}", detail_en=f"it was valid until {until}")
