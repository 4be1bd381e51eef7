"""Korean spoken forms of dates, times and lists."""

from __future__ import annotations

from datetime import date, time

from assistant.language.words import words_for


def clock(at: time, is_24h: bool, is_named: bool = True) -> str:
    """ "오후 3시 30분", "정오", or "15시 30분"; `is_named` allows noon and midnight."""
    book = words_for("ko")
    minutes = f" {at.minute}분" if at.minute else ""
    if is_24h:
        return f"{at.hour}시{minutes}"
    if is_named and at.minute == 0 and at.hour in (0, 12):
        return book.spoken["noon" if at.hour else "midnight"]
    half = "오후" if at.hour >= 12 else "오전"
    return f"{half} {at.hour % 12 or 12}시{minutes}"


def day(when: date, with_year: bool) -> str:
    """ "11월 26일 목요일", with the year where it is needed."""
    weekday = next(name for name, each in words_for("ko").weekdays.items() if each == when.weekday())
    return (f"{when.year}년 " if with_year else "") + f"{when.month}월 {when.day}일 {weekday}"


def moment(spoken_day: str, spoken_clock: str) -> str:
    """A day and a clock time together."""
    return f"{spoken_day} {spoken_clock}"


def listed(names: tuple[str, ...]) -> str:
    """ "a, b, 그리고 c"."""
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + f", {words_for('ko').spoken['and']} {names[-1]}"


def amounts(pairs: list[tuple[str, str]]) -> str:
    """Amounts with units as people say them together."""
    return " ".join(f"{number}{unit}" for number, unit in pairs)
