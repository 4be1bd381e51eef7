"""The demonstration: spoken sentences go the whole road for real, from samples of air to samples of air."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.table import Table

from assistant.acting.converse import Said
from assistant.acting.trace import stage_ms
from assistant.audio import resample
from assistant.core.audio import RATE_HZ, SAMPLE_BYTES
from assistant.core.errors import AssistantError
from assistant.core.ports import Voice
from assistant.core.turn import Nothing, OutcomeStatus, Source, Transcript, Turn
from assistant.core.turn import Stage as Moment
from assistant.daemon.body import Body
from assistant.daemon.brain import Brain
from assistant.daemon.config import Config
from assistant.daemon.stage import Stage, with_home, with_stage
from assistant.speech import voice_for

GOOD = frozenset(
    {OutcomeStatus.DONE, OutcomeStatus.TOLD, OutcomeStatus.ASKED, OutcomeStatus.ASSUMED, OutcomeStatus.PARTLY}
)
QUIET_S = 1.0
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """What is said in the demonstration of one language."""

    wake: str
    sentences: tuple[str, ...]
    after_question: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shown:
    """One sentence and what came of it; `turn` is None when nothing was heard."""

    said: str
    turn: Turn | None

    @property
    def is_good(self) -> bool:
        """Heard, understood and done (or answered, or asked back)."""
        return self.turn is not None and bool(self.turn.outcomes) and all(o.status in GOOD for o in self.turn.outcomes)


@dataclass(slots=True)
class DemoResult:
    """The whole demonstration."""

    shown: list[Shown] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def good(self) -> int:
        """Sentences that went the whole road."""
        return sum(shown.is_good for shown in self.shown)

    @property
    def is_good(self) -> bool:
        """At least two of three sentences went the whole road."""
        return bool(self.shown) and self.good * 3 >= len(self.shown) * 2

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        rows = [
            {
                "said": shown.said,
                "heard": shown.turn.transcript.text if shown.turn else None,
                "done": [outcome.status.value for outcome in shown.turn.outcomes] if shown.turn else [],
                "answered": shown.turn.reply.text if shown.turn and shown.turn.reply else None,
                "stage_ms": stage_ms(shown.turn) if shown.turn else {},
                "good": shown.is_good,
            }
            for shown in self.shown
        ]
        return {"good": self.good, "n": len(self.shown), "remarks": self.remarks, "sentences": rows}


async def play_demo(config: Config, progress: Progress | None) -> DemoResult:
    """Play it in a home of its own; `progress` gets a line per sentence."""
    scene = _scene(config.settings.general.language)
    result = DemoResult()

    async def work(brain: Brain) -> None:
        await _Demo(brain, scene, result, progress or _ignore).play()

    await with_home(config, work)
    return result


def _ignore(_: str) -> None:
    """Nobody watches."""


def _scene(language: str) -> Scene:
    data = tomllib.loads((Path(__file__).parent / "demos" / f"{language}.toml").read_text(encoding="utf-8"))
    return Scene(data["wake"], tuple(data["sentences"]), frozenset(data["after_question"]))


class _Demo:
    def __init__(self, brain: Brain, scene: Scene, result: DemoResult, tell: Progress) -> None:
        self._brain = brain
        self._scene = scene
        self._result = result
        self._tell = tell

    async def play(self) -> None:
        """Speak every sentence, or type them where no voice here is understood by the recogniser."""
        person = self._person()
        if person is None:
            await self._type_all()
            return

        async def speak_all(stage: Stage) -> None:
            self._note_parts(stage.body, person)
            for sentence in self._scene.sentences:
                self._keep(Shown(sentence, await stage.hear(await self._spoken(sentence, person))))

        try:
            await with_stage(self._brain, speak_all)
        finally:
            await person.close()

    def _person(self) -> Voice | None:
        """The voice that plays the person; None, with a remark, where there is none that is understood."""
        settings = self._brain.config.settings
        if not self._scene.wake:
            self._result.remarks.append("no synthetic voice of this language is understood by its recogniser: typed")
            return None
        wanted = settings.voice.model_copy(update={"engine": "piper", "voice": ""})
        try:
            return voice_for(wanted, settings.general.language, self._brain.models)
        except AssistantError as error:
            self._result.remarks.append(f"sentences are typed, not spoken: {error}")
            return None

    def _note_parts(self, body: Body, person: Voice) -> None:
        if body.choice is None:
            self._result.remarks.append(f"nothing is heard: {body.deaf_why}")
            return
        self._result.remarks += [
            f"recogniser: {body.choice.recogniser.name} ({body.choice.why})",
            f"voices: the person speaks with {person.name}, the assistant with {body.engine.name}",
            "air: buffers in real time instead of a sound card; everything else is the product itself",
        ]

    async def _spoken(self, sentence: str, voice: Voice) -> bytes:
        text = sentence if sentence in self._scene.after_question else f"{self._scene.wake}, {sentence}"
        chunks = [chunk async for chunk in voice.synthesize(text)]
        pcm = b"".join(chunk.pcm for chunk in chunks)
        return resample(pcm, chunks[0].rate_hz) + bytes(int(RATE_HZ * QUIET_S) * SAMPLE_BYTES)

    async def _type_all(self) -> None:
        language = self._brain.config.settings.general.language
        for sentence in self._scene.sentences:
            said = Said(Transcript(sentence, language, "typed"), Source.TYPED, "demo")
            self._keep(Shown(sentence, await self._brain.conversation.take(said)))

    def _keep(self, shown: Shown) -> None:
        self._result.shown.append(shown)
        answer = shown.turn.reply.text if shown.turn and shown.turn.reply else "(nothing was heard)"
        self._tell(f"{'✓' if shown.is_good else '✗'} {shown.said} → {answer}")


COLUMNS = (Moment.ENDPOINT, Moment.TRANSCRIPT, Moment.PLAN, Moment.ACTED, Moment.FIRST_SOUND)


def table_of(result: DemoResult) -> Table:
    """Said, heard, done, answered, and the milliseconds of each stage."""
    table = Table("", "said and heard", "done", "answered", "end", "words", "plan", "act", "sound", expand=False)
    for column in table.columns[4:]:
        column.justify = "right"
        column.no_wrap = True
    for shown in result.shown:
        if shown.turn is None:
            table.add_row("✗", f"{shown.said}\n(not heard)")
            continue
        turn, took = shown.turn, stage_ms(shown.turn)
        what = ", ".join(outcome.status.value for outcome in turn.outcomes) or _why_nothing(turn)
        said = shown.said if turn.transcript.text == shown.said else f"{shown.said}\n→ {turn.transcript.text}"
        times = (f"{took[stage.value]:.0f}" if stage.value in took else "" for stage in COLUMNS)
        answered = turn.reply.text if turn.reply else ""
        table.add_row("✓" if shown.is_good else "✗", said, what, answered, *times)
    table.caption = (
        f"{result.good} of {len(result.shown)} sentences went the whole road. Milliseconds: end of speech noticed, "
        "words recognised, plan made, acted (and confirmed by the device), first sound of the answer. → shows what "
        "was heard where it differs."
    )
    return table


def _why_nothing(turn: Turn) -> str:
    plan = turn.understood.plan if turn.understood else None
    return plan.key if isinstance(plan, Nothing) else turn.error
