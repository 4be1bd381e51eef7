"""Words come from outcomes, in the right language, and never from code in a template."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest

from assistant.acting.replier import Replier
from assistant.acting.template import check, render
from assistant.acting.words import CoreWords
from assistant.core.turn import Outcome, OutcomeStatus
from tests.acting.parts import ScriptedSkills, replier_of


def replier(words: dict[tuple[str, str, str], list[str]]) -> Replier:
    return replier_of(ScriptedSkills(words))


def told(key: str = "k", **values: object) -> Outcome:
    return Outcome(OutcomeStatus.TOLD, key, values, "s")  # type: ignore[arg-type]  # tests give what they like


def test_variants_take_turns() -> None:
    speaker = replier({("s", "k", "en"): ["a", "b"]})
    assert [speaker.reply([told()], "en").text for _ in range(3)] == ["a", "b", "a"]


def test_values_are_said_as_people_say_them_and_raw_ones_can_be_asked_for() -> None:
    template = (
        "{{ names }}, {{ length }}{% if raw.count == 1 %}, one{% endif %}{% if not is_on %}, off{% endif %}{{ gone }}."
    )
    speaker = replier({("s", "k", "en"): [template]})
    outcome = told(names=("lamp", "fan"), length=timedelta(minutes=90), count=1, is_on=False, gone=None)
    assert speaker.reply([outcome], "en").text == "lamp and fan, 1 hour and 30 minutes, one, off."


def test_moments_are_said_in_the_zone_of_the_home() -> None:
    speaker = replier({("s", "k", "en"): ["{{ at }}"]})
    text = speaker.reply([told(at=datetime(2026, 3, 1, 17, 30, tzinfo=UTC))], "en").text
    assert "6:30" in text


def test_missing_language_falls_back_to_english_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    speaker = replier({("s", "k", "en"): ["hello"]})
    assert speaker.reply([told()], "ko").text == "hello"
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


@pytest.mark.parametrize("status", list(OutcomeStatus))
@pytest.mark.parametrize("language", ["en", "ko"])
def test_an_outcome_without_words_is_told_honestly_and_logged(
    status: OutcomeStatus, language: str, caplog: pytest.LogCaptureFixture
) -> None:
    text = replier({}).reply([Outcome(status, "nowhere", {}, "s")], language).text
    assert text
    assert logging.ERROR in [record.levelno for record in caplog.records]
    if status is not OutcomeStatus.DONE:
        assert text not in CoreWords().words("done", language)


@pytest.mark.parametrize(
    "evil",
    [
        "{{ ''.__class__ }}",
        "{{ raw['__class__'] }}{{ ''['__class__'] }}",
        "{{ raw|attr('__class__') }}",
        "{{ cycler.__init__ }}",
        "{% for i in 'aaaa' %}{{ i }}{% endfor %}",
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 999999999 }}",
        "{{ ''.center(1000000000) }}",
        "{% include '/etc/passwd' %}",
        "{{ 1 / 0 }}",
        "{{ nothing_of_that_name }}",
        "{{ unfinished",
        "x" * 1001,
    ],
)
def test_an_evil_or_broken_template_is_refused_and_the_status_is_told(evil: str) -> None:
    assert replier({("s", "k", "en"): [evil]}).reply([told()], "en").text == "I have the answer, but no words for it."


def test_a_bad_template_is_named_when_a_skill_is_loaded() -> None:
    check("{% if a %}{{ a }}{% endif %}")
    with pytest.raises(ValueError, match="For is not allowed"):
        check("{% for a in b %}{% endfor %}")
    with pytest.raises(ValueError, match="TemplateSyntaxError"):
        check("{{ a")


def test_blanks_are_tidied() -> None:
    assert render("a  {% if b %} b {% endif %}\n c", {"b": None}) == "a c"


def test_successes_of_one_kind_are_told_in_one_sentence() -> None:
    speaker = replier({("s", "on", "en"): ["Turned on {{ names }}."], ("s", "off", "en"): ["Turned off {{ names }}."]})
    outcomes = [told("on", names=("a",)), told("off", names=("b",)), told("on", names=("c", "a"))]
    reply = speaker.reply(outcomes, "en")
    assert reply.text == "Turned on a and c. Turned off b."
    assert reply.outcomes == tuple(outcomes)


def test_equal_sentences_are_said_once_and_different_values_twice() -> None:
    speaker = replier({("s", "k", "en"): ["At {{ at }}."]})
    assert speaker.reply([told(at="one"), told(at="two"), told(at="one")], "en").text == "At one. At two."


def test_both_languages_have_the_same_keys() -> None:
    core = CoreWords()
    assert core.languages == ("en", "ko")
    assert core.keys("en") == core.keys("ko")


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_core_template_can_be_used(language: str) -> None:
    core = CoreWords()
    for key in core.keys(language):
        for words in core.words(key, language):
            check(words)
