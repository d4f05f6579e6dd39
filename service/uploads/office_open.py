"""Office Open XML (docx, xlsx, pptx): an archive whose main part is of the promised kind, and that holds no program.

A document with macros under the name of one without (docm as docx) differs in one word of its list of contents; so that
list is read, not the name of any part.
"""

from collections.abc import Iterator, Mapping

from lxml import etree

from service.uploads import archives, compound, office_binary
from service.uploads.archives import Part
from service.uploads.mismatch import Mismatch

_MAIN = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "document"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "workbook"),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml", "presentation"),
}
_CONTENTS = "[Content_Types].xml"
_RELATIONS = "_rels/.rels"
_PROGRAMS = (
    *(".docm", ".dotm", ".xlsm", ".xlsb", ".xltm", ".xlam", ".pptm", ".potm", ".ppsm", ".ppam"),
    *(
        ".exe",
        ".dll",
        ".com",
        ".scr",
        ".bat",
        ".cmd",
        ".ps1",
        ".vbs",
        ".js",
        ".jse",
        ".wsf",
        ".hta",
        ".lnk",
        ".jar",
        ".msi",
    ),
)
_LINKS = ("/hyperlink", "/externalLinkPath", "/xlPathMissing", "/xlAlternateStartup", "/xlStartup", "/xlLibrary")
"""What may lie outside: whoever follows a link does so himself, and of another workbook only the cells are kept."""
_FOREIGN = ("/aFChunk", "/control", "/activeXControlBinary")
"""Other documents and program parts that are read as if they stood in this one."""
_LONGEST_LIST = 1024 * 1024
_FIRST_BYTES = 64 * 1024


def check(content: bytes, extension: str) -> None:
    """Raise Mismatch unless this is a document of the kind its extension promises."""
    parts = archives.parts(content)
    _refuse_programs(parts)
    main = _main_part(_types(content, parts), extension)
    if _RELATIONS not in parts or main not in parts:
        raise Mismatch(f"缺少 {extension} 必有的部件", f"it lacks a part that every {extension} has")
    for part in parts.values():
        _check_part(content, part, root=_MAIN[extension][1] if part.name == main else "")


def _refuse_programs(parts: Mapping[str, Part]) -> None:
    if any(name.lower().endswith(("vbaproject.bin", *_PROGRAMS)) for name in parts):
        raise Mismatch("文件含有宏或程序", "it holds macros or a program")


def _types(content: bytes, parts: Mapping[str, Part]) -> dict[str, str]:
    """The kind of each part that the list of contents names; kinds of whole extensions stand under `.xml` and the like."""
    if _CONTENTS not in parts:
        raise Mismatch("不是 Office 文档", "it is no office document")
    root = _parsed(content, parts[_CONTENTS])
    found: dict[str, str] = {}
    for each in root:
        kind = each.get("ContentType", "")
        if "macro" in kind.lower() or "vba" in kind.lower():
            raise Mismatch("文件含有宏", "it holds macros")
        found[(each.get("PartName") or "." + each.get("Extension", "")).lstrip("/")] = kind
    return found


def _main_part(types: Mapping[str, str], extension: str) -> str:
    wanted = _MAIN[extension][0]
    mains = {kind for kind in types.values() if kind.endswith(".main+xml")}
    names = [name for name, kind in types.items() if kind == wanted]
    if mains != {wanted} or len(names) != 1:
        raise Mismatch(f"不是 {extension} 文档", f"it is no {extension} document")
    return names[0]


def _check_part(content: bytes, part: Part, *, root: str) -> None:
    """Unpack the part once, keeping no more of it than is looked at."""
    if part.name.lower().endswith(".rels"):
        _refuse_loading(_parsed(content, part))
        return
    pieces = archives.unpacked(content, part)
    first = next(pieces, b"")
    if first.startswith(compound.MAGIC):
        office_binary.refuse_programs(compound.read(first + b"".join(pieces)))
    elif first.startswith(b"PK\x03\x04"):
        _refuse_programs(archives.parts(first + b"".join(pieces)))
    for _ in pieces:
        pass
    if root and _root_name(first[:_FIRST_BYTES]) != root:
        raise Mismatch("主要部件不是文档正文", "the main part is not what it should be")


def _refuse_loading(relations: etree._Element) -> None:
    for each in relations:
        kind = each.get("Type", "")
        if each.get("TargetMode") == "External" and not kind.endswith(_LINKS):
            raise Mismatch("文件会从外部加载内容", "it loads something from outside")
        if kind.endswith(_FOREIGN):
            raise Mismatch("文件含有控件或嵌入的其他文档", "it holds a control, or another document in its text")


def _parsed(content: bytes, part: Part) -> etree._Element:
    if part.size > _LONGEST_LIST:
        raise Mismatch("目录过长", "a list of contents is too long")
    body = b"".join(archives.unpacked(content, part))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise Mismatch("目录不是正确的 XML", "a list of contents is no XML") from error
    if root.getroottree().docinfo.doctype:
        raise Mismatch("目录含有 DTD", "a list of contents has a DTD")
    return root


def _root_name(first: bytes) -> str:
    """The local name of the root element; the rest of the part is not read."""
    parser = etree.XMLPullParser(events=("start",), resolve_entities=False, no_network=True, load_dtd=False)
    try:
        for piece in _small(first):
            parser.feed(piece)
            for _, element in parser.read_events():
                return etree.QName(element).localname
    except etree.XMLSyntaxError:
        return ""
    return ""


def _small(first: bytes) -> Iterator[bytes]:
    return (first[at : at + 1024] for at in range(0, len(first), 1024))
