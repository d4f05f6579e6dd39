"""`python -m service.definitions`: check all shipped diagrams, tell each result, exit 1 on a defect."""

import sys
from importlib import resources

import scripts
from service.definitions import diagrams
from service.domain.errors import Refused


def main() -> int:
    """Check every file in bpmn/ against the functions of its process."""
    defects = 0
    files = sorted(
        (item for item in resources.files("bpmn").iterdir() if item.name.endswith(".bpmn")), key=lambda item: item.name
    )
    for file in files:
        process_id = file.name.removesuffix(".bpmn")
        try:
            diagram = diagrams.load(file.read_bytes(), functions=scripts.functions(process_id))
        except Refused as refusal:
            defects += 1
            print(f"{file.name}: {refusal.code}")
            for error in refusal.fields:
                print(f"  {error.field or '-'}: {error.zh} / {error.en}")
            if not refusal.fields:
                print(f"  {refusal.detail_zh} / {refusal.detail_en}")
            continue
        if diagram.process_id != process_id:
            defects += 1
            print(f"{file.name}: expected the process {process_id}, found {diagram.process_id}")
        else:
            print(f"{file.name}: ok, {len(diagram.nodes)} nodes, user tasks {' '.join(diagram.user_tasks)}")
    return 1 if defects or not files else 0


if __name__ == "__main__":
    sys.exit(main())
