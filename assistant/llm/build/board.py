"""Which form of the weights this board's processor multiplies fast."""

from __future__ import annotations

from pathlib import Path

from assistant.llm.form import Quantization

_CPU_FILE = Path("/proc/cpuinfo")
_FAST_FLAGS = frozenset({"avx2", "asimddp"})
"""Names that Linux gives to what the kernels of 8-bit blocks need: AVX2 on x86-64, dot products on 64-bit ARM."""


def quantization_for(cpu: str) -> Quantization:
    """The form for a processor that Linux describes so (the text of /proc/cpuinfo).

    Blocks of 8 bits where they are fast; else one scale a column, whose plain int8 kernels exist everywhere.
    """
    return Quantization.Q8 if _FAST_FLAGS & set(cpu.lower().split()) else Quantization.DQ8


def this_board() -> str:
    """What Linux says about the processor; empty where it says nothing."""
    return _CPU_FILE.read_text(encoding="utf-8", errors="replace") if _CPU_FILE.exists() else ""
