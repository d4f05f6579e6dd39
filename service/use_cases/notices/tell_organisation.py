"""A notice to whoever acts for an organisation, in the transaction of the change it tells of (R-192, R-193)."""

from datetime import datetime

from service.domain.deadlines.notices import NoticeKind
from service.storage.messages import notices
from service.storage.messages.notices import Notice


def tell_organisation(org_id: int, kind: NoticeKind, *, about: str, now: datetime) -> None:
    """Write it; `about` names what it is about, as `admission:7`: of each the same is told once."""
    key = f"{about}:{kind.value}:org:{org_id}"
    notices.add([Notice(kind.value, None, now, org_id=org_id, key=key)])
