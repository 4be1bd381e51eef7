"""Music and television: playing, pausing, the next one, louder and quieter."""

from __future__ import annotations

from assistant.sdk import Context, EntityName, Number, Outcome, Skill, Slots, home_intent, intent

from .act import Deed, do, do_all
from .adjusting import shift
from .machines import only
from .targets import Found, Kinds, find, says

_PLAYERS = Kinds(frozenset({"media_player"}))
STEP = 10
"""So many percent louder, where nobody says how many."""


class Media(Skill):
    """Play, pause, skip, louder."""

    @home_intent("HassMediaPause")
    async def pause_media(self, ctx: Context, slots: Slots) -> Outcome:
        """Pause what is playing."""
        return await _play(ctx, slots, Deed("pause"))

    @home_intent("HassMediaUnpause")
    async def play_media(self, ctx: Context, slots: Slots) -> Outcome:
        """Go on playing."""
        return await _play(ctx, slots, Deed("play"))

    @home_intent("HassMediaNext")
    async def next_track(self, ctx: Context, slots: Slots) -> Outcome:
        """Skip to the next track."""
        return await _play(ctx, slots, Deed("next", sent="sent_next"))

    @home_intent("HassMediaPrevious")
    async def previous_track(self, ctx: Context, slots: Slots) -> Outcome:
        """Go back to the track before."""
        return await _play(ctx, slots, Deed("previous", sent="sent_previous"))

    @home_intent("HassSetVolume")
    async def set_volume(self, ctx: Context, slots: Slots) -> Outcome:
        """Set the volume of a player in percent."""
        percent = slots.get("volume_level")
        if not isinstance(percent, int | float) or not 0 <= percent <= 100:
            return Outcome.refused("percent")
        return await _play(ctx, slots, _volume(percent))

    @home_intent("HassSetVolumeRelative")
    async def change_volume(self, ctx: Context, slots: Slots) -> Outcome:
        """Make a player louder or quieter."""
        step = slots.get("volume_step")
        if isinstance(step, int | float):
            return await _shift(ctx, slots, step)
        return await _shift(ctx, slots, -STEP if step == "down" else STEP)

    @intent()
    async def music_off(self, ctx: Context) -> Outcome:
        """Pause the music, wherever it plays."""
        return await _play(ctx, {}, Deed("pause"))

    @intent()
    async def music_on(self, ctx: Context) -> Outcome:
        """Go on with the music."""
        return await _play(ctx, {}, Deed("play"))

    @intent()
    async def skip_track(self, ctx: Context) -> Outcome:
        """Skip to the next track."""
        return await _play(ctx, {}, Deed("next", sent="sent_next"))

    @intent()
    async def skip_back(self, ctx: Context) -> Outcome:
        """Go back to the track before."""
        return await _play(ctx, {}, Deed("previous", sent="sent_previous"))

    @intent()
    async def music_louder(self, ctx: Context) -> Outcome:
        """Make the music louder."""
        return await _shift(ctx, {}, STEP)

    @intent()
    async def music_quieter(self, ctx: Context) -> Outcome:
        """Make the music quieter."""
        return await _shift(ctx, {}, -STEP)

    @intent()
    async def mute(self, ctx: Context, name: EntityName | None = None) -> Outcome:
        """Make a player silent."""
        return await _play(ctx, {"entity_id": name} if name else {}, _volume(0))

    @intent()
    async def louder(self, ctx: Context, name: EntityName, by: Number | None = None) -> Outcome:
        """Make a player louder."""
        return await shift(ctx, name, 1, by)

    @intent()
    async def quieter(self, ctx: Context, name: EntityName, by: Number | None = None) -> Outcome:
        """Make a player quieter."""
        return await shift(ctx, name, -1, by)

    @intent()
    async def volume_to(self, ctx: Context, name: EntityName, percent: Number) -> Outcome:
        """Set the volume of a player in percent."""
        found = find(ctx, {"entity_id": name}, _PLAYERS)
        return found if isinstance(found, Outcome) else await do_all(ctx, found, _volume(percent))


def _volume(percent: float) -> Deed:
    return Deed("set_volume", {"volume_pct": percent}, "volume_set", {"percent": percent})


def _players(ctx: Context, slots: Slots, states: tuple[str, ...]) -> Found | Outcome:
    """Where no player is named: of several, the one that is so just now."""
    everywhere = find(ctx, slots, _PLAYERS)
    if isinstance(everywhere, Found) and not says(slots, "entity_id", "name") and len(everywhere.entities) > 1:
        so = tuple(each for each in everywhere.entities if ctx.home.state(each.id).value in states)
        if len(so) == 1:
            return Found(so, everywhere.area)
    return only(ctx, slots, _PLAYERS)


async def _play(ctx: Context, slots: Slots, deed: Deed) -> Outcome:
    found = _players(ctx, slots, ("paused", "idle") if deed.verb == "play" else ("playing",))
    return found if isinstance(found, Outcome) else await do_all(ctx, found, deed)


async def _shift(ctx: Context, slots: Slots, by: float) -> Outcome:
    found = _players(ctx, slots, ("playing",))
    if isinstance(found, Outcome):
        return found
    verb = "volume_up" if by > 0 else "volume_down"
    key = "louder" if by > 0 else "quieter"
    return await do(ctx, [(player, Deed(verb, {"by": abs(by)}, key)) for player in found.entities])
