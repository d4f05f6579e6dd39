"""`zhuanjie routes preview`: a file of cases in, a file of routes out, for scripts that compare systems."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from service.commands.context import within
from service.commands.files import opened, written_whole
from service.commands.output import Advance, progress
from service.commands.route_cases import RouteQuestion, answer_line, read_cases
from service.config import from_environment
from service.definitions import profiles
from service.domain.errors import Refused
from service.domain.routes.routes import Route
from service.use_cases.transfers.preview_route import preview_routes


@click.group()
def routes() -> None:
    """转接路径 / Routes."""


@routes.command()
@click.option("--profile", required=True, help="配置名称，仅对本命令有效 / profile whose rules count, here only")
@click.option("--cases", required=True, type=click.Path(path_type=Path), help="CSV 文件 / file of cases")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="每行一个 JSON / one JSON object a line")
def preview(profile: str, cases: Path, output: Path) -> None:
    """预览转接路径 / Plan the route of each case; a refused case is an answer too."""
    rules = profiles.profile(profile)
    with opened(cases) as lines:
        questions = read_cases(lines)
    with within(from_environment()), progress("routes", len(questions)) as advance, written_whole(output) as file:
        found = preview_routes((each.question for each in questions), profile=rules)
        refused = 0
        for case, answer in _answers(questions, found, advance):
            refused += isinstance(answer, Refused)
            file.write(answer_line(case.case_id, answer) + "\n")
    click.echo(f"{len(questions)} 条，其中 {refused} 条被拒绝 / {len(questions)} cases, {refused} refused: {output}")


def _answers(
    questions: Sequence[RouteQuestion], found: Iterable[Route | Refused], advance: Advance
) -> Iterator[tuple[RouteQuestion, Route | Refused]]:
    for number, pair in enumerate(zip(questions, found, strict=True), start=1):
        yield pair
        if number % 1000 == 0:
            advance(number)
