"""A checkpoint with an adapter in it: what a build reads instead of the bare one."""

from __future__ import annotations

from pathlib import Path

from assistant.core.errors import ModelDamaged
from assistant.llm.adapt.adapter import Adapter
from assistant.llm.build.architecture import Architecture
from assistant.llm.build.checkpoint import Checkpoint, Floats, Matrix, Vocabulary, floats_of
from assistant.llm.form import Origin


class Adapted:
    """A Checkpoint whose matrices have the adapter's products added; they are rounded anew by the build."""

    def __init__(self, base: Checkpoint, adapter: Adapter) -> None:
        """Raises ModelError where the adapter belongs to another model."""
        adapter.check(base.origin.sha256, base.vocabulary.tokenizer)
        self._base = base
        self._adapter = adapter

    @property
    def architecture(self) -> Architecture:
        """That of the base."""
        return self._base.architecture

    @property
    def vocabulary(self) -> Vocabulary:
        """That of the base."""
        return self._base.vocabulary

    @property
    def origin(self) -> Origin:
        """That of the base: the adapter is named beside it in the model's folder."""
        return self._base.origin

    def matrix(self, name: str) -> Matrix:
        """See Checkpoint. Raises ModelDamaged where the adapter's shape differs."""
        product = self._adapter.product(name)
        if product is None:
            return self._base.matrix(name)
        values = floats_of(self._base.matrix(name))
        if values.shape != product.shape:
            raise ModelDamaged(
                f"the adapter doesn't fit {name}", why=f"it is {product.shape}, the model's is {values.shape}"
            )
        return values + product

    def vector(self, name: str) -> Floats:
        """See Checkpoint."""
        return self._base.vector(name)


def apply_adapter(base: Checkpoint, folder: Path) -> Checkpoint:
    """The checkpoint with the adapter of `folder` in it. Raises ModelMissing, ModelDamaged, ModelError."""
    return Adapted(base, Adapter.read(folder))
