"""Runs one benchmark by name, prints its figures as a table and writes them as JSON."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from assistant.core.errors import AssistantError
from benchmarks.report import print_table, write_json

_FOLDER = Path(__file__).parent
_USAGE_ERROR = 2


def names() -> tuple[str, ...]:
    """Modules of this package that are benchmarks: those that set NAME."""
    modules = (path for path in sorted(_FOLDER.glob("*.py")) if not path.stem.startswith("_"))
    return tuple(path.stem for path in modules if "\nNAME = " in path.read_text(encoding="utf-8"))


def parser_for(benchmark: ModuleType | None) -> argparse.ArgumentParser:
    """The arguments that all benchmarks share, and the benchmark's own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=names(), help="what to measure")
    parser.add_argument("--data", type=Path, help="folder with the data")
    parser.add_argument("--lang", default="", help="language of the data [default: from the data, else en]")
    parser.add_argument("--limit", type=int, default=0, help="measure only so many cases")
    parser.add_argument("--engine", default="", help="measure only this engine")
    parser.add_argument("--peer", action="store_true", help="measure a peer in the same run, where one can be")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    if benchmark is not None:
        benchmark.add_arguments(parser)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; 0 when it could be measured, 1 with the reason when not, 2 for wrong arguments."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    given[:1] = [name.replace("-", "_") for name in given[:1]]
    wanted = given[0] if given and given[0] in names() else None
    benchmark = importlib.import_module(f"benchmarks.{wanted}") if wanted else None
    args = parser_for(benchmark).parse_args(given)
    if benchmark is None:
        print("the name of the benchmark comes first", file=sys.stderr)
        return _USAGE_ERROR
    if args.data is not None and not args.data.is_dir():
        print(f"--data: no such folder: {args.data}", file=sys.stderr)
        return _USAGE_ERROR
    try:
        figures = benchmark.measure(args)
    except AssistantError as error:
        print(error, file=sys.stderr)
        return 1
    print_table(args.name, figures)
    if args.json is not None:
        write_json(args.json, figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
