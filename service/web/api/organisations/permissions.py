"""Transfer permissions and authority levels: what each organisation holds, what is locked and why."""

from typing import Any

import marshmallow as ma

from service.domain.organisations.permissions import Permissions
from service.use_cases.organisations.configure_permissions import set_permissions, show_permissions
from service.web.api.arguments import Blueprint
from service.web.deployed import now
from service.web.sessions import actor

blueprint = Blueprint("permissions", __name__, description="权限配置 / permissions")


class PermissionLock(ma.Schema):
    """Why something cannot be set here: the refusal it would get, the reason in both languages."""

    code = ma.fields.String(required=True)
    reason_zh = ma.fields.String(required=True, attribute="zh")
    reason_en = ma.fields.String(required=True, attribute="en")


class PermissionsShown(ma.Schema):
    """Permissions and level of an organisation; what `locks` does not name may be set."""

    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    is_own = ma.fields.Boolean(required=True)
    can_transfer = ma.fields.Boolean(required=True)
    scope = ma.fields.String(required=True)
    national = ma.fields.Boolean(required=True)
    province = ma.fields.Boolean(required=True)
    auto_approve_children = ma.fields.Boolean(required=True)
    authority_level = ma.fields.String(allow_none=True)
    locks = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Nested(PermissionLock), required=True)


class PermissionsWanted(ma.Schema):
    """What is to be set; what is left out stays."""

    can_transfer = ma.fields.Raw()
    scope = ma.fields.Raw()
    auto_approve_children = ma.fields.Raw()
    authority_level = ma.fields.Raw(allow_none=True)


@blueprint.get("/organisations/<string:code>/permissions")
@blueprint.response(200, PermissionsShown)
def get_permissions(code: str) -> dict[str, Any]:
    """权限 / Permissions and level, with what is locked and why."""
    return _shown(show_permissions(code, actor=actor()))


@blueprint.patch("/organisations/<string:code>/permissions")
@blueprint.arguments(PermissionsWanted)
@blueprint.response(200, PermissionsShown)
def patch_permissions(given: dict[str, Any], code: str) -> dict[str, Any]:
    """权限配置 / Set permissions or the level; it counts for transfers that begin later."""
    return _shown(set_permissions(code, given, actor=actor(), now=now()))


def _shown(seen: Permissions) -> dict[str, Any]:
    org = seen.organisation
    return {
        "code": org.code,
        "name": org.name,
        "is_own": seen.is_own,
        "can_transfer": org.can_transfer,
        "scope": org.scope.name,
        "national": seen.national,
        "province": seen.province,
        "auto_approve_children": org.auto_approve_children,
        "authority_level": org.level,
        "locks": {permission.value: lock for permission, lock in seen.locks.items()},
    }
