"""Roles a person acts in (requirements 1.5)."""

from enum import StrEnum

from service.domain.organisations.organisations import OrgType


class Role(StrEnum):
    """Code names of the roles."""

    MEMBER = "MEMBER"
    BRANCH_ADMIN = "BRANCH_ADMIN"
    GENERAL_BRANCH_ADMIN = "GENERAL_BRANCH_ADMIN"
    COMMITTEE_ADMIN = "COMMITTEE_ADMIN"
    LOCAL_ADMIN = "LOCAL_ADMIN"
    LIAISON = "LIAISON"
    VIRTUAL_ADMIN = "VIRTUAL_ADMIN"
    SECURITY_OFFICER = "SECURITY_OFFICER"
    DATA_COLLECTOR = "DATA_COLLECTOR"
    SYSTEM_ADMIN = "SYSTEM_ADMIN"
    PROCESS_DESIGNER = "PROCESS_DESIGNER"
    AUDITOR = "AUDITOR"
    PARTY_AFFAIRS_CONTACT = "PARTY_AFFAIRS_CONTACT"


ORG_ADMINS = frozenset(
    {
        Role.BRANCH_ADMIN,
        Role.GENERAL_BRANCH_ADMIN,
        Role.COMMITTEE_ADMIN,
        Role.LOCAL_ADMIN,
        Role.LIAISON,
        Role.VIRTUAL_ADMIN,
        Role.PARTY_AFFAIRS_CONTACT,
    }
)
"""Roles that decide for an organisation."""

SEPARATED = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_OFFICER, Role.AUDITOR})
"""Who keeps the system running, who gives rights, who looks over both: never one account."""

BY_OPERATOR = SEPARATED | {Role.PROCESS_DESIGNER}
"""Roles that the operator alone gives and takes, whether for one organisation or for all (R-034)."""

_ADMIN_OF_TYPE = {
    OrgType.BRANCH: Role.BRANCH_ADMIN,
    OrgType.DIRECT_BRANCH: Role.BRANCH_ADMIN,
    OrgType.GENERAL_BRANCH: Role.GENERAL_BRANCH_ADMIN,
    OrgType.LOCAL_COMMITTEE: Role.LOCAL_ADMIN,
}


def admin_role(org_type: OrgType) -> Role:
    """Name the administrator role that fits an organisation of this type."""
    return _ADMIN_OF_TYPE.get(org_type, Role.COMMITTEE_ADMIN)
