"""What a letter says of the origin's primary committee where the application does not say it (R-064, R-161, 4.7)."""

from datetime import timedelta

import pytest

from service.storage.db import reading
from service.storage.transfers import letters
from service.use_cases.letters.show_letter import show_letter
from tests.use_cases.conftest import MakeWorld
from tests.use_cases.walker import FORM, NOW, Played, submit

_RECORD = {
    "contact": "样例联系人", "telephone": "0530-7654321", "fax": "0530-7654322", "postcode": "250001", "address": "河口路2号",
}  # fmt: skip


def texts(played: Played) -> dict:
    """The newest letter as the administrator of the origin reads it."""
    with reading():
        letter = letters.of_transfer(played.id)[-1]
    reader = played.world.admins[played.transfer.origin.code]
    return dict(show_letter(letter.id, actor=reader, now=NOW, deployment=played.world.deployment).snapshot)


@pytest.mark.requirement("R-064")
def test_the_record_of_the_origin_committee_fills_the_block_and_the_head_of_the_receipt(make_world: MakeWorld) -> None:
    changes = {
        "A2-T1": {"letter_heading": "中共河口镇委员会", **_RECORD},
        "A2-T1-B1": {"contact": "不是他", "telephone": "1"},
    }
    played = submit(make_world("fujian", changes=changes), "A2-T1-B1", "").forward()
    assert texts(played)["committee"] == _RECORD
    assert texts(played)["receipt_heading"] == "中共河口镇委员会"
    written_on = texts(played)["issued_on"]
    played.now += timedelta(days=2)
    played.forward()
    passed_on = texts(played)
    assert passed_on["issuer"] == "中共河口镇委员会"
    assert passed_on["committee"] == _RECORD
    assert passed_on["issued_on"] == written_on


@pytest.mark.requirement("R-064")
def test_a_second_level_committee_is_not_the_one_the_receipt_goes_to(make_world: MakeWorld) -> None:
    played = submit(make_world("beijing"), "XU-C1-B1", "XA-S1").forward()
    assert texts(played)["receipt_heading"] == "星海大学党委"


@pytest.mark.requirement("R-064")
def test_where_the_application_must_say_it_the_letter_says_it_too(make_world: MakeWorld) -> None:
    said = {"committee_contact": "另一联系人", "committee_name": "另一党委"}
    played = submit(make_world("shandong"), "A1-T1-B1", "A1-T2-B1", starter="A1-T1-B1", **said)
    assert texts(played)["committee"] == {
        **{name: FORM[f"committee_{name}"] for name in _RECORD},
        "contact": "另一联系人",
    }
    assert texts(played)["receipt_heading"] == "另一党委"


@pytest.mark.requirement("R-063", "R-096")
def test_the_one_letter_that_leaves_is_written_to_the_place_outside_from_the_first(make_world: MakeWorld) -> None:
    played = submit(make_world("fujian"), "A2-T1-B1", "", letter_heading="中共样例市委员会").forward()
    assert (texts(played)["addressee"], texts(played)["validity_days"]) == ("中共样例市委员会", 90)
    played.forward()
    assert texts(played)["addressee"] == "中共样例市委员会"
