"""The door to torch, which only adaptation needs."""

from __future__ import annotations

import importlib
from typing import Any

from assistant.core.errors import ModelError


def torch() -> Any:
    """The package, imported when first asked for. Raises ModelError where it isn't installed."""
    try:
        return importlib.import_module("torch")
    except ImportError as error:
        raise ModelError(
            "adapting a model needs torch, which is not installed", why=str(error), fix="pip install 'assistant[adapt]'"
        ) from error
