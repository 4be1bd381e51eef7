"""From a transcript to a plan: dialogue first, then the skills' templates."""
