"""Words to plans: open questions first, then sentence templates, then a planner and chat where there are any."""

from assistant.understanding.tiers import ChatTier, PlannerTier
from assistant.understanding.understanding import Understanding

__all__ = ["ChatTier", "PlannerTier", "Understanding"]
