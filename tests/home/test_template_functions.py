"""What Home Assistant has beyond plain Jinja, as programs in the field use it, and its limits."""

from __future__ import annotations

import json
import time
import tracemalloc
from datetime import UTC, datetime

import pytest

from assistant.home.payload import Payload
from assistant.home.template import TemplateFault, read_value, render

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
REMOTE = """
{% set shapes = [
  {"pattern": '^(?P<which>(?:key_)?[a-z0-9]+)_(?P<action>(?:tap|hold)(?:_end)?)$', "groups": ["which", "action"]},
  {"pattern": '^(?P<action>scene)_(?P<number>[0-9]{1,2})$', "groups": ["action", "number"]}
] %}
{% set told = value_json.action|default('') %}
{% set ns = namespace(pairs=[('action', told)]) %}
{% for shape in shapes %}
  {% set m = told|regex_findall(shape.pattern) %}
  {% if m[0] is undefined %}{% continue %}{% endif %}
  {% for key, value in zip(shape.groups, m[0]) %}
    {% set ns.pairs = ns.pairs|rejectattr(0, 'eq', key)|list + [(key, value)] %}
  {% endfor %}
{% endfor %}
{% set ns.pairs = ns.pairs + [('event_type', ns.pairs|selectattr(0, 'eq', 'action')|map(attribute=1)|first)] %}
{{ dict.from_keys(ns.pairs|rejectattr(0, 'eq', 'action')|reject('eq', ('event_type', ''))) | to_json }}
"""
"""In the manner of the templates that tell a remote's buttons apart."""


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("key_2_hold_end", {"which": "key_2", "event_type": "hold_end"}),
        ("scene_7", {"number": "7", "event_type": "scene"}),
        ("wave", {"event_type": "wave"}),
    ],
)
def test_a_template_may_take_a_remotes_words_apart(action: str, told: dict[str, str]) -> None:
    assert json.loads(read_value(REMOTE, Payload(json.dumps({"action": action}).encode()))) == told


@pytest.mark.parametrize(
    ("source", "payload", "value"),
    [
        ("{{ value | regex_replace('[^0-9.]', '') }}", "21.5 C", "21.5"),
        ("{{ value | regex_match('on') }}", "online", "True"),
        ("{{ value | regex_search('line$') }}", "online", "True"),
        ("{{ value | regex_findall_index('[0-9]+', 1) }}", "a1 b22", "22"),
        ("{{ value is match('on') }}", "off", "False"),
        ("{{ is_number(value) }}", "1e3", "True"),
        ("{{ value | is_number }}", "nan", "False"),
        ("{{ value | round(1) }}", "21.46", "21.5"),
        ("{{ value | round }}", "21.5", "22"),
        ("{{ value | round(0, 'floor') }}", "21.9", "21"),
        ("{{ value | round(1, default=0) }}", "x", "0"),
        ("{{ value | multiply(2) | add(1) }}", "3", "7.0"),
        ("{{ value | multiply(2, default=5) }}", "x", "5"),
        ("{{ value | int(base=16) }}", "ff", "255"),
        ("{{ value | bitwise_and(6) }}", "12", "4"),
        ("{{ value | base64_decode }}", "aGk=", "hi"),
        ("{{ value | slugify }}", "Café  au lait", "cafe_au_lait"),
        ("{{ [1, 2, 6] | average }}", "", "3.0"),
        ("{% for n in range(3) %}{{ n }}{% endfor %}", "", "012"),
        ("{{ value_json | to_json }}", '{"b": "ü"}', '{"b": "ü"}'),
        ("{{ as_timestamp(now()) | int }}", "", str(int(NOON.timestamp()))),
        ("{{ (as_timestamp(utcnow()) - 60) | timestamp_custom('%H:%M', false) }}", "", "11:59"),
        ("{{ 0 | timestamp_utc }}", "", "1970-01-01T00:00:00+00:00"),
        ("{{ as_datetime(value).strftime('%d.%m.') }}", "2026-12-24T18:00:00", "24.12."),
        ("{{ as_timestamp(value, 7) }}", "soon", "7"),
        ("{{ value_json.a | default | bool }}", "{}", "False"),
        ("{% for n in [1, 2, 3] %}{% if n == 2 %}{% break %}{% endif %}{{ n }}{% endfor %}", "", "1"),
    ],
)
def test_what_home_assistant_adds_works(source: str, payload: str, value: str) -> None:
    assert read_value(source, Payload(payload.encode(), NOON)) == value


BOMBS = {
    "nested repeats": "{{ value | regex_match('(a+)+$') }}",
    "alternatives in a repeat": "{{ value | regex_match('(a|a)*$') }}",
    "many optional": "{{ value | regex_match('" + "a?" * 40 + "$') }}",
    "many stars": "{{ value | regex_search('" + "a*" * 8 + "b') }}",
    "counted": "{{ value | regex_search('(?:a{1,99}){1,99}b') }}",
    "long pattern": "{{ value | regex_search('" + "a" * 2_000 + "') }}",
    "groups again": "{{ value | regex_replace('(.*)', '" + "\\\\1" * 500 + "') }}",
    "replacing nothing": "{{ value | regex_replace('', value) | regex_replace('', value) | length }}",
    "indented json": "{{ [[[1]]] | to_json(indent=100000000) }}",
    "indented stock json": "{{ [[[1]]] | tojson(indent=100000000) | length }}",
    "fine rounding": "{{ 1.5 | round(1000000000, 'ceil') }}",
    "long range": "{{ range(1000000000) | length }}",
    "wide moment": "{{ now().strftime('%999999999Y') }}",
    "wide custom": "{{ 0 | timestamp_custom('%_999999999d') }}",
    "wide separator": "{{ range(5000) | join(value ~ value ~ value) | length }}",
    "namespace in itself": "{% set ns = namespace(a=1) %}{% set ns.a = ns %}{{ ns }}",
    "namespace as a list": "{% set ns = namespace(a=[1]) %}"
    + "{% set ns.a = [ns.a, ns.a] %}" * 60
    + "{{ ns.a }}{{ [ns] }}",
}


@pytest.mark.parametrize("source", BOMBS.values(), ids=BOMBS)
def test_none_of_it_costs_much_time_or_memory(source: str) -> None:
    payload = Payload(b"a" * 3_000)
    tracemalloc.start()
    before = time.perf_counter()
    try:
        text = read_value(source, payload)
    except TemplateFault:
        text = ""
    spent_s, (_, peak) = time.perf_counter() - before, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(text) < 200
    assert spent_s < 2.0
    assert peak < 30_000_000


@pytest.mark.parametrize(
    "source",
    [
        "{{ now().replace(year=1) }}",
        "{{ now().__class__ }}",
        "{{ now().tzinfo.utcoffset(now()) }}",
        "{{ dict.__call__(a=1) }}",
        "{{ dict.from_keys.__globals__ }}",
        "{{ zip.__code__ }}",
        "{{ namespace.__init__.__globals__ }}",
        "{% set ns = namespace() %}{{ ns._Namespace__attrs }}",
        "{{ value | regex_findall('(') }}",
        "{{ value | regex_findall('(?<=a+)b') }}",
    ],
)
def test_there_is_no_way_out_through_them(source: str) -> None:
    try:
        text = render(source, {"value": "x"}, NOON)
    except TemplateFault:
        return
    assert text == ""
