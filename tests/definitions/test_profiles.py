"""The six profiles say what the conflict table says, cell by cell, and a wrong profile names itself (requirements 3)."""

import pytest

from service.definitions import profiles
from service.domain.errors import Refused
from service.domain.profile import build_profile

COLUMNS = ("beijing", "national", "fujian", "beijing-cuc", "shandong", "default")
YES, NO = True, False
TYPES = ("pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "jpg", "png", "gif", "bmp")
DAYS = (7, 10, 15, 30, 90)
UP_TO_PRIMARY = ("branch", "general_branch", "primary_committee")
BJ = ("member", "branch")
BOTH = ("FULL", "PROBATIONARY")
AUTHORITIES = ("branch", "general_branch", "committee")
ORIGIN, TERMINAL = "receipt_by_origin_committee", "receipt_by_terminal_committee"
ATTACHED, CLOSING = "confirm_by_terminal_with_attachment", "close_by_terminal"
PRIMARY, UNIT, COUNTY_UNIT = "primary_committee", "second_level_unit", "county_scope_unit"
HOLDERS, COMMITTEES, COMMON = "holders", "committees", "common_superior"
PREVIOUS, UNWIND = "previous_hop", "unwind_to_initiator"
EITHER, HOLDER = "branch_or_committee", "county_scope_holder"
HANDLERS, POSITION = "handlers_all_parts", "by_position"
NATIONAL, COUNTY = "national_scope", "county_level"
UNTIL = "until_first_decision"
BELOW = "subordinates_only"
SMS_CODE = "authorisation_code_sms"
KEPT = "self_and_superior"
BRANCH_NAME = "中国共产党<单位><院系><名称>支部委员会"
BRANCH_SHORT_NAME = "<单位简称><院系简称><名称>党支部"

# One line per key: row, key, then the value in each column; "as in beijing" and "silent" are written out.
TABLE = [
    (
        "C-01",
        "start.roles",
        BJ,
        ("org_with_county_scope",),
        ("member", "liaison"),
        BJ,
        UP_TO_PRIMARY,
        ("member", *UP_TO_PRIMARY),
    ),
    ("C-02", "start.self_member_kinds", ("FULL",), (), BOTH, ("FULL",), (), BOTH),
    ("C-03", "start.counts_as_approval", "never", "always", "never", "never", "always", "when_admin_starts"),
    ("C-04", "start.below_initiator", "keep", "omit", "keep", "keep", "auto_fill", "auto_fill"),
    ("C-05", "start.scope_check", "climb", "strict", "climb", "climb", "climb", "climb"),
    ("C-06", "start.attestation", NO, YES, NO, NO, NO, YES),
    ("C-07", "start.multi_member", NO, YES, NO, NO, NO, NO),
    ("C-08", "start.application_date_editable", NO, NO, YES, NO, NO, NO),
    ("C-09", "start.reason_required", NO, NO, YES, NO, NO, NO),
    ("C-10", "start.heading_input", "committee", "form", "outside_only", "committee", "none", "outside_only"),
    ("R-073", "start.variety_choice", YES, YES, NO, YES, NO, NO),
    ("R-064", "start.committee_block", NO, NO, NO, NO, YES, YES),
    ("C-11", "target.precision", "committee", "any", "branch", "committee", "any", "any"),
    ("C-12", "target.off_tree_in_province", NO, YES, NO, NO, NO, YES),
    ("C-13", "variety.internal_boundary", UNIT, COUNTY_UNIT, PRIMARY, UNIT, PRIMARY, PRIMARY),
    ("C-14", "variety.intra_county", NO, YES, YES, NO, YES, YES),
    ("C-15", "route.internal_turn", "lca", "initiator", "committee", "lca", "lca", "lca"),
    ("C-16", "route.county_mode", COMMITTEES, HOLDERS, COMMITTEES, COMMITTEES, COMMON, COMMON),
    ("C-17", "route.province_mode", COMMITTEES, HOLDERS, COMMITTEES, COMMITTEES, HOLDERS, HOLDERS),
    ("C-18", "route.outside_terminal", NATIONAL, NATIONAL, COUNTY, NATIONAL, NATIONAL, NATIONAL),
    ("C-19", "route.committee_by", "scope", "scope", "level", "scope", "type", "level"),
    ("C-20", "route.skip_without_permission", YES, YES, YES, YES, YES, YES),
    ("C-21", "reject.mode", PREVIOUS, UNWIND, PREVIOUS, PREVIOUS, PREVIOUS, PREVIOUS),
    ("C-22", "reject.reason_required", YES, YES, YES, YES, YES, YES),
    ("C-23", "approve.attestation", NO, YES, NO, NO, NO, NO),
    ("C-24", "withdraw.application", UNTIL, "false", UNTIL, UNTIL, "false", UNTIL),
    ("C-25", "withdraw.approval", NO, NO, YES, NO, NO, NO),
    ("C-26", "revoke.who", "none", "handler", "none", "none", "none", "initiator"),
    ("C-27", "void.at_application", YES, NO, YES, YES, YES, YES),
    ("C-27", "void.reason_required", YES, YES, NO, YES, YES, YES),
    (
        "C-28",
        "change_target.mode",
        "at_committee_approval",
        "reroute_anywhere",
        "none",
        "at_committee_approval",
        BELOW,
        BELOW,
    ),
    ("C-29", "receive.by", "committee", HOLDER, "branch", "committee", EITHER, EITHER),
    ("C-30", "report_in.mode", "none", "list", "step", "none", "none", "none"),
    ("C-31", "membership.moves_at", "receive", "receive", "report_in", "receive", "receive", "receive"),
    ("C-32", "outside.closing", TERMINAL, CLOSING, ATTACHED, TERMINAL, ORIGIN, ORIGIN),
    ("C-33", "outside.stub_image", "none", "none", "optional", "none", "none", "optional"),
    ("C-34", "outside.recall", YES, NO, NO, YES, YES, YES),
    ("C-35", "outside.retrieve", YES, YES, NO, YES, NO, YES),
    ("C-36", "auto_approve.enabled", NO, NO, NO, NO, YES, YES),
    ("C-36", "auto_approve.initial", NO, NO, NO, NO, YES, NO),
    ("C-37", "letter.per_hop", "per_authority", "single", "single", "per_authority", "every_hop", "every_hop"),
    ("C-38", "letter.validity_options", (30, 90), DAYS, DAYS, (30, 90), DAYS, DAYS),
    ("C-38", "letter.validity_default", 30, 15, 15, 30, 15, 15),
    ("C-38", "letter.validity_outside", 90, 90, 90, 90, 15, 90),
    ("C-39", "letter.on_expiry", "flag", "flag", "flag", "flag", "flag", "block"),
    ("C-40", "letter.number_scope", "system", "system", "system", "system", "system", "system"),
    ("C-41", "letter.editable_by", AUTHORITIES, ("initiator",), (PRIMARY,), AUTHORITIES, ("issuer",), ("issuer",)),
    ("C-41", "letter.editable_fields", "all", "all", "all", "all", "validity_only", "all"),
    (
        "C-42",
        "letter.print_roles",
        ("committee",),
        ("terminal",),
        ("county",),
        ("committee",),
        ("handler",),
        ("committee_and_above",),
    ),
    ("C-42", "letter.print_outside_only", NO, YES, YES, NO, NO, NO),
    ("C-42", "letter.overlay_template", "template_2", None, None, "template_2", None, None),
    ("C-43", "archive.visibility", HANDLERS, HANDLERS, HANDLERS, HANDLERS, POSITION, POSITION),
    ("C-44", "letter.seal_required", NO, NO, NO, NO, YES, NO),
    ("C-45", "dues.max", "current", "current", "current", "current", "current", "current"),
    ("C-45", "dues.window_months", None, 3, None, None, 3, 3),
    ("C-45", "dues.graduate_fixed_month", "2017-06", None, None, "2017-06", None, None),
    ("C-46", "incoming.start_by", NATIONAL, "org_with_county_scope", "local_committees", NATIONAL, NATIONAL, NATIONAL),
    ("C-47", "incoming.double_step", NO, NO, YES, NO, NO, NO),
    ("C-48", "incoming.letter_photo_required", YES, NO, YES, YES, NO, YES),
    ("C-49", "incoming.id_check", "real_name", "none", "holding_lookup", "real_name", "real_name", "real_name"),
    ("C-50", "incoming.claim_back", YES, NO, YES, YES, NO, YES),
    ("R-144", "incoming.type_chosen", YES, YES, NO, YES, YES, YES),
    ("R-142", "incoming.origin_by_region", NO, NO, YES, NO, NO, NO),
    ("C-51", "incoming.exchange_question", NO, YES, NO, NO, NO, NO),
    ("C-51", "exchange.enabled", NO, NO, NO, NO, NO, NO),
    (
        "C-52",
        "admin.roles",
        ("by_duty",),
        ("superior",),
        ("liaison",),
        ("by_duty", "superior"),
        ("security_officer",),
        ("superior",),
    ),
    ("C-53", "admin.branch_admin_must_be_member", YES, NO, NO, YES, NO, NO),
    ("C-54", "auth.initial_password", "constant", "none", "none", "constant", "id_last6", "none"),
    ("C-54", "auth.initial_password_value", "bj0701", None, None, "bj0701", None, None),
    ("C-55", "auth.force_password_change", NO, YES, YES, NO, YES, YES),
    ("C-56", "auth.initial_password_cutoff", "2017-07-01", None, None, None, None, None),
    ("C-57", "auth.activation", "by_branch", None, "sms", None, SMS_CODE, SMS_CODE),
    ("C-58", "auth.certificate_required_for", (), (), (), (PRIMARY,), (), ()),
    ("C-59", "self_transfer.admin_guard", YES, YES, YES, YES, YES, YES),
    ("C-60", "attachment.max_mb", 5, 5, 5, 5, 5, 5),
    ("C-60", "attachment.types", TYPES, TYPES, TYPES, TYPES, TYPES, TYPES),
    ("C-61", "org.lock_on_pending", YES, YES, YES, YES, YES, YES),
    ("R-228", "org.branch_kept_by", *[KEPT] * 3, "superior", *[KEPT] * 2),
    ("R-004", "org.branch_name_pattern", *[None] * 3, BRANCH_NAME, *[None] * 2),
    ("R-004", "org.branch_short_name_pattern", *[None] * 3, BRANCH_SHORT_NAME, *[None] * 2),
    ("R-005", "org.branch_same_unit_required", NO, NO, NO, YES, NO, NO),
    ("C-62", "notify.sms_on_pending", YES, YES, YES, YES, YES, YES),
    ("C-63", "list.todo_order", *["newest_first"] * 4, "expiry_first", "expiry_first"),
    ("C-64", "progress.member_view", YES, NO, YES, YES, NO, YES),
    ("R-190", "supervision.overdue_days", 15, 15, 15, 15, 15, 15),
]


@pytest.mark.parametrize(("row", "key", "cells"), [(row, key, cells) for row, key, *cells in TABLE])
def test_each_cell_of_the_table(row: str, key: str, cells: list[object]) -> None:
    found = [profiles.profile(name).values[key] for name in COLUMNS]
    assert found == cells
    assert next(entry.row for entry in profiles.schema() if entry.name == key) == row


def test_the_table_holds_every_key_and_every_row() -> None:
    assert [key for _, key, *_ in TABLE] == [entry.name for entry in profiles.schema()]
    assert [row for row in dict.fromkeys(row for row, *_ in TABLE) if row.startswith("C-")] == [
        f"C-{n:02}" for n in range(1, 65)
    ]


def test_six_profiles_are_shipped() -> None:
    assert profiles.names() == tuple(sorted(COLUMNS))


def test_every_default_is_permitted_by_its_own_schema() -> None:
    build_profile("bare", {}, profiles.schema())


@pytest.mark.requirement("R-222")
@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"start.rolls": ["member"]}, "start.rolls"),
        ({"start.roles": ["member", "king"]}, "'king'"),
        ({"start.roles": "member"}, "start.roles"),
        ({"start.attestation": "yes"}, "start.attestation"),
        ({"withdraw.application": False}, "withdraw.application"),
        ({"attachment.max_mb": True}, "attachment.max_mb"),
        ({"attachment.max_mb": ""}, "attachment.max_mb"),
        ({"letter.validity_options": [30, "x"]}, "letter.validity_options"),
        ({"letter.validity_default": 11}, "letter.validity_default"),
        ({"start.below_initiator": "keep", "start.counts_as_approval": "always"}, "start.below_initiator"),
    ],
)
def test_a_wrong_key_or_value_is_refused_and_named_in_both_languages(values: dict[str, object], said: str) -> None:
    with pytest.raises(Refused) as refusal:
        build_profile("mine", values, profiles.schema())
    assert refusal.value.code == "E_PROFILE_INVALID"
    assert said in refusal.value.message_zh
    assert said in refusal.value.message_en


@pytest.mark.requirement("R-222")
@pytest.mark.parametrize("name", ["guangdong", "", "schema", "../profiles/fujian", "Fujian"])
def test_an_unknown_profile_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(Refused) as refusal:
        profiles.profile(name)
    assert refusal.value.code == "E_PROFILE_INVALID"
    assert all(known in refusal.value.message_en for known in COLUMNS)
    assert repr(name) in refusal.value.message_zh
