"""Images are drawn anew: what is stored was written by us, whatever stood in the file besides the picture is gone.

That also drops what a photograph says about place and device. A picture larger than 25 megapixels is refused unseen.
"""

import io
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageOps, JpegImagePlugin

from service.uploads.mismatch import Mismatch

MOST_PIXELS = 25_000_000
_FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "gif": "GIF", "bmp": "BMP"}
_PNG_END = b"\0\0\0\0IEND\xaeB`\x82"
_PNG_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA", "I;16"})
_QUALITY = 90


def redraw(content: bytes, extension: str) -> tuple[bytes, str]:
    """The picture as we write it, and its extension: a BMP becomes a PNG, moving pictures keep their first.

    Raises Mismatch for what is no such picture, is not whole, or has too many pixels.
    """
    _check_frame(content, extension)
    try:
        with Image.open(io.BytesIO(content), formats=(_FORMATS[extension],)) as image:
            width, height = image.size
            if width * height <= MOST_PIXELS:
                image.load()
                written = _write(image, extension)
    except Exception as error:
        # Decoders fail on hostile files in ways of their own; none of them is a fault of ours.
        raise Mismatch(f"不是完整的 {extension} 图片", f"it is no whole {extension} picture") from error
    if width * height > MOST_PIXELS:
        raise Mismatch(
            f"图片为 {width}×{height} 像素，超过上限", f"the picture has {width}×{height} pixels, more than 25 million"
        )
    return written, "png" if extension == "bmp" else extension


def _check_frame(content: bytes, extension: str) -> None:
    """What a decoder does not look at: the end of the file. Cameras append to a JPEG, so its end says nothing."""
    is_whole = _WHOLE[extension]
    if not is_whole(content):
        raise Mismatch(
            f"不是完整的 {extension} 图片，或末尾有多余内容",
            f"it is no whole {extension} picture, or something follows its end",
        )


_WHOLE: dict[str, Callable[[bytes], bool]] = {
    "jpg": lambda content: content.startswith(b"\xff\xd8\xff"),
    "jpeg": lambda content: content.startswith(b"\xff\xd8\xff"),
    "png": lambda content: content.startswith(b"\x89PNG\r\n\x1a\n") and content.endswith(_PNG_END),
    "gif": lambda content: content.startswith((b"GIF87a", b"GIF89a")) and content.endswith(b"\x3b"),
    "bmp": lambda content: content.startswith(b"BM") and int.from_bytes(content[2:6], "little") == len(content),
}


def _write(image: Image.Image, extension: str) -> bytes:
    if _FORMATS[extension] == "JPEG":
        return _write_jpeg(image)
    target = io.BytesIO()
    if extension == "gif":
        _bare(image).save(target, "GIF", save_all=False)
    else:
        fitting = image if image.mode in _PNG_MODES else image.convert("RGB")
        _bare(fitting).save(target, "PNG")
    return target.getvalue()


def _write_jpeg(image: Image.Image) -> bytes:
    """As fine as it came: with the same tables, so that a second loss stays invisible."""
    tables: Any = getattr(image, "quantization", None)
    sampling = JpegImagePlugin.get_sampling(image)
    upright = ImageOps.exif_transpose(image)
    bare = _bare(upright if upright.mode in ("L", "RGB") else upright.convert("RGB"))
    target = io.BytesIO()
    try:
        bare.save(target, "JPEG", qtables=tables, subsampling=sampling)
    except (ValueError, TypeError, OSError):
        target = io.BytesIO()
        bare.save(target, "JPEG", quality=_QUALITY)
    return target.getvalue()


def _bare(image: Image.Image) -> Image.Image:
    """The picture without what travels beside it, as comments, places, colour tables of devices."""
    image.info = {name: value for name, value in image.info.items() if name == "transparency"}
    return image
