"""Colours by name, and the forms in which lights take them; pure."""

from __future__ import annotations

import colorsys

RGB = {
    "red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "white": (255, 255, 255), "yellow": (255, 220, 0),
    "orange": (255, 140, 0), "purple": (150, 0, 200), "pink": (255, 105, 180), "cyan": (0, 255, 255),
    "turquoise": (64, 224, 208), "brown": (139, 69, 19), "black": (0, 0, 0),
}  # fmt: skip
"""Names of colours as Home Assistant's sentences give them."""


def to_hs(rgb: tuple[int, int, int]) -> tuple[float, float]:
    """Hue in degrees 0–360, saturation 0–100."""
    hue, saturation, _ = colorsys.rgb_to_hsv(*(part / 255 for part in rgb))
    return round(hue * 360, 1), round(saturation * 100, 1)


def to_xy(rgb: tuple[int, int, int]) -> tuple[float, float]:
    """CIE 1931 chromaticity of an sRGB colour (IEC 61966-2-1); black is told as the white point D65."""
    red, green, blue = (_linear(part / 255) for part in rgb)
    x = 0.4124 * red + 0.3576 * green + 0.1805 * blue
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = 0.0193 * red + 0.1192 * green + 0.9505 * blue
    total = x + y + z
    return (0.3127, 0.329) if total == 0 else (round(x / total, 4), round(y / total, 4))


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
