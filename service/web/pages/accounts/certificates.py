"""One's own certificates on a page: what is bound, when it ends, the renewed one registered in time (R-036)."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.accounts.certificates import Certificate, ends_soon
from service.domain.errors import Refused
from service.use_cases.accounts import own_certificates
from service.use_cases.accounts.reading_certificates import LARGEST, read_certificate
from service.web import sessions, uploads
from service.web.deployed import deployed, now
from service.web.guards import own_session
from service.web.pages.answers import plain_text

blueprint = Blueprint("certificates", __name__)


@blueprint.get("/account/certificates")
@own_session
def show() -> ResponseReturnValue:
    """The page."""
    return _page()


@blueprint.post("/account/certificates")
def renew() -> ResponseReturnValue:
    """Register the renewed one; a refusal is shown on the page."""
    try:
        own_certificates.renew_certificate(entered_certificate(), acting=sessions.current(), now=now())
    except Refused as refusal:
        return _page(refusal), refusal.status
    return redirect(url_for("certificates.show", done="renewed"), code=303)


def entered_certificate() -> Certificate:
    """The certificate that was sent as a file, or else as text; refuses E_REQUIRED_FIELD, E_CERT_INVALID."""
    files = uploads.sent_all("file")
    pem = files[0].content if files else plain_text(request.form.get("certificate", ""), longest=LARGEST).encode()
    if not pem.strip():
        raise Refused("E_REQUIRED_FIELD", field="certificate")
    return read_certificate(pem, deployed().issuers)


def _page(refusal: Refused | None = None) -> str:
    acting, moment = sessions.current(), now()
    found = own_certificates.list_certificates(acting=acting)
    return render_template(
        "account_certificates.html",
        certificates=[(each, ends_soon(each.not_after, now=moment), each.not_after < moment) for each in found],
        has_shown=acting.certificate,
        refusal=refusal,
        done=request.args.get("done") == "renewed",
    )
