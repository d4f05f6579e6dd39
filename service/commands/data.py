"""`zhuanjie organisations import` and `zhuanjie members import`: all of a file, or every line at fault."""

from datetime import UTC, datetime
from pathlib import Path

import click

from service.commands.bad_file import BadFile
from service.commands.context import within
from service.commands.files import opened
from service.commands.output import progress
from service.config import from_environment
from service.use_cases.imports.defects import ImportReport
from service.use_cases.imports.spreading import useful_processes
from service.use_cases.members.import_members import import_members
from service.use_cases.organisations.import_organisations import import_organisations

_FILE = click.argument("file", type=click.Path(path_type=Path))


@click.group()
def organisations() -> None:
    """党组织 / Organisations."""


@organisations.command("import")
@_FILE
def import_tree(file: Path) -> None:
    """导入组织树（.csv 或 .csv.gz）/ Enter the organisation tree; all or nothing."""
    with opened(file) as lines, within(from_environment()) as deployment, progress("organisations") as advance:
        report = import_organisations(
            lines, profile=deployment.profile, now=datetime.now(UTC), progress=advance, processes=useful_processes()
        )
    _tell(report, "个组织", "organisations")


@click.group()
def members() -> None:
    """党员 / Members."""


@members.command("import")
@_FILE
def import_people(file: Path) -> None:
    """导入党员（.csv 或 .csv.gz）/ Enter members; all or nothing."""
    with opened(file) as lines, within(from_environment()) as deployment, progress("members") as advance:
        report = import_members(
            lines, deployment=deployment, now=datetime.now(UTC), progress=advance, processes=useful_processes()
        )
    _tell(report, "名党员", "members")


def _tell(report: ImportReport, zh: str, en: str) -> None:
    if not report.is_accepted:
        raise BadFile(report)
    click.echo(f"已导入 {report.imported} {zh} / {report.imported} {en} imported")
