"""Between a device's own numbers and the percent that people say; pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from assistant.home.config import Config, ConfigFault

FULL_BRIGHTNESS = 255


@dataclass(frozen=True, slots=True)
class Scale:
    """`low` means 0 percent and `high` 100; a scale may run backwards."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if self.low == self.high:
            raise ConfigFault("a scale has no length")

    def percent(self, level: float) -> float:
        """The device's number in percent."""
        return (level - self.low) / (self.high - self.low) * 100

    def level(self, percent: float) -> int:
        """Percent as the device's nearest number."""
        return round(self.low + percent / 100 * (self.high - self.low))


def brightness_scale(config: Config) -> Scale:
    """0 to what the device calls full."""
    full = config.number("brightness_scale", FULL_BRIGHTNESS)
    if full < 1:
        raise ConfigFault("brightness_scale is too small")
    return Scale(0, full)


def position_scale(config: Config) -> Scale:
    """Closed to open; some devices count the other way round."""
    return Scale(config.number("position_closed", 0), config.number("position_open", 100))


@dataclass(frozen=True, slots=True)
class SpeedScale(Scale):
    """Speeds of a fan: 0 percent lies one step below the lowest speed; what lies between two speeds is the faster."""

    def level(self, percent: float) -> int:
        """Percent as a speed."""
        return math.ceil(round(self.low + percent / 100 * (self.high - self.low), 6))


def speed_scale(config: Config) -> SpeedScale:
    """Off, then the device's speeds."""
    return SpeedScale(config.number("speed_range_min", 1) - 1, config.number("speed_range_max", 100))
