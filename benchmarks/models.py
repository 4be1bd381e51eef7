"""The model store that benchmarks measure with: ASSISTANT_MODELS_DIR, else where the assistant keeps its models."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from assistant.models import ModelStore


def store() -> ModelStore:
    """The store."""
    default = platformdirs.user_data_path("assistant") / "models"
    return ModelStore(Path(os.environ.get("ASSISTANT_MODELS_DIR", default)))
