"""Browser files are served by ourselves, are what VENDOR.json says, and nothing asks an outside address."""

import hashlib
import json
import re

from tests.architecture import sources

STATIC = sources.ROOT / "service/web/static"
VENDOR = STATIC / "vendor"
TEMPLATES = sources.ROOT / "service/web/templates"
OUTSIDE = re.compile(r"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import""")


def test_vendored_files_are_what_their_record_says() -> None:
    records = json.loads((VENDOR / "VENDOR.json").read_text(encoding="utf-8"))["files"]
    recorded = {record["file"]: record["sha256"] for record in records}
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "VENDOR.json"
    }
    assert found == recorded


def test_no_page_asks_an_outside_address() -> None:
    files = [*TEMPLATES.rglob("*.html"), *(p for p in STATIC.rglob("*") if p.suffix in {".css", ".js", ".svg"})]
    ours = [path for path in files if VENDOR not in path.parents]
    assert ours
    assert [str(path) for path in ours if OUTSIDE.search(path.read_text(encoding="utf-8"))] == []


def test_every_icon_that_a_page_shows_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "bootstrap-icons/sprite.svg").read_text()))
    shown = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"""(?:sprite\.svg[^#\n]*#|icon\(["'])([a-z0-9-]+)""", path.read_text(encoding="utf-8"))
    }
    assert shown - sprite == set()
