"""Colours by name, and the forms in which lights take them; pure."""

from __future__ import annotations

import colorsys
import math
import re

Rgb = tuple[int, int, int]

RGB: dict[str, Rgb] = {
    "red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "white": (255, 255, 255), "yellow": (255, 220, 0),
    "orange": (255, 140, 0), "purple": (150, 0, 200), "pink": (255, 105, 180), "cyan": (0, 255, 255),
    "turquoise": (64, 224, 208), "brown": (139, 69, 19), "black": (0, 0, 0), "magenta": (255, 0, 255),
    "violet": (143, 0, 255), "indigo": (75, 0, 130), "lime": (160, 255, 0), "gold": (255, 200, 0),
    "amber": (255, 170, 0), "coral": (255, 110, 80), "salmon": (250, 128, 114), "peach": (255, 190, 140),
    "lavender": (190, 150, 255), "crimson": (220, 20, 60), "teal": (0, 128, 128), "mint": (110, 255, 170),
    "sky blue": (100, 190, 255), "navy": (0, 0, 128), "olive": (128, 128, 0), "maroon": (128, 0, 0),
    "beige": (245, 225, 180), "ivory": (255, 250, 225),
}  # fmt: skip
"""Names of colours as sentences give them."""


def rgb_from(said: str) -> Rgb | None:
    """A name, `#rrggbb` or `r,g,b`; None for anything else."""
    text = said.strip().casefold()
    if text in RGB:
        return RGB[text]
    if re.fullmatch(r"#[0-9a-f]{6}", text):
        return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
    parts = [int(part) for part in text.split(",")] if re.fullmatch(r"\d{1,3}(,\d{1,3}){2}", text) else []
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 and max(parts) <= 255 else None


def to_hs(rgb: Rgb) -> tuple[float, float]:
    """Hue in degrees 0–360, saturation 0–100."""
    hue, saturation, _ = colorsys.rgb_to_hsv(*(part / 255 for part in rgb))
    return round(hue * 360, 1), round(saturation * 100, 1)


def to_xy(rgb: Rgb) -> tuple[float, float]:
    """CIE 1931 chromaticity, in the wide gamut that bulbs are made for, as Home Assistant counts it; black is told as
    the white point D65. Bulbs then show their own purest red for red, not that of a monitor."""
    red, green, blue = (_linear(part / 255) for part in rgb)
    x = 0.664511 * red + 0.154324 * green + 0.162028 * blue
    y = 0.283881 * red + 0.668433 * green + 0.047685 * blue
    z = 0.000088 * red + 0.072310 * green + 0.986039 * blue
    total = x + y + z
    return (0.3127, 0.329) if total == 0 else (round(x / total, 3), round(y / total, 3))


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def to_rgbw(rgb: Rgb) -> tuple[int, ...]:
    """What is common to all three is the white lamp's."""
    white = min(rgb)
    return _as_bright(rgb, (*(part - white for part in rgb), white))


def to_rgbww(rgb: Rgb, middle_kelvin: float) -> tuple[int, ...]:
    """Likewise with a cold and a warm white lamp, both equally bright: together they are of the middle temperature."""
    white = tuple(max(part, 1) / 255 for part in from_kelvin(middle_kelvin))
    level = min(part / full for part, full in zip(rgb, white, strict=True))
    rest = (max(0.0, part - level * full) for part, full in zip(rgb, white, strict=True))
    return _as_bright(rgb, (*rest, level, level))


def _as_bright(before: Rgb, parts: tuple[float, ...]) -> tuple[int, ...]:
    """No brighter and no darker than before."""
    top = max(parts)
    factor = max(before) / top if top else 0
    return tuple(round(part * factor) for part in parts)


def from_kelvin(kelvin: float) -> Rgb:
    """The colour of a white of that temperature (Tanner Helland's fit, 1000 to 40000 K)."""
    hundreds = min(400.0, max(10.0, kelvin / 100))
    if hundreds <= 66:
        red = 255.0
        green = 99.4708025861 * math.log(hundreds) - 161.1195681661
        blue = 0.0 if hundreds <= 19 else 138.5177312231 * math.log(hundreds - 10) - 305.0447927307
    else:
        red = 329.698727446 * (hundreds - 60) ** -0.1332047592
        green = 288.1221695283 * (hundreds - 60) ** -0.0755148492
        blue = 255.0
    return _byte(red), _byte(green), _byte(blue)


def _byte(part: float) -> int:
    return round(min(255.0, max(0.0, part)))
