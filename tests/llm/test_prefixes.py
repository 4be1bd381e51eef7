"""The store of prefixes: what was read once is there again, and what lies there damaged does no harm."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest
from numpy.testing import assert_array_equal

from assistant.llm.decoder import Context, LanguageModel
from assistant.llm.prefixes import PrefixStore
from tests.llm.tiny import write_model

PREFIX = tuple(b"You answer in one sentence. " * 12)
OTHER = tuple(b"You plan. " * 12)


def read(model: LanguageModel, tokens: tuple[int, ...]) -> Context:
    context = model.context()
    context.feed(tokens)
    return context


def kept(store: PrefixStore, model: LanguageModel, tokens: tuple[int, ...] = PREFIX) -> Context:
    context = read(model, tokens)
    store.keep(model, tokens, context.cache)
    return context


def test_a_prefix_goes_on_as_if_it_had_just_been_read(tiny: LanguageModel, tmp_path: Path) -> None:
    original = kept(PrefixStore(tmp_path), tiny)
    restored = PrefixStore(tmp_path).restore(tiny, PREFIX)
    assert restored is not None
    assert restored.tokens == PREFIX
    more = list(b"And now?" * 60)  # the buffers must grow behind it
    assert_array_equal(restored.feed(more), original.feed(more))


def test_what_follows_a_restored_prefix_stays_out_of_its_file(tiny: LanguageModel, tmp_path: Path) -> None:
    original = kept(PrefixStore(tmp_path), tiny)
    first = PrefixStore(tmp_path).restore(tiny, PREFIX)
    assert first is not None
    first.rewind(3)
    first.feed(list(b"something else"))
    second = PrefixStore(tmp_path).restore(tiny, PREFIX)
    assert second is not None
    assert_array_equal(second.feed([65]), original.feed([65]))


def test_only_the_prefix_is_kept_of_a_context_that_read_further(tiny: LanguageModel, tmp_path: Path) -> None:
    context = read(tiny, (*PREFIX, *b"What time is it?"))
    PrefixStore(tmp_path).keep(tiny, PREFIX, context.cache)
    restored = PrefixStore(tmp_path).restore(tiny, PREFIX)
    assert restored is not None
    assert_array_equal(restored.feed([65]), read(tiny, PREFIX).feed([65]))


def test_another_text_or_another_model_is_not_answered_with_it(tiny: LanguageModel, tmp_path: Path) -> None:
    store = PrefixStore(tmp_path / "prefixes")
    kept(store, tiny)
    other = LanguageModel.load(write_model(tmp_path / "other", seed=1), threads=1)
    assert store.restore(tiny, PREFIX[:-1]) is None
    assert store.restore(other, PREFIX) is None


def test_nobody_else_may_read_them(tiny: LanguageModel, tmp_path: Path) -> None:
    kept(PrefixStore(tmp_path / "prefixes"), tiny)
    (file,) = (tmp_path / "prefixes").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[5000] ^= 1
    file.write_bytes(content)


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size - 1)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def foreign(file: Path) -> None:
    file.write_bytes(b"PK\x03\x04" * 5000)


def garbled(file: Path) -> None:
    file.write_bytes(b"assistant prefix 1\n{not json" + bytes(9000))


def of_another(file: Path) -> None:
    file.write_bytes(file.read_bytes().replace(file.stem.encode(), b"0" * 64))


def not_a_table(file: Path) -> None:
    file.write_bytes(b"assistant prefix 1\n[1, 2]".ljust(4096) + bytes(9000))


@pytest.mark.parametrize("damage", [flip, cut, empty, foreign, garbled, of_another, not_a_table])
def test_a_damaged_file_is_told_left_out_and_written_anew(
    tiny: LanguageModel, tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: object
) -> None:
    store = PrefixStore(tmp_path)
    kept(store, tiny)
    (file,) = tmp_path.iterdir()
    assert callable(damage)
    damage(file)
    with caplog.at_level(logging.WARNING):
        assert store.restore(tiny, PREFIX) is None
    assert len(caplog.records) == 1
    kept(store, tiny)
    assert store.restore(tiny, PREFIX) is not None


def test_the_least_recently_used_make_room(tiny: LanguageModel, tmp_path: Path) -> None:
    store = PrefixStore(tmp_path)
    third = tuple(b"And a third text" * 8)
    kept(store, tiny, PREFIX[:120])
    kept(store, tiny, OTHER)
    on_disk = [file.stat().st_blocks * 512 for file in tmp_path.iterdir()]
    for place, file in enumerate(sorted(tmp_path.iterdir(), key=lambda one: one.stat().st_mtime_ns)):
        os.utime(file, (1_000_000 + place, 1_000_000 + place))
    assert store.restore(tiny, PREFIX[:120]) is not None  # used later than the other
    store = PrefixStore(tmp_path, limit_bytes=sum(on_disk) + on_disk[0] // 2)
    kept(store, tiny, third)
    assert store.restore(tiny, OTHER) is None
    assert store.restore(tiny, PREFIX[:120]) is not None
    assert store.restore(tiny, third) is not None


def test_a_prefix_beyond_the_limit_is_not_stored(tiny: LanguageModel, tmp_path: Path) -> None:
    store = PrefixStore(tmp_path, limit_bytes=10_000)
    kept(store, tiny)
    assert list(tmp_path.iterdir()) == []


def test_drafts_of_a_power_cut_and_other_peoples_files(tiny: LanguageModel, tmp_path: Path) -> None:
    (tmp_path / "abc.new").write_bytes(b"half")
    (tmp_path / "notes.txt").write_bytes(b"mine")
    kept(PrefixStore(tmp_path), tiny)
    assert not (tmp_path / "abc.new").exists()
    assert (tmp_path / "notes.txt").exists()


def test_a_folder_that_can_not_be_written_costs_only_the_store(
    tiny: LanguageModel, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_bytes(b"")
    store = PrefixStore(tmp_path / "file" / "prefixes")
    with caplog.at_level(logging.WARNING):
        kept(store, tiny)
        assert store.restore(tiny, PREFIX) is None
    assert caplog.records
