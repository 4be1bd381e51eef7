"""Finds skills and turns a file into a skill's class, without touching anything else."""

from __future__ import annotations

import importlib
import inspect as python_inspect
import itertools
import linecache
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from assistant.core.errors import SkillLoadError
from assistant.sdk.skill import Skill
from assistant.skillhost.inspect import Offers, inspect_skill
from assistant.skillhost.wordfile import read_word_files

BUNDLED_PACKAGE = "skills"
_PREFIX = "user_skill_"
_serials = itertools.count(1)


@dataclass(frozen=True, slots=True)
class SkillPlace:
    """Where a skill lies: a file, or a folder with `__init__.py`."""

    name: str
    path: Path
    is_user: bool

    @property
    def entry(self) -> Path:
        """The file that is run."""
        return self.path / "__init__.py" if self.path.is_dir() else self.path


@dataclass(frozen=True, slots=True)
class LoadedClass:
    """A skill's class, not yet running."""

    skill: type[Skill]
    offers: Offers
    module: str


def bundled_places() -> tuple[SkillPlace, ...]:
    """Skills that come with the assistant."""
    package = importlib.import_module(BUNDLED_PACKAGE)
    return tuple(
        SkillPlace(place.name, place.path, is_user=False)
        for folder in package.__path__
        for place in user_places(Path(folder))
    )


def user_places(folder: Path) -> tuple[SkillPlace, ...]:
    """Skills in a user's folder, by name; names that begin with `_` or `.` are left alone."""
    if not folder.is_dir():
        return ()
    return tuple(place for path in sorted(folder.iterdir()) if (place := user_place(path)) is not None)


def user_place(path: Path) -> SkillPlace | None:
    """The skill at this path, if there is one."""
    is_skill = path.suffix == ".py" if path.is_file() else (path / "__init__.py").is_file()
    if not is_skill or path.name.startswith(("_", ".")):
        return None
    return SkillPlace(path.stem, path, is_user=True)


def load_class(place: SkillPlace) -> LoadedClass:
    """Run the skill's module and read what it offers. Raises SkillLoadError, or whatever the module raises."""
    module = _run_user_module(place) if place.is_user else importlib.import_module(f"{BUNDLED_PACKAGE}.{place.name}")
    files = read_word_files(place.path) if place.path.is_dir() else ()
    try:
        skill = _only_skill(module, place)
        return LoadedClass(skill, inspect_skill(skill, place.name, files), module.__name__)
    except SkillLoadError:
        forget(module.__name__)
        raise


def forget(module: str) -> None:
    """Drop a user's module and its submodules; bundled ones stay."""
    if module.startswith(_PREFIX):
        for name in [name for name in sys.modules if name == module or name.startswith(f"{module}.")]:
            del sys.modules[name]


def _only_skill(module: ModuleType, place: SkillPlace) -> type[Skill]:
    found = [
        thing
        for thing in vars(module).values()
        if python_inspect.isclass(thing)
        and issubclass(thing, Skill)
        and (thing.__module__ == module.__name__ or thing.__module__.startswith(f"{module.__name__}."))
    ]
    leaves = [skill for skill in found if not any(other is not skill and issubclass(other, skill) for other in found)]
    match leaves:
        case [skill]:
            return skill
        case []:
            raise SkillLoadError(f"{place.entry}, line 1", why="it has no subclass of assistant.sdk.Skill")
        case _:
            names = ", ".join(skill.__name__ for skill in leaves)
            raise SkillLoadError(f"{place.entry}, line 1", why=f"it has several skills: {names}", fix="one per file")


def _run_user_module(place: SkillPlace) -> ModuleType:
    """A name of its own for each load, so that two versions never share anything."""
    name = f"{_PREFIX}{next(_serials)}_{place.name}"
    linecache.checkcache()
    loader = _SourceOnly(name, str(place.entry))
    folders = [str(place.path)] if place.path.is_dir() else None
    spec = spec_from_file_location(name, place.entry, loader=loader, submodule_search_locations=folders)
    if spec is None:
        raise SkillLoadError(str(place.entry), why="it is no Python file")
    module = module_from_spec(spec)
    sys.modules[name] = module
    is_run = False
    try:
        loader.exec_module(module)
        is_run = True
    finally:
        if not is_run:
            forget(name)
    return module


class _SourceOnly(SourceFileLoader):
    """Reads the source each time: no bytecode is read from, or written into, a user's folder."""

    def path_stats(self, path: str) -> Mapping[str, object]:
        """Without a file's time, importlib leaves bytecode alone."""
        raise OSError(f"no bytecode for {path}")


class _Submodules(MetaPathFinder):
    """Gives the modules inside a user's folder skill the same loader."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Only names below a user's skill are ours."""
        if not fullname.startswith(_PREFIX) or path is None:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _SourceOnly(spec.loader.name, spec.loader.path)
        return spec


def claim_submodules() -> None:
    """Let Python find the modules inside users' folder skills; calling it again changes nothing."""
    if not any(isinstance(finder, _Submodules) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Submodules())


def duplicates(places: Sequence[SkillPlace]) -> Iterator[tuple[SkillPlace, SkillPlace]]:
    """Later places whose name an earlier one has, each with that earlier one."""
    first: dict[str, SkillPlace] = {}
    for place in places:
        if place.name in first:
            yield place, first[place.name]
        else:
            first[place.name] = place
