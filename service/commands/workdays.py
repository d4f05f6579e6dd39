"""`zhuanjie workdays`: the holidays and make-up days by which deadlines are counted."""

from datetime import UTC, datetime
from pathlib import Path

import click

from service.commands.bad_file import BadFile
from service.commands.context import within
from service.commands.files import opened
from service.commands.output import REFUSED
from service.config import from_environment
from service.domain.deadlines.workdays import DayKind
from service.use_cases.deadlines.change_workdays import change_day, missing_years, show_year
from service.use_cases.deadlines.import_workdays import import_workdays

_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_YEAR = click.argument("year", type=click.IntRange(_FIRST_YEAR, _LAST_YEAR))
_ORDINARY = "ordinary"


@click.group()
def workdays() -> None:
    """工作日 / Working days."""


@workdays.command("show")
@_YEAR
def show(year: int) -> int:
    """列出一年的节假日与调休 / List the announced days of a year; exit 2 when the year was not entered."""
    with within(from_environment()):
        known = show_year(year)
    for each in known.days:
        click.echo(f"{each.day},{each.kind},{each.name}")
    if not known.is_known:
        _warn(year)
        return REFUSED
    return 0


@workdays.command("import")
@_YEAR
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--source", default="", help="出处，如文号 / where it was announced")
def import_year(year: int, file: Path, source: str) -> None:
    """录入一年的安排（CSV：day,kind,name）/ Enter the announcement of a year; all or nothing."""
    with opened(file) as lines, within(from_environment()) as deployment:
        entered = import_workdays(lines, year=year, source=source, deployment=deployment, now=datetime.now(UTC))
    if not entered.report.is_accepted:
        raise BadFile(entered.report)
    click.echo(f"{year}：已录入 {entered.report.imported} 天 / {entered.report.imported} days entered")
    _tell(entered.planned)


@workdays.command("set")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("kind", type=click.Choice([*(each.value for each in DayKind), _ORDINARY]))
@click.option("--name", default="", help="节日名称 / the feast")
def set_day(day: datetime, kind: str, name: str) -> None:
    """更改一天 / Change one day: holiday, working (a make-up day), or ordinary as its weekday says."""
    chosen = None if kind == _ORDINARY else DayKind(kind)
    with within(from_environment()) as deployment:
        planned = change_day(day.date(), chosen, name=name, deployment=deployment, now=datetime.now(UTC))
    _tell(planned)


@workdays.command("check")
def check() -> int:
    """检查是否缺少年度 / Say which years are missing; exit 2 when any is."""
    with within(from_environment()):
        missing = missing_years(datetime.now(UTC))
    for year in missing:
        _warn(year)
    if not missing:
        click.echo("已录入 / nothing is missing")
    return REFUSED if missing else 0


def _warn(year: int) -> None:
    zh = f"{year} 年节假日安排尚未录入，期限暂按周末计算；请运行 zhuanjie workdays import {year} FILE.csv"
    en = f"the holidays of {year} have not been entered; deadlines count weekends only"
    click.echo(f"{zh}\n{en}", err=True)


def _tell(planned: int) -> None:
    click.echo(f"已重新计算 {planned} 个环节的期限 / {planned} deadlines planned anew")
