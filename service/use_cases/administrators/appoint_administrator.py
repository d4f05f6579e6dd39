"""The operator appoints on the machine itself: the three separated administrators, the first of the root (R-034).

Nobody in the service may make one of the three: whoever could, would be all of them.
"""

from datetime import datetime

from service.domain.accounts.roles import BY_OPERATOR, Role
from service.domain.errors import Refused
from service.storage.accounts import accounts
from service.storage.accounts.grants import Grant, NewGrant
from service.storage.db import transaction
from service.use_cases.accounts.log_in import login_index
from service.use_cases.accounts.open_account import open_account
from service.use_cases.administrators.grant_role import add_grant
from service.use_cases.deployment import Deployment
from service.use_cases.organisations.chains import require_chain


def appoint_administrator(
    login_name: str,
    role: Role,
    *,
    name: str,
    org_code: str,
    password: str | None,
    now: datetime,
    deployment: Deployment,
) -> Grant:
    """Grant a role to the account of this log-in name, which is opened when there is none and a password is given.

    Refuses E_REQUIRED_FIELD for what is missing, E_ORG_NOT_FOUND, E_ROLE_DUPLICATE, E_FORBIDDEN for a second one of
    the three in one account.
    """
    with transaction():
        if not org_code and role not in BY_OPERATOR:
            raise Refused("E_REQUIRED_FIELD", field="organisation", detail_zh="党组织", detail_en="organisation")
        org_id = require_chain(org_code)[0].id if org_code else None
        known = accounts.by_login(login_index(login_name, deployment))
        account_id = known.id if known else _opened(login_name, name, password, deployment)
        new = NewGrant(account_id, role, org_id, is_default=True, granted_at=now)
        return add_grant(new, actor=None, now=now)


def _opened(login_name: str, name: str, password: str | None, deployment: Deployment) -> int:
    if not password or not name.strip():
        raise Refused("E_REQUIRED_FIELD", field="password", detail_zh="姓名与密码", detail_en="name and password")
    return open_account(login_name, name=name.strip(), password=password, deployment=deployment)
