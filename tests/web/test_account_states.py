"""Lists say of each account whether somebody can log in to it (R-022, R-023, R-026)."""

import re

import pytest
import sqlalchemy as sa

from service.storage.accounts import accounts
from service.storage.db import execute, transaction
from tests.reference.seeding import PASSWORD
from tests.web.programs import Site
from tests.web.test_account_pages import visit

_DUTY = re.compile(r'<span>(\S+) <span class="tag">书记</span>.*?账号：(\S+)</span>', re.DOTALL)


@pytest.mark.requirement("R-026")
def test_a_duty_is_shown_with_how_the_account_of_its_holder_stands(site: Site) -> None:
    superior, path = site.admin("A1-T1"), "/organisations/A1-T1-B1"
    with site.app.app_context():
        people = {name: site.world.newcomer("A1-T1-B1", name=name) for name in ("孟甲", "孟乙", "孟丙", "孟丁")}
        own = {"孟甲": {"password_hash": "x"}, "孟乙": {}, "孟丙": {"password_hash": "x", "status": "CLOSED"}}
        with transaction():
            for name, person in people.items():
                same = accounts.table.c.id == person.account_id
                execute(sa.update(accounts.table).where(same).values(password_hash=None))
                if name in own:
                    execute(sa.update(accounts.table).where(same).values({"password_kind": "OWN", **own[name]}))
                else:
                    execute(sa.update(accounts.table).where(same).values(member_id=None))
    for person in people.values():
        told = superior.ask("PUT", f"{path}/duties/{person.member_id}", json={"duty": "SECRETARY"})
        assert told.status_code == 204, told.text
    page = visit(site, "adm-A1-T1", PASSWORD)
    shown = dict(_DUTY.findall(page.get(f"{path}/administrators").text))
    assert shown == {"孟甲": "已开通", "孟乙": "未开通", "孟丙": "已停用", "孟丁": "未开通"}
    for name, state in (("孟甲", "已开通"), ("孟乙", "未开通"), ("孟丙", "已停用")):
        text = page.get(f"/members/{people[name].member_id}").text
        assert re.search(r"<dt>状态</dt><dd>(.*?)</dd>", text)[1] == state, name  # type: ignore[index]
