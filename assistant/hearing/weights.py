"""Where the weights of a model lie: the little that hearing needs of the model store."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Weights(Protocol):
    """`assistant.models.ModelStore`, as seen from here."""

    def path(self, model_id: str, /) -> Path:
        """Folder of a model that was pulled. Raises ModelMissing."""
        ...
