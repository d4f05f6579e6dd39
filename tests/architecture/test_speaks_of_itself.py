"""The project speaks of itself alone: nothing tracked names the place where it was written."""

import re
import subprocess

from tests.architecture import sources

# Written in two pieces so that this file does not name them either.
STRANGERS = re.compile(
    "|".join(("/wo" + "rk/", r"\bsha" + r"red/", r"\b[Ii]ss" + r"ue #?\d", "Cla" + "ude", "TO" + "DO"))
)
BINARY = {".gz", ".png", ".woff2", ".ttf", ".pdf", ".ico", ".jpg"}


def test_nothing_tracked_names_the_workplace() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=sources.ROOT, capture_output=True, text=True, check=True)
    paths = [sources.ROOT / name for name in listed.stdout.splitlines()]
    texts = [path for path in paths if path.is_file() and path.suffix not in BINARY and "vendor" not in path.parts]
    named = {
        f"{path.relative_to(sources.ROOT)}: {found[0]}"
        for path in texts
        if (found := STRANGERS.search(path.read_text(encoding="utf-8")))
    }
    assert named == set()
