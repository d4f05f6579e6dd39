"""One row for each operation of the interface: whom it is for, as the oracle names it, and a request that can be read.

`of` is what the address names: its parts are filled in for each thing of that kind. A request need not succeed: what
is refused for another reason than access was let through.
"""

from dataclasses import dataclass, field
from typing import Any

from service.printing import spreadsheets
from tests.reference.seeding import id_number

ID_NUMBER = id_number(77_777)


@dataclass(frozen=True, slots=True)
class Row:
    """`is_absent`: what the address names inside the thing does not exist, so that who may look finds nothing.
    `through`: refusals that are no matter of access though their status looks like it; `before`: what is said of
    the request itself, to everybody and before anything is looked up.
    """

    rule: str
    body: Any = None
    query: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] | None = None
    file: bytes = b"no such file"
    is_absent: bool = False
    through: tuple[str, ...] = ()
    before: tuple[str, ...] = ()

    @property
    def concern(self) -> str:
        return self.rule.partition(".")[0]


_SMS = {"phone": "13900000009", "sms_code": "00000000"}
_ANSWERS: dict[str, Any] = {"answers": {}}
_FILE = {"kind": "other"}
_SEVERAL: dict[str, Any] = {"answers": {}, "members": [{"member_id": 1}]}
_ORDER = spreadsheets.write("x", ("序号", "党组织编码", "党组织全称"), ())

ROWS: dict[str, Row] = {
    # without a log-in
    "post_session": Row("public", {"login_name": "", "password": ""}),
    "post_captcha": Row("public"),
    "post_activation_code": Row("public", {}),
    "post_activation": Row("public", {}),
    # one's own session and account
    "get_session": Row("own.session"),
    "delete_session": Row("own.session"),
    "put_role": Row("own.session", {"grant_id": None}, through=("E_ROLE_NOT_HELD",)),
    "post_second_factor": Row("own.session", {"code": "000000"}),
    "post_session_passkey_options": Row("own.session"),
    "post_session_passkey": Row("own.session", {"credential": {}}),
    "put_password": Row("own.session", {"current": "x", "password": "y"}),
    "get_phone": Row("own.session"),
    "put_phone": Row("own.change", {**_SMS, "proof": "x"}),
    "delete_phone": Row("own.change"),
    "post_phone_code": Row("own.change", {"phone": "13900000009"}),
    "get_sessions": Row("own.session"),
    "delete_other_sessions": Row("own.session"),
    "delete_one_session": Row("own.session", is_absent=True),
    "get_second_factors": Row("own.session"),
    "post_factor_removal": Row("own.session", {"proof": "x"}, is_absent=True),
    "post_totp": Row("own.session", {}),
    "put_totp": Row("own.session", {"code": "000000"}),
    "post_recovery_codes": Row("own.session", {"proof": "x"}),
    "post_passkey_options": Row("own.session"),
    "post_passkey": Row("own.session", {"credential": {}}),
    "get_certificates": Row("own.session"),
    "post_own_certificate": Row("own.session", {"certificate": "x"}),
    # lists of the acting role: who has no part in one finds it empty
    "get_inbox": Row("own.session"),
    "get_handled": Row("own.session"),
    "get_not_reported": Row("own.session"),
    "post_not_reported_search": Row("own.session", {"name": "张样例"}),
    "get_history": Row("own.session"),
    "get_auto_approved": Row("own.session"),
    "get_own": Row("own.session"),
    "get_counts": Row("own.session"),
    "get_notices": Row("own.session"),
    "post_notices_read": Row("own.change", {"ids": [1]}),
    "get_superior_changes": Row("own.office"),
    # files that belong to nothing yet
    "post_attachment": Row("own.session", form=_FILE),
    "get_attachments": Row("own.session"),
    "get_attachment": Row("own.session", is_absent=True),
    "delete_attachment": Row("own.change", is_absent=True),
    # starting a transfer
    "get_candidates": Row("own.office"),
    "post_draft": Row("own.start", {}),
    "post_several": Row("own.office", _SEVERAL, through=("E_NOT_SUBORDINATE",)),
    "post_several_preview": Row("own.office", _SEVERAL, through=("E_NOT_SUBORDINATE",)),
    "post_transfer": Row("own.start", _ANSWERS),
    "post_preview": Row("own.start", _ANSWERS),
    "post_incoming": Row("own.incoming", _ANSWERS),
    "post_incoming_preview": Row("own.incoming", _ANSWERS),
    "post_lookup": Row("own.incoming", {"id_number": ID_NUMBER}),
    # a transfer
    "get_transfer": Row("transfer.see"),
    "get_open_form": Row("transfer.see"),
    "post_preview_again": Row("transfer.again", _ANSWERS),
    "post_decision": Row("transfer.decide", {"version": "{version}", "answers": {"decision": "approve"}}),
    "get_of_transfer": Row("transfer.party"),
    "post_to_transfer": Row("transfer.party", form=_FILE, through=("E_NOT_CURRENT_HOP",)),
    "get_from_transfer": Row("transfer.party", is_absent=True),
    "delete_from_transfer": Row("transfer.party", is_absent=True),
    "get_receipt": Row("transfer.receipt"),
    "get_return_receipt": Row("transfer.party"),
    "get_letter": Row("letter.display"),
    # a member
    "get_member": Row("member.record"),
    "put_member": Row("member.keep", {"version": 1, "answers": {}}),
    "get_member_changes": Row("member.record"),
    "post_id_number": Row("member.record"),
    "post_full_membership": Row("member.keep", {}),
    "post_membership": Row("member.keep", {"status": "ACTIVE", "on": "2025-01-01"}),
    "get_member_record": Row("member.keep"),
    "put_member_record": Row("member.keep", {}),
    "post_portrait": Row("member.portrait", form={}),
    "get_portrait": Row("member.picture", is_absent=True),
    "get_member_account": Row("member.account"),
    "post_member_activation": Row("member.reopen"),
    "post_member_phone_code": Row("member.account", {"phone": "13900000009"}),
    "put_member_phone": Row("member.account", _SMS),
    # an organisation
    "get_organisation": Row("organisation.directory"),
    "get_children": Row("organisation.directory"),
    "get_record": Row("organisation.reach"),
    "put_record": Row("organisation.reach", {"version": 1, "answers": {}}),
    "delete_organisation": Row("organisation.reach"),
    "get_organisation_counts": Row("organisation.reach"),
    "get_organisation_changes": Row("organisation.reach"),
    "get_subordinates": Row("organisation.reach"),
    "get_subordinates_file": Row("organisation.reach"),
    "get_order_file": Row("organisation.reach"),
    "put_order_file": Row("organisation.reach", form={}, file=_ORDER),
    "put_order": Row("organisation.reach", {"codes": ["X"]}),
    "get_members": Row("organisation.members"),
    "get_members_file": Row("organisation.members"),
    "get_records_sheet": Row("organisation.records"),
    "post_records_sheet": Row("organisation.records", form={}),
    "get_completeness": Row("organisation.members"),
    "put_record_keeping": Row("organisation.above", {"authorised": True}),
    "get_permissions": Row("organisation.configure"),
    "patch_permissions": Row("organisation.configure", {"can_transfer": True}, through=("E_PERM_BY_SUPERIOR_ONLY",)),
    "post_superior_change": Row("organisation.reach", {"superior": "A2"}),
    "put_superior": Row("organisation.move", {"superior": "A2"}),
    "post_retrieval": Row("organisation.branch", {"id_number": ID_NUMBER}),
    "get_administrators": Row("organisation.reach"),
    "post_administrator": Row("organisation.grant", {"account_id": 1}),
    "get_administrator_candidates": Row("organisation.above", query={"text": "张样例"}),
    "put_administrator": Row("organisation.grant", {}),
    "delete_administrator": Row("organisation.grant"),
    "put_duty": Row("organisation.above", {"duty": None}),
    "post_virtual_account": Row("organisation.grant", {"login_name": "sample-virtual", "name": "样例"}),
    "post_officer": Row("organisation.officer", {"id_number": ID_NUMBER, "name": "样例", "phone": "13900000009"}),
    "get_account_of_others": Row("organisation.grant"),
    "post_password_reset": Row("organisation.grant"),
    "delete_second_factors_of": Row("organisation.grant"),
    "post_certificate": Row("organisation.grant", {"certificate": "x"}, before=("E_CERT_INVALID",)),
    "delete_certificate": Row("organisation.grant", is_absent=True),
    # the directory of organisations, forms and routes: for everybody who is logged in
    "get_organisations": Row("own.session", query={"query": "A1"}),
    "get_form": Row("own.session", is_absent=True),
    "post_route": Row("own.session", {"starter": "A1"}),
    # changes of superior, and what a body names instead of an address
    "post_organisation": Row("organisation.reach", {"superior": "{code}", "answers": {}}),
    "get_superior_change": Row("change.see"),
    "post_superior_decision": Row("change.decide", {"approves": True}),
    "post_superior_withdrawal": Row("change.withdraw"),
    # members who are new: a committee applies with a file, the one above decides
    "get_admission_template": Row("own.session"),
    "get_admissions": Row("own.office"),
    "post_admission": Row("own.primary", form={}),
    "get_admission": Row("own.office", is_absent=True),
    "post_admission_decision": Row("own.office", {"approves": True}, is_absent=True),
    # platform
    "post_organisations": Row("own.system", form={}),
    "post_members": Row("own.system", form={}),
    "get_dead_messages": Row("own.system"),
    "post_messages_resend": Row("own.system", {"ids": [1]}),
}
