"""`zhuanjie definitions check`: diagrams, forms, letter templates and the profile, proved to agree."""

import click

from service.config import from_environment
from service.definitions import catalogue, profiles


@click.group()
def definitions() -> None:
    """流程图、表单、介绍信模板与配置 / Diagrams, forms, letter templates and profiles."""


@definitions.command()
def check() -> None:
    """逐一检查 / Check them all, under the profile in force; refuses what does not agree."""
    for name in profiles.names():
        profiles.profile(name)
        click.echo(f"profile {name}: ok")
    found = catalogue.load(from_environment().profile)
    for process_id, diagram in found.diagrams.items():
        click.echo(f"diagram {process_id}: ok, {diagram.digest[:12]}")
    for name in found.letter_templates:
        click.echo(f"letter template {name}: ok")
