"""`zhuanjie doctor`: what is wrong, in plain words."""

from collections.abc import Iterable
from datetime import UTC, datetime

import click

from service.commands.context import within
from service.commands.output import REFUSED
from service.config import from_environment
from service.use_cases.upkeep.examine_deployment import (
    Finding,
    examine_backups,
    examine_certificates,
    examine_channels,
    examine_database,
    examine_schema,
    examine_settings,
    examine_workdays,
)


@click.command()
def doctor() -> int:
    """检查部署 / Say what is wrong with this deployment; exit 2 when anything is."""
    settings = from_environment()
    found = [*examine_settings(settings), schema := examine_schema(settings)]
    if all(each.is_well for each in found if each.subject in ("key", "definitions")) and schema.is_well:
        with within(settings) as deployment:
            found += examine_database()
            found.append(examine_workdays(datetime.now(UTC)))
            found.append(examine_backups(datetime.now(UTC)))
            found.append(examine_channels(settings, wants_sms=deployment.profile.flag("notify.sms_on_pending")))
            levels = deployment.profile.choices("auth.certificate_required_for")
            found.append(examine_certificates(settings, levels=levels))
    return _tell(found)


def _tell(findings: Iterable[Finding]) -> int:
    wrong = 0
    for each in findings:
        wrong += not each.is_well
        mark = ("注意" if each.is_warning else "ok  ") if each.is_well else "错误"
        click.echo(f"{mark} {each.subject}: {each.zh} / {each.en}")
    if wrong:
        click.echo(f"{wrong} 处需要处理 / {wrong} to mend")
    return REFUSED if wrong else 0
