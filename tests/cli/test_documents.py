"""What the documents tell an operator to do is done here as it stands there."""

import re
import subprocess
from pathlib import Path

import click

import scripts
from service.cli import commands
from service.definitions import diagram_names, diagrams, forms
from service.domain.routes.hops import HopRole
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
OPERATING = (ROOT / "docs" / "operating.md").read_text("utf-8")


def _example(header: str) -> str:
    """The header and the example lines behind it."""
    blocks = re.findall(r"```\n(.*?)```", OPERATING, re.DOTALL)
    at = next(number for number, block in enumerate(blocks) if block.startswith(header))
    return blocks[at] + blocks[at + 1]


def test_the_example_files_are_accepted(run: Run, tmp_path: Path) -> None:
    assert run("init").status == 0
    for what, header in (("organisations", "code,parent_code,"), ("members", "id_number,")):
        file = tmp_path / f"{what}.csv"
        file.write_text(_example(header), "utf-8")
        assert (what, *run(what, "import", file)[::2]) == (what, 0, "")


def test_every_command_is_listed() -> None:
    shown = [name for name, command in commands.commands.items() if not command.hidden]
    groups = {name: command for name, command in commands.commands.items() if isinstance(command, click.Group)}
    wanted = [f"{name} {inner}" for name, group in groups.items() for inner in group.commands]
    wanted += [name for name in shown if name not in groups]
    assert [each for each in wanted if f"`zhuanjie {each}" not in OPERATING] == []


def test_the_recipe_for_a_variety_makes_a_diagram_that_loads(tmp_path: Path) -> None:
    recipe = (ROOT / "docs" / "add_a_variety.md").read_text("utf-8")
    (step,) = re.findall(r"```sh\n(sed .*?)\n```", recipe, re.DOTALL)
    (tmp_path / "bpmn").mkdir()
    (tmp_path / "bpmn" / "transfer_internal.bpmn").write_bytes((ROOT / "bpmn" / "transfer_internal.bpmn").read_bytes())
    subprocess.run(["sh", "-c", step], cwd=tmp_path, check=True)
    xml = (tmp_path / "bpmn" / "transfer_secondment.bpmn").read_bytes()
    diagram = diagrams.load(xml, functions=scripts.functions("transfer_secondment"))
    diagram_names.check_names(diagram, forms=frozenset(forms.names()), roles=frozenset(HopRole))
    assert diagram.process_id == "transfer_secondment"
