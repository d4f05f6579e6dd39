"""What an action asks for is said once, by the rules: pages star it, the interface lists it (R-091, R-102, R-223)."""

import pytest

from service.definitions import catalogue, forms
from service.domain.routes.hops import STEPS
from service.domain.transfers.actions import Action
from service.domain.transfers.offers import Offer
from service.web.pages import titles
from service.web.pages.transfers import decisions
from tests.use_cases.walker import Played, submit
from tests.web.conftest import MakeSite
from tests.web.programs import Site


def begun(site: Site, origin: str, target: str, starter: str) -> Played:
    return submit(site.world, origin, target, starter=starter)


def drawn(played: Played, code: str) -> dict[Action, decisions.Decision]:
    view = played.view(played.world.admins[code])
    return {each.action: each for each in decisions.decisions(view)}


CASES = [("shandong", ("reason",)), ("default", ("reason",)), ("fujian", ())]


@pytest.mark.requirement("R-102")
@pytest.mark.parametrize(("profile", "required"), CASES)
def test_voiding_is_starred_where_it_needs_a_reason(
    make_site: MakeSite, profile: str, required: tuple[str, ...]
) -> None:
    site = make_site(profile)
    with site.app.app_context():
        played = begun(site, "A1-T1-B1", "A2-T1-B1", "A1-T1-B1")
        backwards = Action.REJECT if profile == "fujian" else Action.RETURN
        assert drawn(played, played.transfer.hop.code or "")[backwards].required == ("reason",)
        played.act(backwards)
        assert drawn(played, "A1-T1-B1")[Action.VOID].required == required
        transfer = played.id
    offered = {each["code"]: each for each in site.admin("A1-T1-B1").get(f"/transfers/{transfer}").json["actions"]}
    assert offered["void"]["required"] == list(required)
    assert offered["void"]["needs_reason"] is bool(required)
    assert offered["void"]["fields"] == ["reason"]


@pytest.mark.requirement("R-117")
@pytest.mark.requirement("R-223")
def test_a_receiver_sees_what_he_has_to_fill_in_and_to_tick(make_site: MakeSite) -> None:
    site = make_site("national")
    with site.app.app_context():
        played = begun(site, "GU-1-B1", "GU-2", "GU-1")
        form = drawn(played, "GU-2")[Action.RECEIVE]
        transfer, version = played.id, played.stored.version
    assert form.required == ("branch", "transfer_in_date", "telephone")
    assert form.gates == ("reported", "reviewed")
    assert form.fields == ("branch", "transfer_in_date", "telephone", "remark", "reported", "reviewed")
    receiver = site.admin("GU-2")
    body = {"version": version, "answers": {"decision": "receive"}}
    refused = receiver.post(f"/transfers/{transfer}/decisions", body)
    assert refused.status_code == 422
    assert [(each["code"], each["field"]) for each in refused.json["errors"]] == [
        ("E_REQUIRED_FIELD", name) for name in ("branch", "transfer_in_date", "telephone")
    ]
    body["answers"] |= {"branch": "GU-2-B1", "transfer_in_date": "2025-03-10", "telephone": "0770-1234567"}
    refused = receiver.post(f"/transfers/{transfer}/decisions", body)
    assert [each["code"] for each in refused.json["errors"]] == ["E_ATTESTATION_REQUIRED"] * 2


@pytest.mark.requirement("R-111")
@pytest.mark.requirement("R-127")
def test_what_cannot_be_undone_is_asked_with_a_warning() -> None:
    asked = {action: decisions.Decision(Offer(action, ()), ()).caution for action in Action}
    assert {action for action, caution in asked.items() if caution} == {Action.REVOKE, Action.CLOSE, Action.VOID}
    assert "不可恢复" in (asked[Action.REVOKE] or ("",))[0]


def test_a_step_is_called_the_same_in_diagram_form_and_page() -> None:
    known = catalogue.load("default")
    assert set(titles.STEPS) == set(STEPS)
    for diagram in known.diagrams.values():
        for step in diagram.user_tasks:
            zh, en = titles.STEPS[step]
            assert diagram.nodes[step].name == zh
            if step != "apply":  # its form is named after what is applied for
                form = forms.form(diagram.process_id, step)
                assert (form.title, form.title_en) == (zh, en)
