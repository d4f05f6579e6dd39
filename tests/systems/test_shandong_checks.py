"""The scenarios of Shandong: what a start is checked for, and how the to-do list is ordered, as of 10 March 2025."""

import pytest

from tests.systems.people import Named
from tests.systems.playing import System, refused
from tests.uploads import papers


@pytest.mark.scenario("S-16")
@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("A1-T1", "E_TARGET_IS_SUPERIOR"),
        ("A1", "E_TARGET_IS_SUPERIOR"),
        ("A1-T1-B1", "E_SAME_BRANCH"),
        ("H-O", "E_TARGET_NOT_ALLOWED"),
    ],
)
def test_no_target_above_the_member_nor_his_own_branch(shandong: System, target: str, code: str) -> None:
    with refused(code, "target"):
        shandong.person("王样例").starts("张样例", target)


@pytest.mark.scenario("S-17")
def test_the_person_is_checked_before_anything_else(shandong: System) -> None:
    wang = shandong.person("王样例")
    wang.starts("张样例", "A1-T1-B2")
    asked = [
        ("赵样例", "37990119960606004X", "E_NOT_SUBORDINATE"),
        ("张样例", "379901198501010017", "E_TRANSFER_IN_PROGRESS"),
        ("郑样例", "379901198303030084", "E_MEMBER_HISTORICAL"),
        ("钱样例", "379901197007070095", "E_MEMBER_SUSPENDED"),
        ("张样例", "379901197811300031", "E_ID_MISMATCH"),
        ("张样例", "379901198501010018", "E_ID_CHECKSUM"),
        ("张样例", "37990119850230001X", "E_ID_FORMAT"),  # 30 February
    ]
    for name, number, code in asked:
        with refused(code):
            wang.starts(Named(name, number), "A1-T1-B2")


@pytest.mark.scenario("S-18")
@pytest.mark.parametrize(
    ("dues", "code"),
    [
        ("2025-03", ""),
        ("2025-01", ""),
        ("2024-12", "E_DUES_TOO_OLD"),
        ("2025-04", "E_DUES_FUTURE"),
        ("", "E_REQUIRED_FIELD"),
    ],
)
def test_dues_are_paid_to_one_of_the_last_three_months(shandong: System, dues: str, code: str) -> None:
    wang = shandong.person("王样例")
    if not code:
        assert wang.starts("张样例", "A1-T1-B2", dues_paid_to=dues).state == "IN_PROGRESS"
        return
    with refused(code, "dues_paid_to"):
        wang.starts("张样例", "A1-T1-B2", dues_paid_to=dues)


@pytest.mark.scenario("S-19")
@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("contact", "12345", "E_PHONE_FORMAT"),
        ("committee_telephone", "abc", "E_PHONE_FORMAT"),
        ("committee_contact", "", "E_REQUIRED_FIELD"),
        ("committee_postcode", "25000", "E_POSTCODE_FORMAT"),
        ("sex", "FEMALE", "E_FIELD_READONLY"),
    ],
)
def test_fields_have_the_form_they_must_have(shandong: System, field: str, value: str, code: str) -> None:
    with refused(code, field):
        shandong.person("王样例").starts("张样例", "A1-T1-B2", **{field: value})


@pytest.mark.scenario("S-20")
def test_validity_is_one_of_the_days_offered(shandong: System) -> None:
    wang = shandong.person("王样例")
    with refused("E_VALIDITY_NOT_ALLOWED", "validity_days"):
        wang.starts("张样例", "A1-T1-B2", validity_days=20)
    seen = wang.starts("张样例", "A1-T1-B2", validity_days=15)
    assert seen.letters[0]["valid_until"] == "2025-03-25"
    assert wang.letter(seen.letters[0]["id"])["snapshot"]["validity_days"] == 15


@pytest.mark.scenario("S-28")
@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", papers.pdf(comment=b"x" * 5_347_737), "E_ATTACHMENT_SIZE"),  # 5.1 MB
        ("a.exe", b"MZ", "E_ATTACHMENT_TYPE"),
        ("b.jpg", papers.pdf(), "E_ATTACHMENT_CONTENT"),
        ("c.docx", papers.large_docx(5_138_022), ""),  # 4.9 MB
    ],
)
def test_a_file_is_what_its_name_says_and_not_too_large(shandong: System, name: str, content: bytes, code: str) -> None:
    wang = shandong.person("王样例")
    if not code:
        seen = wang.starts("张样例", "A1-T1-B2", attachments=[wang.uploads(name, content)])
        assert [each["file_name"] for each in wang.get(f"/transfers/{seen.id}/attachments")["items"]] == [name]
        return
    with refused(code):
        wang.uploads(name, content)


@pytest.mark.scenario("S-26")
@pytest.mark.requirement("R-177", "R-178")
def test_what_expires_first_stands_first(shandong: System) -> None:
    hua, starter = shandong.person("华样例"), shandong.person("王样例")
    members = [shandong.newcomer(name, "A1-T1-B1") for name in ("甲样例", "乙样例", "丙样例")]
    for member, days in zip(members, (15, 7, 30), strict=True):
        starter.starts(member, "A2-T1-B1", validity_days=days)
    lines = hua.lines("inbox")
    assert [(each["member_name"], each["valid_until"]) for each in lines] == [
        ("乙样例", "2025-03-17"),
        ("甲样例", "2025-03-25"),
        ("丙样例", "2025-04-09"),
    ]
    assert hua.get("/counts")["todo"] == 3
    letter = hua.get(f"/transfers/{lines[0]['id']}")["letters"][-1]
    assert hua.letter(letter["id"])["snapshot"]["name"] == "乙样例"
