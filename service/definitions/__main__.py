"""`python -m service.definitions`: check all shipped diagrams, tell each result, exit 1 on a defect."""

import sys
from importlib import resources

import scripts
from service.definitions import diagram_names, diagrams, findings, forms
from service.definitions.diagrams import Diagram
from service.domain.errors import Refused
from service.domain.routes.hops import HopRole


def main() -> int:
    """Check every file in bpmn/ against the functions, forms and roles of its process."""
    files = sorted(item.name for item in resources.files("bpmn").iterdir() if item.name.endswith(".bpmn"))
    results = [_tell(name) for name in files]
    return 0 if results and all(results) else 1


def _tell(name: str) -> bool:
    """Check one file and print the result; whether it is sound."""
    try:
        diagram = _checked(name)
    except Refused as refusal:
        print(f"{name}: {refusal.code}")
        for error in refusal.fields:
            print(f"  {error.field or '-'}: {error.zh} / {error.en}")
        if not refusal.fields:
            print(f"  {refusal.detail_zh} / {refusal.detail_en}")
        return False
    print(f"{name}: ok, {len(diagram.nodes)} nodes, user tasks {' '.join(diagram.user_tasks)}")
    return True


def _checked(name: str) -> Diagram:
    process_id = name.removesuffix(".bpmn")
    xml = resources.files("bpmn").joinpath(name).read_bytes()
    diagram = diagrams.load(xml, functions=scripts.functions(process_id))
    if diagram.process_id != process_id:
        raise findings.refusal(
            diagram.process_id,
            f"流程标识应为 {process_id}",
            f"expected the process {process_id}, found {diagram.process_id}",
        )
    diagram_names.check_names(diagram, forms=frozenset(forms.names()), roles=frozenset(HopRole))
    return diagram


if __name__ == "__main__":
    sys.exit(main())
