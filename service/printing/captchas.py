"""Draws a captcha: letters that people read and programs do not read at once (R-021)."""

import random
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 200, 64
_FONT_SIZE = 38
_PAPER, _INK = (250, 247, 243), (92, 24, 30)
_LINES, _DOTS = 6, 220


def draw(text: str) -> bytes:
    """A PNG image of a text of a few letters."""
    chance = random.SystemRandom()
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    step = (WIDTH - 24) // len(text)
    for place, letter in enumerate(text):
        _put(image, letter, 12 + place * step, chance)
    pen = ImageDraw.Draw(image)
    for _ in range(_LINES):
        ends = [(chance.randrange(WIDTH), chance.randrange(HEIGHT)) for _ in range(2)]
        pen.line(ends, fill=_shade(chance), width=chance.choice((1, 2)))
    for _ in range(_DOTS):
        pen.point((chance.randrange(WIDTH), chance.randrange(HEIGHT)), fill=_shade(chance))
    written = BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def _put(image: Image.Image, letter: str, left: int, chance: random.Random) -> None:
    font = ImageFont.load_default(_FONT_SIZE + chance.randrange(-5, 6))
    stamp = Image.new("L", (56, 60), 0)
    ImageDraw.Draw(stamp).text((28, 30), letter, font=font, fill=255, anchor="mm")
    turned = stamp.rotate(chance.uniform(-28, 28), resample=Image.Resampling.BICUBIC)
    image.paste(Image.new("RGB", turned.size, _shade(chance)), (left - 10, chance.randrange(-2, 7)), turned)


def _shade(chance: random.Random) -> tuple[int, int, int]:
    red, green, blue = (min(170, each + chance.randrange(70)) for each in _INK)
    return red, green, blue
