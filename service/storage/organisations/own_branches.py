"""The branches an organisation starts for by its scope alone: itself, those directly below it, and those below a
general branch directly below it that writes no letters of its own (R-054, A-25).

The rule itself is `eligibility.check_subordinate`; this is its shape as a condition, for lists.
"""

import sqlalchemy as sa

from service.domain.organisations.organisations import BRANCHES, OrgType, Scope
from service.storage.organisations.organisations import table

Branches = sa.ColumnElement[bool]
"""A condition on the organisations to which members belong."""
_BRANCHES = sorted(kind.value for kind in BRANCHES)


def of(org_id: int) -> Branches:
    """The condition "is a branch of its own"."""
    general = table.alias("general_branch")
    general_branches = sa.select(general.c.id).where(
        general.c.parent_id == org_id,
        general.c.org_type == OrgType.GENERAL_BRANCH.value,
        general.c.scope == int(Scope.NONE),
    )
    below = sa.or_(table.c.parent_id == org_id, table.c.parent_id.in_(general_branches))
    return sa.or_(table.c.id == org_id, sa.and_(table.c.org_type.in_(_BRANCHES), below))
