"""A few friendly words."""

from __future__ import annotations

from assistant.sdk import Context, Outcome, Skill, intent


class Smalltalk(Skill):
    """Greet, thank, and tell a joke."""

    @intent()
    async def hello(self, ctx: Context) -> Outcome:
        """Answer a greeting, by the time of day."""
        return Outcome.told("hello", hour=ctx.local_now().hour)

    @intent()
    async def thanks(self, _: Context) -> Outcome:
        """Answer thanks."""
        return Outcome.told("thanks")

    @intent()
    async def how_are_you(self, _: Context) -> Outcome:
        """Say how it is."""
        return Outcome.told("how_are_you")

    @intent()
    async def who_are_you(self, _: Context) -> Outcome:
        """Say who it is."""
        return Outcome.told("who_are_you")

    @intent()
    async def listening(self, _: Context) -> Outcome:
        """Say when it listens."""
        return Outcome.told("listening")

    @intent()
    async def privacy(self, _: Context) -> Outcome:
        """Say what becomes of what it hears."""
        return Outcome.told("privacy")

    @intent()
    async def good_morning(self, _: Context) -> Outcome:
        """Answer a good morning."""
        return Outcome.told("good_morning")

    @intent()
    async def good_night(self, _: Context) -> Outcome:
        """Answer a good night."""
        return Outcome.told("good_night")

    @intent()
    async def goodbye(self, _: Context) -> Outcome:
        """Answer a goodbye."""
        return Outcome.told("goodbye")

    @intent()
    async def joke(self, _: Context) -> Outcome:
        """Tell a joke."""
        return Outcome.told("joke")

    @intent()
    async def praise(self, _: Context) -> Outcome:
        """Answer praise."""
        return Outcome.told("praise")
