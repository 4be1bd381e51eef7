"""Which form of the weights this board's processor multiplies fast."""

from __future__ import annotations

from pathlib import Path

from assistant.llm.form import Quantization

_CPU_FILE = Path("/proc/cpuinfo")
_FAST_FLAGS = frozenset({"avx2", "asimddp"})
"""Names that Linux gives to what the kernels of 8-bit blocks need: AVX2 on x86-64, dot products on 64-bit ARM."""
_KNOWN = {
    Quantization.Q8: "8 bits in blocks, for which this processor has fast kernels. Measured on x86-64 (AVX2, and "
    "AVX-512 with VNNI); for ARM with dot products (Raspberry Pi 5) speed is only estimated",
    Quantization.DQ8: "8 bits a column, because this processor has no int8 dot products. How close it is to float32 "
    "was measured on x86-64 (KL 0.007); its speed on such a board is only estimated",
    Quantization.Q4: "4 bits as in the source. Measured on x86-64 only",
}


def quantization_for(cpu: str) -> Quantization:
    """The form for a processor that Linux describes so (the text of /proc/cpuinfo).

    Blocks of 8 bits where they are fast; else one scale a column, whose plain int8 kernels exist everywhere.
    """
    return Quantization.Q8 if _FAST_FLAGS & set(cpu.lower().split()) else Quantization.DQ8


def this_board() -> str:
    """What Linux says about the processor; empty where it says nothing."""
    return _CPU_FILE.read_text(encoding="utf-8", errors="replace") if _CPU_FILE.exists() else ""


def what_is_known(quantization: Quantization) -> str:
    """What was measured of this form, and where; what is only estimated."""
    return _KNOWN[quantization]
