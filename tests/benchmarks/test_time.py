"""The benchmark of times: which answers it calls right, and what it makes of each form of data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.core.errors import InputError
from assistant.core.schedule import Repeat
from assistant.core.values import (
    Direction,
    Grain,
    Instant,
    Interval,
    Kind,
    Length,
    Meaning,
    Measure,
    Number,
    Open,
    Ordinal,
    Recurrence,
    Unit,
)
from benchmarks import time_duckling, time_lingua, time_recognizers
from benchmarks.time import Reader
from benchmarks.time_cases import Case, cases_of
from benchmarks.time_exclusions import exclusions, kind_excluded
from benchmarks.time_wanted import Verdict, back_by, cut, judge, on_by

NOON = datetime(2013, 2, 12, 12, tzinfo=UTC)
MONDAY = datetime(2013, 2, 18, 9)
FORMS = (
    (time_duckling.knows, time_duckling.make),
    (time_recognizers.knows, time_recognizers.make),
    (time_lingua.knows, time_lingua.make),
)


def duckling(expected: Mapping[str, object] | None, name: str = "time", **more: object) -> Case:
    row = {"text": "x", "expected": expected, "section": "s", "reference": NOON.isoformat(), "lang": "en", **more}
    return time_duckling.make(name, row, "")


def recognizers(kind: str, value: Mapping[str, str], name: str = "datetime-DateTimeModel") -> Case:
    result = {"text": "x", "type": f"datetimeV2.{kind}", "resolution": {"values": [value]}, "timex": [value["timex"]]}
    row = {"input": "x", "reference": "2013-02-12T12:00:00", "results": [result]}
    case = time_recognizers.make(name, row, "")
    assert case is not None
    return case


def verdict(case: Case, *answers: Meaning) -> Verdict:
    assert case.wanted is not None
    return judge(case.wanted, answers)


def at(hour: int, minute: int = 0, day: int = 12) -> datetime:
    return datetime(2013, 2, day, hour, minute, tzinfo=UTC)


def rule(text: str, start: datetime = MONDAY) -> Recurrence:
    return Recurrence(Repeat(text, start))


def test_an_instant_is_right_with_its_moment_and_its_unit() -> None:
    case = duckling({"kind": "instant", "value": at(15).isoformat(), "grain": "hour"})
    assert verdict(case, Instant(at(15), Grain.HOUR)) is Verdict.RIGHT
    assert verdict(case, Instant(at(15), Grain.MINUTE)) is Verdict.WRONG
    assert verdict(case, Instant(at(16), Grain.HOUR)) is Verdict.WRONG
    assert verdict(case, Interval(at(15), at(16), Grain.HOUR)) is Verdict.WRONG
    assert verdict(case) is Verdict.NONE


def test_only_the_first_answer_counts() -> None:
    case = duckling({"kind": "number", "value": 7}, "numeral")
    assert verdict(case, Number(8), Number(7)) is Verdict.WRONG


def test_an_interval_is_right_with_both_ends() -> None:
    case = duckling({"kind": "interval", "from": at(9).isoformat(), "to": at(12).isoformat(), "grain": "hour"})
    assert verdict(case, Interval(at(9), at(12), Grain.HOUR)) is Verdict.RIGHT
    assert verdict(case, Interval(at(9), at(11), Grain.HOUR)) is Verdict.WRONG
    assert verdict(case, Interval(at(8), at(12), Grain.HOUR)) is Verdict.WRONG


def test_an_open_end_is_right_with_its_side() -> None:
    case = duckling({"kind": "open", "direction": "after", "value": at(9).isoformat(), "grain": "hour"})
    assert verdict(case, Open(Direction.AFTER, at(9), Grain.HOUR)) is Verdict.RIGHT
    assert verdict(case, Open(Direction.BEFORE, at(9), Grain.HOUR)) is Verdict.WRONG


@pytest.mark.parametrize(
    ("expected", "amounts", "is_right"),
    [
        ({"n": 90, "unit": "minute", "seconds": 5400}, ((1, Grain.HOUR), (30, Grain.MINUTE)), True),
        ({"n": 90, "unit": "minute", "seconds": 5400}, ((1, Grain.HOUR),), False),
        ({"n": 27, "unit": "month"}, ((2, Grain.YEAR), (3, Grain.MONTH)), True),
        ({"n": 27, "unit": "month"}, ((2, Grain.YEAR),), False),
        ({"n": 3, "unit": "quarter"}, ((9, Grain.MONTH),), True),
        ({"n": 2, "unit": "month"}, ((60, Grain.DAY),), False),
    ],
)
def test_lengths_are_compared_whatever_units_said_them(
    expected: Mapping[str, object], amounts: tuple[tuple[float, Grain], ...], is_right: bool
) -> None:
    case = duckling({"kind": "duration", **expected}, "duration")
    assert case.kinds == {Kind.LENGTH}
    assert (verdict(case, Length(amounts)) is Verdict.RIGHT) == is_right


def test_holidays_latent_times_and_negatives_are_counted_apart() -> None:
    feast = {"kind": "instant", "value": at(0).isoformat(), "grain": "day", "holiday": "A Feast"}
    assert (duckling(feast).part, duckling(feast).is_headline) == ("holiday", False)
    latent = duckling({"kind": "instant", "value": at(7).isoformat(), "grain": "hour"}, latent=True)
    assert (latent.part, latent.is_headline, latent.reading.is_latent_wanted) == ("latent", False, True)
    assert (duckling(None).part, duckling(None).wanted) == ("negative", None)


def test_the_region_of_a_row_is_its_locale() -> None:
    case = duckling({"kind": "instant", "value": at(0).isoformat(), "grain": "day"}, region="GB")
    assert case.reading.locale == "en-GB"


def test_years_that_no_datetime_holds_are_excluded_by_their_form() -> None:
    assert kind_excluded("time", '{"kind": "instant", "value": "-0044-03-15T00:00:00+00:00"}') == "before_year_one"
    assert not kind_excluded("time", '{"kind": "instant", "value": "0044-03-15T00:00:00-05:00"}')
    assert all(each.reason for each in exclusions())


@pytest.mark.parametrize(
    ("answer", "is_right"),
    [
        (Instant(at(7, 30, 13), Grain.MINUTE), True),
        (Instant(at(7, 30, 14), Grain.MINUTE), False),
        (Instant(at(7, 31, 13), Grain.MINUTE), False),
    ],
)
def test_a_time_of_day_is_that_of_today_or_tomorrow(answer: Instant, is_right: bool) -> None:
    case = recognizers("time", {"timex": "T07:30", "type": "time", "value": "07:30:00"})
    assert (verdict(case, answer) is Verdict.RIGHT) == is_right


def test_a_date_is_right_whatever_time_of_it() -> None:
    case = recognizers("date", {"timex": "2013-02-15", "type": "date", "value": "2013-02-15"})
    assert verdict(case, Instant(at(0, 0, 15), Grain.DAY)) is Verdict.RIGHT
    assert verdict(case, Instant(at(0, 0, 16), Grain.DAY)) is Verdict.WRONG


def test_the_last_second_of_a_day_is_its_end() -> None:
    case = recognizers("datetime", {"timex": "x", "type": "datetime", "value": "2013-02-13 23:59:59"})
    assert verdict(case, Instant(at(0, 0, 14), Grain.HOUR)) is Verdict.RIGHT
    assert verdict(case, Instant(at(23, 59, 13), Grain.MINUTE)) is Verdict.WRONG


def test_a_length_in_years_and_months_is_a_share_of_365_days() -> None:
    case = recognizers("duration", {"timex": "P2.5Y", "type": "duration", "value": str(2.5 * 365 * 86400)})
    assert verdict(case, Length(((2, Grain.YEAR), (6, Grain.MONTH)))) is Verdict.RIGHT
    assert verdict(case, Length(((2, Grain.YEAR),))) is Verdict.WRONG


def test_a_date_that_does_not_exist_must_not_be_found() -> None:
    case = recognizers("date", {"timex": "XXXX-02-31", "type": "date", "value": "not resolved"})
    assert verdict(case) is Verdict.RIGHT
    assert verdict(case, Instant(at(0), Grain.DAY)) is Verdict.WRONG


def test_the_end_of_a_range_may_be_named_or_exclusive() -> None:
    case = recognizers("timerange", {"timex": "(T09,T11,PT2H)", "start": "09:00:00", "end": "11:00:00"})
    assert verdict(case, Interval(at(9), at(12), Grain.HOUR)) is Verdict.RIGHT
    assert verdict(case, Interval(at(9), at(11), Grain.HOUR)) is Verdict.RIGHT
    assert verdict(case, Interval(at(9), at(13), Grain.HOUR)) is Verdict.WRONG


def test_a_unit_is_a_range_too() -> None:
    case = recognizers("daterange", {"timex": "2013-03", "start": "2013-03-01", "end": "2013-04-01"})
    march = datetime(2013, 3, 1, tzinfo=UTC)
    assert verdict(case, Instant(march, Grain.MONTH)) is Verdict.RIGHT
    assert verdict(case, Instant(march, Grain.WEEK)) is Verdict.WRONG


def test_an_open_range_has_one_end() -> None:
    case = recognizers("daterange", {"timex": "2013-03-01", "start": "2013-03-01", "Mod": "since"})
    march = datetime(2013, 3, 1, tzinfo=UTC)
    assert verdict(case, Open(Direction.AFTER, march, Grain.DAY)) is Verdict.RIGHT
    assert verdict(case, Interval(march, march + timedelta(days=1), Grain.DAY)) is Verdict.WRONG


@pytest.mark.parametrize(
    ("timex", "answer", "is_right"),
    [
        ("P1D", rule("FREQ=DAILY"), True),
        ("P1D", rule("FREQ=DAILY;INTERVAL=2"), False),
        ("P2W", rule("FREQ=WEEKLY;INTERVAL=2"), True),
        ("P3M", rule("FREQ=MONTHLY;INTERVAL=3"), True),
        ("P0.5Y", rule("FREQ=MONTHLY;INTERVAL=6"), True),
        ("P1Y", rule("FREQ=YEARLY"), True),
        ("P1Y", rule("FREQ=MONTHLY"), False),
        ("P1WD", rule("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"), True),
        ("P1WD", rule("FREQ=DAILY"), False),
        ("P1WE", rule("FREQ=WEEKLY;BYDAY=SA,SU", datetime(2013, 2, 16, 9)), True),
        ("T09", rule("FREQ=DAILY"), True),
        ("T10", rule("FREQ=DAILY"), False),
        ("TMO", rule("FREQ=DAILY"), True),
        ("TNI", rule("FREQ=DAILY"), False),
        ("XXXX-WXX-1T09", rule("FREQ=WEEKLY;BYDAY=MO"), True),
        ("XXXX-WXX-1T09:30", rule("FREQ=WEEKLY;BYDAY=MO"), False),
        ("XXXX-WXX-2", rule("FREQ=WEEKLY;BYDAY=MO"), False),
        ("XXXX-02-18", rule("FREQ=YEARLY"), True),
        ("XXXX-XX-18", rule("FREQ=MONTHLY"), True),
        ("P1D", rule("FREQ=SOMETIMES"), False),
    ],
)
def test_a_rule_is_judged_by_its_times(timex: str, answer: Recurrence, is_right: bool) -> None:
    case = recognizers("set", {"timex": timex, "value": "not resolved"})
    assert (verdict(case, answer) is Verdict.RIGHT) == is_right


def test_every_other_is_every_second() -> None:
    result = {"text": "every other monday", "type": "set", "resolution": {}, "timex": "XXXX-WXX-1"}
    row = {"input": "every other monday", "reference": "2013-02-12T12:00:00", "results": [result]}
    case = time_recognizers.make("datetime-SetParser", row, "")
    assert case is not None
    assert verdict(case, rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO")) is Verdict.RIGHT
    assert verdict(case, rule("FREQ=WEEKLY;BYDAY=MO")) is Verdict.WRONG


def test_measures_need_number_and_unit() -> None:
    result = {"text": "20 C", "type": "temperature", "resolution": {"value": "20", "unit": "C"}}
    row = {"input": "20 C", "reference": None, "results": [result]}
    case = time_recognizers.make("unit-TemperatureModel", row, "")
    assert case is not None
    assert verdict(case, Measure(20, Unit.CELSIUS)) is Verdict.RIGHT
    assert verdict(case, Measure(20, Unit.FAHRENHEIT)) is Verdict.WRONG


def test_only_measures_of_a_set_are_its_business() -> None:
    row = {"input": "20 percent of 3 litres", "reference": None, "results": []}
    case = time_recognizers.make("unit-TemperatureModel", row, "")
    assert case is not None
    assert Unit.CELSIUS in case.units
    assert not case.units & {Unit.PERCENT, Unit.LITRE}
    assert Reader().read(case) == []


def test_what_a_mode_leaves_out_is_no_negative() -> None:
    row = {"input": "this quarter", "reference": "2013-02-12T12:00:00", "results": []}
    assert time_recognizers.make("datetime-DateTimeModelTasksMode", row, "") is None
    assert time_recognizers.make("datetime-DateTimeModel", row, "") is not None


def test_the_last_but_one_is_an_ordinal() -> None:
    result = {"text": "x", "type": "ordinal.relative", "resolution": {"value": "end-1"}}
    case = time_recognizers.make("number-OrdinalModel", {"input": "x", "reference": None, "results": [result]}, "")
    assert case is not None
    assert verdict(case, Ordinal(-1)) is Verdict.RIGHT


def lingua(expected: str, **more: object) -> Case:
    return time_lingua.make(
        "extract-datetime", {"input": "x", "reference": "2013-02-12T12:00:00", "expected": expected, **more}, ""
    )


def test_midnight_of_lingua_franca_is_a_day() -> None:
    assert verdict(lingua("2013-02-14T00:00:00"), Instant(at(8, 0, 14), Grain.HOUR)) is Verdict.RIGHT
    assert verdict(lingua("2013-02-14T06:00:00"), Instant(at(8, 0, 14), Grain.HOUR)) is Verdict.WRONG


def test_the_default_time_of_a_row_is_no_part_of_what_was_said() -> None:
    assert (
        verdict(lingua("2013-02-26T15:04:00", default_time="15:04"), Instant(at(0, 0, 26), Grain.DAY)) is Verdict.RIGHT
    )
    assert verdict(lingua("2013-02-26T15:04:00"), Instant(at(0, 0, 26), Grain.DAY)) is Verdict.WRONG


def test_years_from_now_may_be_as_exact_as_they_were_said() -> None:
    february = Instant(datetime(2016, 2, 1, tzinfo=UTC), Grain.MONTH)
    assert verdict(lingua("2016-02-12T00:00:00"), february) is Verdict.RIGHT
    assert verdict(lingua("2016-02-20T00:00:00"), february) is Verdict.WRONG
    assert verdict(lingua("2017-02-12T00:00:00"), february) is Verdict.WRONG


def test_a_part_of_the_day_may_hold_its_usual_hour() -> None:
    case = lingua("2013-02-12T15:00:00")
    assert verdict(case, Interval(at(12), at(19), Grain.HOUR)) is Verdict.RIGHT
    assert verdict(case, Interval(at(0), at(12), Grain.HOUR)) is Verdict.WRONG
    assert verdict(lingua("2013-02-12T15:30:00"), Interval(at(12), at(19), Grain.HOUR)) is Verdict.WRONG


def test_a_length_and_a_rule_have_a_first_moment() -> None:
    assert verdict(lingua("2013-02-12T12:30:00"), Length(((30, Grain.MINUTE),))) is Verdict.RIGHT
    assert verdict(lingua("2013-02-18T09:00:00"), rule("FREQ=WEEKLY;BYDAY=MO")) is Verdict.RIGHT
    assert verdict(lingua("2013-02-19T09:00:00"), rule("FREQ=WEEKLY;BYDAY=MO")) is Verdict.WRONG


def test_units_have_a_start_and_neighbours() -> None:
    assert cut(at(15, 20), Grain.WEEK) == at(0, 0, 11)
    assert cut(at(15, 20), Grain.QUARTER) == datetime(2013, 1, 1, tzinfo=UTC)
    assert on_by(datetime(2013, 12, 1, tzinfo=UTC), Grain.QUARTER) == datetime(2014, 3, 1, tzinfo=UTC)
    assert back_by(datetime(2013, 1, 31, tzinfo=UTC), Grain.MONTH) == datetime(2012, 12, 31, tzinfo=UTC)


def test_each_file_of_a_folder_is_read_by_its_form(tmp_path: Path) -> None:
    rows = {
        "time.more.jsonl": {"text": "x", "expected": None, "section": "s"},
        "extract-duration.jsonl": {"input": "x", "seconds": 60},
        "datetime-SetParser.jsonl": {"input": "x", "reference": None, "results": []},
        "other.jsonl": {"utterance": "x"},
    }
    for name, row in rows.items():
        (tmp_path / name).write_text(json.dumps(row) + "\n")
    assert [case.set for case in cases_of(tmp_path, FORMS, "")] == ["datetime-SetParser", "extract-duration", "time"]


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "time.jsonl").write_text('{"text": "x", "expected": null, "section": "s"}\n{"text": \n')
    with pytest.raises(InputError, match=r"time\.jsonl line 2"):
        list(cases_of(tmp_path, FORMS, ""))
