"""Personal certificates: bound and released by who grants roles, renewed by their holder."""

from typing import Any

import marshmallow as ma
from flask import Response

from service.domain.accounts.certificates import Certificate
from service.storage.accounts.certificates import Bound
from service.use_cases.accounts import own_certificates
from service.use_cases.accounts.reading_certificates import LARGEST, read_certificate
from service.web import sessions
from service.web.api.arguments import Blueprint
from service.web.api.fields import Moment, Text
from service.web.deployed import deployed, deployment, now
from service.web.requests import LARGEST_ID
from service.web.sessions import actor

blueprint = Blueprint("certificates", __name__, description="数字证书 / certificates")
_ACCOUNT = f"/organisations/<string:code>/accounts/<int(max={LARGEST_ID}):account_id>/certificates"


class CertificateGiven(ma.Schema):
    """A certificate as PEM."""

    certificate = Text(required=True, validate=ma.validate.Length(1, LARGEST))


class CertificateShown(ma.Schema):
    """SHA-256 of the certificate, and its last moment."""

    fingerprint = ma.fields.String(required=True)
    not_after = Moment(required=True)


class CertificatesShown(ma.Schema):
    """One's own, the one that lasts longest first."""

    items = ma.fields.List(ma.fields.Nested(CertificateShown), required=True)


@blueprint.post(_ACCOUNT)
@blueprint.arguments(CertificateGiven)
@blueprint.response(201, CertificateShown)
def post_certificate(given: dict[str, str], code: str, account_id: int) -> Bound:
    """登记证书 / Bind a certificate to an account."""
    return own_certificates.bind_certificate(
        code, account_id, _read(given), actor=actor(), now=now(), deployment=deployment()
    )


@blueprint.delete(f"{_ACCOUNT}/<string:fingerprint>")
@blueprint.response(204)
def delete_certificate(code: str, account_id: int, fingerprint: str) -> Response:
    """注销证书 / Release one; sessions opened with it end."""
    own_certificates.release_certificate(
        code, account_id, fingerprint, actor=actor(), now=now(), deployment=deployment()
    )
    return Response(status=204)


@blueprint.get("/account/certificates")
@blueprint.response(200, CertificatesShown)
def get_certificates() -> dict[str, Any]:
    """本人证书 / One's own certificates."""
    return {"items": own_certificates.list_certificates(acting=sessions.current())}


@blueprint.post("/account/certificates")
@blueprint.arguments(CertificateGiven)
@blueprint.response(201, CertificateShown)
def post_own_certificate(given: dict[str, str]) -> Bound:
    """续期登记 / Register the renewed certificate while the old one still holds."""
    return own_certificates.renew_certificate(_read(given), acting=sessions.current(), now=now())


def _read(given: dict[str, str]) -> Certificate:
    return read_certificate(given["certificate"].encode(), deployed().issuers)
