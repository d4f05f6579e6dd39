"""Fetches the browser files we serve ourselves, verbatim, and writes down what they are (VENDOR.json).

Run it only to change a version: `python tools/vendor.py`. It needs npm. The icon sprite is the one file that is
made, out of verbatim drawings; everything else is copied byte by byte.
"""

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

VENDOR = Path(__file__).parent.parent / "service/web/static/vendor"

PACKAGES = (
    ("bootstrap", "5.3.8", "MIT", ("dist/css/bootstrap.min.css", "dist/js/bootstrap.bundle.min.js", "LICENSE")),
    ("htmx.org", "2.0.11", "0BSD", ("dist/htmx.min.js", "LICENSE")),
    ("bootstrap-icons", "1.13.2", "MIT", ("LICENSE",)),
)

ICONS = """
archive arrow-clockwise arrow-counterclockwise arrow-down-up arrow-left arrow-left-right arrow-repeat arrow-return-left
arrow-right arrow-right-circle ban bell box-arrow-in-right box-arrow-right building calendar3 card-list chat-left-text
check-all check-circle check-circle-fill check-lg chevron-down chevron-left chevron-right chevron-up circle
clipboard-check clock clock-history dash-circle diagram-3 download envelope envelope-check envelope-open envelope-paper
exclamation-circle exclamation-triangle exclamation-triangle-fill eye eye-slash file-earmark-text filter flag folder2-open
funnel gear globe house inbox info-circle key layout-three-columns lightning-charge-fill list list-check list-task lock
mortarboard paperclip pencil people person person-badge person-check person-plus person-vcard phone plus-lg printer
question-circle record-circle reply search send shield-check shield-lock signpost-split sliders stop-circle tag telephone
three-dots toggles translate trash type unlock upload x-circle x-circle-fill x-lg
"""


def main() -> None:
    """Fetch every package, copy its files, build the sprite and write VENDOR.json."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        records = [record for package in PACKAGES for record in _vendor(*package, Path(folder))]
    text = json.dumps({"files": records}, indent=2, ensure_ascii=False) + "\n"
    (VENDOR / "VENDOR.json").write_text(text, encoding="utf-8")


def _vendor(name: str, version: str, licence: str, files: tuple[str, ...], folder: Path) -> list[dict[str, str]]:
    unpacked = _unpack(name, version, folder)
    records = []
    for source in files:
        target = VENDOR / name / Path(source).name
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(unpacked / source, target)
        records.append(_record(target, name=name, version=version, licence=licence, source=source))
    if name == "bootstrap-icons":
        target = VENDOR / name / "sprite.svg"
        target.write_text(_sprite(unpacked / "icons"), encoding="utf-8")
        source = f"made by tools/vendor.py out of {len(ICONS.split())} verbatim files of icons/"
        records.append(_record(target, name=name, version=version, licence=licence, source=source))
    return records


def _unpack(name: str, version: str, folder: Path) -> Path:
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), f"{name}@{version}"]
    archive = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]
    with tarfile.open(folder / archive) as tar:
        tar.extractall(folder / name, filter="data")
    return folder / name / "package"


def _record(target: Path, **facts: str) -> dict[str, str]:
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    return {"file": target.relative_to(VENDOR).as_posix(), **facts, "sha256": digest}


def _sprite(icons: Path) -> str:
    """Join the drawings into one file; a page shows one with <use href="…/sprite.svg#name">."""
    symbols = "\n".join(_symbol(icons / f"{name}.svg") for name in sorted(ICONS.split()))
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{symbols}\n</svg>\n'


def _symbol(drawing: Path) -> str:
    found = re.fullmatch(r"<svg[^>]*>(.*)</svg>\s*", drawing.read_text(encoding="utf-8"), re.DOTALL)
    if found is None:
        raise ValueError(f"Expected one svg element in {drawing.name}.")
    lines = (line.strip() for line in found[1].strip().splitlines())
    return f'<symbol id="{drawing.stem}" viewBox="0 0 16 16" fill="currentColor">{"".join(lines)}</symbol>'


if __name__ == "__main__":
    main()
