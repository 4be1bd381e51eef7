"""Makes a recogniser of fewer words out of a Vosk model with a graph of look-ahead, on this machine."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np

from assistant.models.fetch import Progress
from assistant.models.graph_cut import without_labels
from assistant.models.ngram import Ngram, read_ngram, without_words, write_ngram
from assistant.models.openfst import Flags, Ints, read_lookahead, write_lookahead

_SOUNDS, _WORDS = "graph/HCLr.fst", "graph/Gr.fst"


def make_fewer_words(source: Path, target: Path, *, words: int, also: str, progress: Progress) -> None:
    """Fill `target` with the model in `source`, cut to its most frequent words and those that match `also` whole.

    Works by order and selection alone, so the same bytes come out on every machine. Raises ModelDamaged, OSError.
    """
    files = sorted(str(file.relative_to(source)) for file in source.rglob("*") if file.is_file())
    total = sum((source / file).stat().st_size for file in files)
    for file in files:
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        if file not in (_SOUNDS, _WORDS):
            shutil.copyfile(source / file, target / file)
    after_words = total - (source / _SOUNDS).stat().st_size
    progress(after_words - (source / _WORDS).stat().st_size, total)
    kept = _cut_words(source / _WORDS, target / _WORDS, words, re.compile(also))
    progress(after_words, total)
    write_lookahead(target / _SOUNDS, without_labels(read_lookahead(source / _SOUNDS), kept, _new_labels(kept)))
    progress(total, total)


def _cut_words(source: Path, target: Path, words: int, also: re.Pattern[str]) -> Flags:
    """Cut the n-grams; returns which labels were kept."""
    ngram = read_ngram(source)
    kept = _kept(ngram, words, also)
    write_ngram(target, without_words(ngram, kept, _new_labels(kept)))
    return kept


def _kept(ngram: Ngram, words: int, also: re.Pattern[str]) -> Flags:
    """True for the labels to keep; labels that are no words of the language (silence, end) are never left out."""
    # one more than the words: the end of an interval may lie behind the last
    kept = np.ones(max(ngram.symbols.words) + 2, np.bool_)
    labels, costs = ngram.single_words
    rare = labels[np.argsort(costs, kind="stable")[words:]]
    kept[rare] = [bool(also.fullmatch(ngram.symbols.words[label].decode())) for label in rare.tolist()]
    return kept


def _new_labels(kept: Flags) -> Ints:
    return (np.cumsum(kept) - kept).astype(np.int32)
