"""`python -m bench`: measure, print one table, write bench/results/bench.json.

`compare` looks at an earlier revision; `national` measures five million organisations and members.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from bench import compare, country, engine_cost, http_rate, national, searches
from bench.measures import Measure, table

RESULTS = Path(__file__).parent / "results" / "bench.json"
NATIONAL = RESULTS.with_name("national.json")
PARTS: Mapping[str, Callable[[], Iterator[Measure]]] = {
    "engine": engine_cost.measure,
    "http": http_rate.measure,
    "country": country.measure,
    "searches": searches.measure,
}


def main(wanted: list[str]) -> int:
    """Run the parts named, or all of them; answers 1 when a goal was missed."""
    if wanted[:1] == ["compare"]:
        return compare.main(wanted[1:])
    if wanted[:1] == ["national"]:
        return _tell([*national.measure(wanted[1:])], NATIONAL)
    unknown = set(wanted) - set(PARTS)
    if unknown:
        print(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    measures: list[Measure] = []
    for name, part in PARTS.items():
        if wanted and name not in wanted:
            continue
        begun = time.monotonic()
        measures += part()
        print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr)
    return _tell(measures, RESULTS)


def _tell(measures: Sequence[Measure], results: Path) -> int:
    """Print the table and write the file; answers 1 when a goal was missed."""
    print(table(measures))
    results.parent.mkdir(exist_ok=True)
    results.write_text(json.dumps([each.plain() for each in measures], ensure_ascii=False, indent=1) + "\n")
    return 1 if any(each.met is False for each in measures) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
