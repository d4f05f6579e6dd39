"""Who acts: an account in one role for one organisation (R-024)."""

from dataclasses import dataclass

from service.domain.accounts.roles import ORG_ADMINS, Role
from service.domain.organisations.organisations import Organisation


@dataclass(frozen=True, slots=True)
class Actor:
    """The acting role of a person; every request is judged by it alone (R-024)."""

    account_id: int
    name: str
    role: Role
    org: Organisation | None = None
    member_id: int | None = None

    @property
    def decides_for_org(self) -> bool:
        """Whether this role takes decisions in the name of its organisation."""
        return self.org is not None and self.role in ORG_ADMINS
