"""A Vosk model with a spoilt file is told as damaged, with the fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.core.errors import ModelDamaged
from assistant.hearing.vosk import VoskRecogniser
from tests.hearing.weights import weights

pytestmark = pytest.mark.models


@pytest.mark.parametrize("spoilt", ["am/final.mdl", "graph/HCLr.fst", "conf/mfcc.conf"])
def test_a_spoilt_file_is_told_with_the_fix(tmp_path: Path, spoilt: str) -> None:
    source = weights("vosk-ko")
    for file in (file for file in source.rglob("*") if file.is_file()):
        copy = tmp_path / "vosk-ko" / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if str(file.relative_to(source)) == spoilt:
            copy.write_bytes(b"\0" * 1000)
        else:
            copy.symlink_to(file)
    with pytest.raises(ModelDamaged, match="assistant models pull vosk-ko"):
        VoskRecogniser(tmp_path / "vosk-ko", "ko").load()
