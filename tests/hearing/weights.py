"""Finds the weights that tests of real models need; a test without them is skipped with the reason."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assistant.core.errors import ModelError
from assistant.models import ModelStore

MODELS_DIR = Path(os.environ.get("ASSISTANT_MODELS_DIR", Path.home() / ".local/share/assistant/models"))


def weights(model_id: str) -> Path:
    """Folder of a model."""
    try:
        return ModelStore(MODELS_DIR).path(model_id)
    except ModelError as error:
        pytest.skip(str(error))
