"""The catalogue of models: where they come from, their licences, their checksums."""

from __future__ import annotations

from assistant.models.catalogue import Catalogue, Model, Task, load_catalogue
from assistant.models.pull import Puller, PullWatch
from assistant.models.recommend import Choice, Recommendation, default_set
from assistant.models.store import ModelStore

__all__ = [
    "Catalogue",
    "Choice",
    "Model",
    "ModelStore",
    "PullWatch",
    "Puller",
    "Recommendation",
    "Task",
    "default_set",
    "load_catalogue",
]
