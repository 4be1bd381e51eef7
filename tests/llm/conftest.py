"""A tiny language model of random weights, written and loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.llm.decoder import LanguageModel
from tests.llm.tiny import write_model


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="session")
def tiny(tiny_folder: Path) -> LanguageModel:
    return LanguageModel.load(tiny_folder, threads=1)
