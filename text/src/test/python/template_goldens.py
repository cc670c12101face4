"""Makes the golden renders of the template interpreter with transformers' own compiler.

    python template_goldens.py --gguf SmolLM2-135M-Instruct.gguf

needs jinja2 3.1.6, transformers 5.23.0 and gguf. Writes, beside the templates of our own in
src/test/resources/dev/luthier/text/template/:
  expressions.jsonl   [template, text], text null where Python refuses
  conversations.json  conversations that every template is rendered with
  templates.json      name -> source: our own (*.jinja) and SmolLM2's, read from its GGUF file
  renders.jsonl       [template, conversation, generation prompt, text or null]
"""

import argparse
import datetime
import itertools
import json
import pathlib

from transformers.utils import chat_template_utils

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE.parent / "resources/dev/luthier/text/template"
NOW = datetime.datetime(2025, 3, 7, 14, 5, 9, 120000)
SPECIAL = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"}


class FixedTime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return NOW


chat_template_utils.datetime = FixedTime


def render(source, messages, tools, prompt):
    try:
        texts, _ = chat_template_utils.render_jinja_template(
            [messages], tools=tools, chat_template=source, add_generation_prompt=prompt, **SPECIAL
        )
        return texts[0]
    except Exception:
        return None


TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Weather at a place.\nSays \"unknown\" when it is.",
            "parameters": {
                "type": "object",
                "properties": {
                    "place": {"type": "string", "description": "Town, é.g. Zürich <b>&</b>"},
                    "unit": {"type": "string", "enum": ["celsius", "fahrenheit"], "default": "celsius"},
                    "days": {"type": ["integer", "null"], "minimum": 1, "maximum": 1e2},
                    "options": {
                        "type": "object",
                        "properties": {"wind": {"type": "boolean", "default": True}},
                    },
                },
                "required": ["place"],
            },
        },
    },
    {"type": "function", "function": {"name": "now", "description": "", "parameters": {"type": "object", "properties": {}}}},
]

CALL = {"id": "call_00001", "type": "function", "function": {"name": "get_weather", "arguments": {"place": "Zürich", "days": 2, "options": {"wind": False, "height": 1.5, "tags": ["a", None]}}}}
CALL2 = {"id": "call_00002", "type": "function", "function": {"name": "now", "arguments": {}}}


def conversations():
    user = lambda text: {"role": "user", "content": text}
    answer = lambda text, **more: {"role": "assistant", "content": text, **more}
    system = lambda text: {"role": "system", "content": text}
    parts = [{"type": "text", "text": "Look: "}, {"type": "image"}, {"type": "text", "text": "what is it?"}]
    odd = "tabs\t'single' \"double\" \\ back {{ x }} {% if %} <|im_start|>\r\nemoji 😀 \u2028 é\u0301 \x07 </s>"
    weather = [user("Weather in Zürich?"), answer("", tool_calls=[CALL]), {"role": "tool", "name": "get_weather", "tool_call_id": "call_00001", "content": "{\"degrees\": 7}"}, answer("Seven degrees.")]
    return {
        "single": ([user("Hi")], None),
        "odd": ([system(odd), user(odd)], None),
        "many": ([system(" Be brief. "), user("One\n"), answer("1"), user("  Two"), answer("2\n\n"), user("Three")], None),
        "answered": ([user("Hi"), answer("Hello!")], None),
        "reasoning": ([user("2+2?"), answer("<think>\nTwo and two.\n</think>\n\n4"), user("3+3?"), answer("6", reasoning_content="\nThree twice.\n"), user("And?")], None),
        "reasoned last": ([user("2+2?"), answer("<think>easy</think>4")], None),
        "tools": ([user("Weather?")], TOOLS),
        "tools and system": ([system("Use tools."), user("Weather?"), answer("Where?"), user("Here")], TOOLS),
        "call": (weather[:2], TOOLS),
        "result": (weather[:3], TOOLS),
        "result answered": (weather, TOOLS),
        "two calls": ([user("Both"), answer(None, tool_calls=[CALL, CALL2]), {"role": "tool", "content": "7", "tool_call_id": "call_00001"}, {"role": "tool", "content": {"hour": 14}, "tool_call_id": "call_00002"}], TOOLS),
        "empty": ([system(""), user(""), answer(""), user("")], None),
        "null": ([user(None), answer(None), user("x")], None),
        "parts": ([user(parts), answer([{"type": "text", "text": "A cat."}]), user("Sure?")], None),
        "strange role": ([{"role": "critic", "content": "Hm"}, user("?")], None),
        "assistant first": ([answer("Hello"), user("Hi"), user("again")], None),
        "developer": ([{"role": "developer", "content": "Rules."}, user("Hi")], []),
        "none": ([], None),
    }


# Expressions are rendered with these messages and tools.
EXPRESSION_MESSAGES = [
    {"role": "system", "content": "You are ß İ", "n": 3, "f": 2.5, "none": None, "yes": True},
    {"role": "user", "content": " Héllo <b>&'\"\n😀 ", "list": [1, "a", None, {"k": [True]}], "empty": ""},
    {"role": "assistant", "content": None, "tool_calls": [{"function": {"name": "f", "arguments": {"b": 1, "a": "x"}}}]},
]
EXPRESSION_TOOLS = [{"name": "t1", "p": {"z": 1.0, "y": 1e20, "x": 1e-7}}, {"name": "T2", "p": {}}]

VALUES = [
    "none", "true", "false", "0", "1", "-3", "7", "2.5", "-0.0", "1e16", "''", "'a'", "'Ab c'", "'10'", "[]", "[1, 2, 3]",
    "['b', 'A', 'c']", "()", "(1,)", "('x', 2)", "{}", "{'a': 1, 'b': none}", "nope", "messages", "messages[0]",
    "messages[1].content", "messages[0].n", "range(4)", "messages[0].keys()", "namespace(a=1)", "tools[0].p",
]
BINARY = ["+", "-", "*", "/", "//", "%", "**", "~", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "and", "or"]
FILTERS = [
    "upper", "lower", "capitalize", "title", "trim", "length", "count", "first", "last", "list", "reverse|list", "reverse",
    "string", "int", "float", "abs", "round", "round(1)", "round(2, 'floor')", "round(0, 'ceil')", "default('d')", "default('d', true)", "d",
    "tojson", "tojson(indent=2)", "tojson(ensure_ascii=True)", "tojson(separators=(',', ':'))", "tojson(sort_keys=true)", "tojson(indent='--')",
    "join", "join(', ')", "join('-', attribute='role')", "sort", "sort(reverse=true)", "sort(case_sensitive=true)", "sort(attribute='role')|length",
    "unique|list", "dictsort", "dictsort(by='value')", "items|list", "map('upper')|list", "map(attribute='role')|list", "map(attribute='zz', default='q')|join(',')",
    "select|list", "reject|list", "select('string')|list", "reject('none')|list", "selectattr('content')|list|length", "rejectattr('content')|list|length",
    "selectattr('role', 'equalto', 'user')|map(attribute='content')|list", "batch(2)|list", "batch(2, 'z')|list", "slice(2)|list", "sum", "min", "max",
    "indent", "indent(2, true)", "indent('>', first=true, blank=true)", "replace('a', 'b')", "replace('', '-')", "center(9)", "truncate(3, true, '', 0)",
    "wordcount", "escape", "e", "safe", "format(1)", "attr('role')", "groupby('role')|list", "nosuchfilter", "int(9)", "float(1.5)", "int(0, 16)",
]
TESTS = [
    "defined", "undefined", "none", "boolean", "true", "false", "integer", "float", "number", "string", "mapping", "sequence", "iterable", "callable",
    "odd", "even", "divisibleby 3", "divisibleby(2)", "eq 1", "== 1", "ne 1", "gt 1", "lt 1", "ge 1", "le 1", "in [1, 'a', 7]", "lower", "upper", "sameas none", "escaped",
    "not defined", "not none", "filter", "test", "nosuchtest",
]
STRINGS = ["''", "'a'", "'  a b  '", "'aXbXc'", "'xxabcxx'", "'Hello World'", "'ÀÉß ǆ ﬁ'", "'😀x😀'", "'a\\nb\\r\\nc\\x0bd'", "'12'", "'٣'", "\"it's\"", "'o\\'neil\"s'", "'they\\'re bill-y (x)'", "messages[1].content"]
METHODS = [
    "strip()", "lstrip()", "rstrip()", "strip('xa')", "lstrip('x')", "rstrip('xc')", "strip(none)", "split()", "split('X')", "split('X', 1)", "split(none, 1)", "split('')",
    "split(sep=' ', maxsplit=1)", "rsplit()", "rsplit('X', 1)", "rsplit(none, 1)", "splitlines()", "splitlines(true)", "startswith('a')", "endswith('c')",
    "startswith(('H', 'x'))", "endswith(('d', 'x'))", "startswith('b', 1)", "startswith('x', 2, -1)", "find('b')", "rfind('X')", "index('a')", "rindex('zz')", "find('')", "find('X', 2)",
    "count('X')", "count('')", "replace('X', '--')", "replace('X', '--', 1)", "replace('', '.')", "replace('x', '', -1)", "upper()", "lower()", "title()", "capitalize()",
    "swapcase()", "casefold()", "join(['1', '2'])", "join([1])", "join({'a': 1, 'b': 2})", "partition('X')", "rpartition('X')", "removeprefix('xx')", "removesuffix('xx')",
    "center(8, '*')", "ljust(6)", "rjust(6, '.')", "zfill(5)", "isalpha()", "isdigit()", "isalnum()", "isspace()", "islower()", "isupper()", "istitle()", "isascii()",
    "isnumeric()", "isdecimal()", "isprintable()", "nosuch()", "__class__", "__class__.mro()", "__init__", "strip(1)", "split(1)", "join(5)", "startswith(1)", "upper(1)", "format()",
]
SLICES = ["[:]", "[0]", "[-1]", "[1:]", "[:-1]", "[::-1]", "[1:3]", "[::2]", "[-2:]", "[5:1:-2]", "[100:]", "[:100]", "[-100:2]", "[1 - 2:]", "[0 + 1:2 * 2]", "['a']", "[none]", "[2:1]", "[::0]", "[true]", "[1.0]", "['1':]"]
FORMATS = [
    "'%s and %s' % (1, 'b')", "'%d%%' % 5", "'%5d|%-5d|%05d' % (1, 2, 3)", "'%.2f' % 1.005", "'%x %X %o' % (255, 255, 8)", "'%r' % 'a'", "'%s' % none", "'%s' % [1]",
    "'%s %s' % 1", "'%d' % 'a'", "'%s' % (1, 2)", "'%(a)s' % {'a': 5}", "'%c%c' % (65, 'b')", "'%e' % 12345.678", "'%g' % 0.00001", "'%+d % d' % (3, 4)", "'%10s|%-10s|' % ('é', 'b')",
    "'%.3s' % 'abcdef'", "'%i' % 3.9", "'%5.1f|' % 2.25", "'%q' % 1", "'%' % 1", "'{} {}'.format(1, 'b')", "'{0}{1}{0}'.format('a', 'b')", "'{a}-{b!r}'.format(a=1, b='x')", "'{:>5}|{:<5}|{:^5}'.format(1, 2, 3)",
    "'{:05d} {:x} {:,}'.format(42, 255, 1234567)", "'{:.2f} {:.1%}'.format(3.14159, 0.256)", "'{{}}'.format()", "'{'.format()", "'}'.format()", "'{}'.format()", "'{a.role} {a[content]}'.format(a=messages[0])", "'{0.__class__}'.format(1)",
    "'{:*^9}'.format('mid')", "'{x}'.format_map({'x': 2})", "'{:d}'.format('a')", "'{} {0}'.format(1)", "'{!s:>4}'.format(none)", "'{:5}|'.format(true)", "'{:+.1f}'.format(2)", "'{:.3}'.format('abcdef')",
    "'%s, %s!'|format('a', 'b')", "'%(x)s'|format(x=1)", "'{:_}'.format(1234567)", "'{:08.3f}'.format(-3.14159)", "'%08.3f' % -3.14159", "'{:b}'.format(5)",
]
WHOLE = r"""
{{ 1 if true }}|{{ 1 if false }}|{{ 1 if false else 2 }}|{{ (1 if false) is defined }}
{{ not nope is defined }}{{ not 1 == 2 }}{{ not none }}{{ -2 ** 2 }}{{ 2 ** 3 ** 2 }}{{ 2 ** -1 }}{{ 7 // -2 }}{{ -7 % 3 }}{{ 7.5 // 2 }}{{ -7.5 % 2 }}
{{ 1 < 2 < 3 }}{{ 1 < 3 < 2 }}{{ 1 == 1.0 == true }}{{ 'a' < 'b' < 'c' }}{{ 3 > 2 != false }}
{{ 'a' 'b' "c" }}{{ 'x' ~ 1 ~ none ~ 2.0 ~ [1] }}{{ 1 ~ 2 + 3 }}{{ 'a' + 'b' ~ 'c' * 2 }}
{{ 10000000000000000000000 + 1 }}{{ 2 ** 100 }}{{ 1_000 }}{{ 0x1f }}{{ 0b11 }}{{ 0o17 }}{{ 1e3 }}{{ 1.5e-7 }}{{ 123456789.123456789 }}{{ 1e22 }}{{ 5e-324 }}{{ 0.1 + 0.2 }}{{ 1 / 3 }}{{ 2.0 }}{{ 1e15 }}{{ 123456789012345680.0 }}
{{ 1 / 0 }}
{{ 1 // 0 }}
{{ 1 % 0 }}
{{ 'a\tb\\n\x41\u00e9\U0001F600\101\q' }}
{{ [1, 'a', "it's", 'q"', 'b"\'', none, true, 1.0, (), (1,), {'k': [nope]}] }}
{{ {'a': 'b', 1: 2, none: 3, true: 4, (1, 2): 5} }}
{{ {'a': 1, 'a': 2} }}{{ {1: 'x', true: 'y', 1.0: 'z'} }}
{{ '\x00\x1f\x7f\xa0\u200b\u2028é😀\ue000' | list }}
{{ messages[0].items() }}{{ messages[0].keys() }}{{ messages[0].values() }}
{{ messages[0].get('role') }}{{ messages[0].get('x') }}{{ messages[0].get('x', 5) }}{{ messages[0].get('x', default=5) }}
{{ messages[0]['role'] }}{{ messages[0]['x'] }}{{ messages.0.role }}{{ messages[0].x.y }}
{{ messages[0]['items'] is callable }}{{ {'items': 1}.items is callable }}{{ {'items': 1}['items'] }}
{{ messages[-1].tool_calls[0].function.arguments | tojson }}
{{ messages[-1]['tool_calls'][0]['function']['arguments'].items() | list }}
{{ messages[5] }}|{{ messages[5].role }}
{{ messages[1:] | map(attribute='role') | join(',') }}
{{ messages[::-1] | map(attribute='role') | list }}
{{ messages[-1] == messages[2] }}{{ messages[0] != messages[1] }}{{ messages[0] in messages }}
{{ messages | selectattr('role', '==', 'user') | list | length }}{{ messages | selectattr('nope') | list }}
{{ messages | selectattr('tool_calls', 'defined') | map(attribute='role') | first }}
{{ (messages | selectattr('role', 'equalto', 'none') | first) is defined }}{{ messages | map(attribute='role') | last }}
{{ [3, 1, 2] | sort | first }}{{ ['b', 'a', 'C'] | sort | join }}{{ [[2, 'a'], [1, 'b']] | sort }}{{ [1, 'a'] | sort }}
{{ [1, 2, 3] | sum }}{{ [{'a': 1}, {'a': 2}] | sum(attribute='a') }}{{ [[1], [2]] | sum(start=[]) }}{{ ['a'] | sum }}
{{ [1, [2, 3]] + [4] }}{{ (1, 2) + (3,) }}{{ [1] * 3 }}{{ 2 * 'ab' }}{{ 'ab' * -1 }}{{ [1] + (2,) }}
{{ dict(a=1, b=2) }}{{ dict([('a', 1)]) }}{{ dict({'a': 1}, b=2) }}{{ dict([1]) }}
{{ range(5) | list }}{{ range(1, 10, 3) | list }}{{ range(5, 0, -2) | list }}{{ range(3) }}{{ range(0, 5)[1:3] }}{{ 3 in range(5) }}{{ range(10)[-1] }}
{{ range(100001) }}
{{ range(100000) | length }}
{{ namespace(a=1, b='x') }}{{ namespace({'a': 1}).a }}{{ namespace().zz }}{{ namespace(a=1)['a'] }}
{{ namespace(_x=1) }}
{% set ns = namespace() %}{% set ns.__x = 1 %}
{% set ns = namespace(x=0) %}{% for i in range(4) %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}
{% set x = 0 %}{% for i in [1, 2] %}{{ x }}{% set x = i %}{{ x }}{% endfor %}{{ x }}
{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set (c, d) = [3, 4] %}{{ c ~ d }}{% set t = 1, 2 %}{{ t }}
{% set a, b = [1] %}
{% set x.y = 1 %}
{% set x %}a{{ 1 }}b{% endset %}[{{ x }}]{% set y | upper | replace('A', '-') %}abc{% endset %}{{ y }}
{% for a, b in [(1, 2), [3, 4]] %}{{ a }}{{ b }}{% endfor %}{% for k, v in {'x': 1}.items() %}{{ k }}{{ v }}{% endfor %}{% for k in {'x': 1} %}{{ k }}{% endfor %}
{% for a, b in [1] %}{% endfor %}
{% for x in none %}{% endfor %}
{% for x in nope %}{{ x }}{% else %}empty{% endfor %}{% for x in [] %}{% else %}e{{ x }}{% endfor %}
{% for x in [1, 2, 3, 4] if x is even %}{{ loop.index }}{{ x }}{{ loop.length }}{{ loop.last }};{% endfor %}
{% for x in 'abc' %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.previtem }}{{ loop.nextitem }}{{ loop.cycle('x', 'y') }}{{ loop.depth }}{{ loop.changed(x) }};{% endfor %}
{% for x in [1, 1, 2] %}{{ loop.changed(x) }}{{ loop.previtem is defined }}{{ loop.nextitem is undefined }}{% endfor %}
{% for x in [1, 2, 3, 4] %}{% if x == 2 %}{% continue %}{% endif %}{% if x == 4 %}{% break %}{% endif %}{{ x }}{% endfor %}
{% for x in [1] %}{% break %}{% else %}no{% endfor %}
{% break %}
{% for x in [[1, [2]], [3]] recursive %}{{ loop.depth }}{% if x is sequence %}({{ loop(x) }}){% else %}{{ x }}{% endif %}{% endfor %}
{% for x in [1] %}{{ loop([2]) }}{% endfor %}
{% for x in [1, 2] %}{% for y in [3] %}{{ loop.index }}{% endfor %}{{ loop.index }}{% endfor %}{{ loop is defined }}
{% for x in [1, 2] %}{{ loop }}{% endfor %}
{% for x in messages | map(attribute='role') %}{{ loop.index }}{{ x }}{{ loop.last }}{{ loop.length }}{% endfor %}
{% set g = [1, 2] | map('string') %}{{ g | list }}{{ g | list }}{{ g is iterable }}{{ g is sequence }}
{% set g = [1, 2] | select %}{{ g | length }}
{% set g = [1, 2] | select %}{{ g | last }}
{% macro m(a, b=2, c=a) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }}|{{ m(1, 3) }}|{{ m(a=5, c=6) }}|{{ m() }}|{{ m(*[7, 8]) }}|{{ m(**{'a': 9}) }}
{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}
{% macro m(a) %}{{ a }}{% endmacro %}{{ m(z=2) }}
{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, z=3) }}{{ m.name }}{{ m }}
{% macro m(x) %}<{{ caller(x) }}>{% endmacro %}{% call(y) m('q') %}[{{ y }}]{% endcall %}{% call m(1) %}z{% endcall %}
{% macro m() %}{{ caller is defined }}{{ caller }}{% endmacro %}{{ m() }}
{% macro m() %}x{% endmacro %}{% call m() %}y{% endcall %}
{% macro f(n) %}{{ n }}{% if n > 0 %},{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(5) }}
{% macro m() %}{{ x }}{% endmacro %}{% set x = 1 %}{{ m() }}{% set x = 2 %}{{ m() }}
{% set x = 1 %}{% macro m() %}{% set x = 5 %}{{ x }}{% endmacro %}{{ m() }}{{ x }}
{% for i in [1, 2] %}{% macro m() %}{{ i }}{% endmacro %}{{ m() }}{% endfor %}
{% with a = 1, b = 2 %}{{ a }}{{ b }}{% set c = 3 %}{{ c }}{% endwith %}{{ a }}{{ c }}
{% filter upper %}abc{{ 'd' }}{% endfilter %}{% filter replace('a', 'b') | upper %}aba{% endfilter %}
{% generation %}a{% set q = 1 %}{{ q }}{% endgeneration %}{{ q }}
{% if 0 %}a{% elif '' %}b{% elif [] %}c{% else %}d{% endif %}{% if not {} %}e{% endif %}{% if nope %}f{% endif %}
{% raw %}{{ x }}{% y %}{# z #}{% endraw %}|{%- raw -%}  a {{ }} {%- endraw -%} b
{# comment #}a{#- c -#}  b  {#+ d +#} c
  {% if true %}
    x
  {% endif %}
y
a {%- if true -%} b {%- endif -%} c
a {%+ if true +%} b {%+ endif +%} c
{{- 'a' -}}   b   {{ 'c' -}}   
{% if true %}  {{ 1 }}  {% endif %}  {% set x = 1 %}  {# x #}  
line{% if true %}
a
{% endif %}b
   {%- for i in [1, 2] %}
  - {{ i }}
   {%- endfor %}
{% print 1, 2 %}
{{ 'a' if true else 'b' if false else 'c' }}{{ [1 if true else 2, 3] }}
{{ raise_exception('no way') }}
{{ strftime_now('%d %B %Y, %H:%M:%S %j %a %A %b %y %I %p %m %e|%-d|%F %T %% %f') }}
{{ strftime_now is defined }}{{ raise_exception is defined }}{{ namespace is defined }}{{ caller is defined }}
{{ joiner is defined }}{% set j = joiner('; ') %}{{ j() }}{{ j() }}{{ j() }}
{{ ''.__class__ }}|{{ ''.__class__.__mro__ }}
{{ ''.__class__ is defined }}
{{ cycler.__init__.__globals__ }}
{{ [].append(1) }}
{{ {}.update({'a': 1}) }}
{{ messages.append(1) }}
{{ messages[0].pop('role') }}
{{ messages[0].clear }}|{{ messages[0].update is defined }}
{{ messages.copy() | length }}{{ messages.index(messages[1]) }}{{ [1, 2, 1].count(1) }}{{ (1, 2).index(2) }}
{{ [1].index(9) }}
{{ 'abc'.nosuch }}|{{ 'abc'.nosuch() }}
{{ nope }}|{{ nope.x }}
{{ nope['x'] }}
{{ nope() }}
{{ nope + 1 }}
{{ 'a' + nope }}
{{ nope ~ 'a' }}{{ nope == nope2 }}{{ nope == '' }}{{ nope | length }}{{ nope | list }}{{ nope in [1] }}{{ 1 in nope }}{{ nope | join }}{{ nope | upper }}{{ nope | trim }}{{ [nope] }}{{ nope | string }}{{ nope | first }}
{{ nope | tojson }}
{{ nope in 'abc' }}
{{ nope < 1 }}
{{ -nope }}
{{ none + 1 }}
{{ none.x }}|{{ none['x'] }}|{{ none[0] }}
{{ 1 in 'a' }}
{{ 'a' in 1 }}
{{ [1] in {} }}
{{ 'a' in {'a': 1} }}{{ 'b' not in {'a': 1} }}{{ 'a' in 'cat' }}{{ '' in 'x' }}{{ 1 in [1.0] }}{{ ('k', 1) in {'k': 1}.items() }}{{ 1 in {'k': 1}.values() }}
{{ 1.real }}{{ (1).numerator }}{{ true.real }}{{ 1.5.is_integer() }}
{{ true + true }}{{ [1, 2][true] }}{{ true == 1 }}{{ '%d' % true }}{{ true | int }}{{ true | tojson }}
{{ 'x' is string and 1 is number or nope.y }}
{{ 1 is defined is true }}
{{ 1 is divisibleby(0) }}
{{ 'abc' is in 'xabcx' }}{{ 5 is not in [1] }}
{{ (1, 2)[0] }}{{ {'a': {'b': [1, {'c': 2}]}}.a.b[1].c }}
{{ {(1, 2): 3}[(1, 2)] }}{{ {[1]: 2} }}
{{ x if x is defined else 'dflt' }}{{ x | default(none) }}{{ x | default }}{{ none | default('z') }}{{ none | default('z', boolean=true) }}
{{ '<a href="x">' | e }}{{ "it's" | escape }}
{% set s = '<i>' | safe %}{% set p = "a'b<" %}{{ s + p }}{{ p + s }}{{ s + s }}{{ s ~ p ~ 1 ~ none }}{{ p ~ s }}{{ p + p }}{{ [s] }}{{ s == '<i>' }}{{ s in {'<i>': 1} }}
{% set s = '<%s>' | safe %}{{ s % '&' }}{{ s % 1 }}{{ s % s }}{{ s % ["'"] }}{{ '%(a)s' | safe % {'a': '<'} }}{{ '%r' | safe % '<' }}{{ s | format('"') }}{{ '%s<' % s }}
{% set s = '<{}{a}>' | safe %}{{ s.format('&', a=s) }}{{ '{}<'.format(s) }}{{ '{:>4}' | safe }}{{ ('{:>4}' | safe).format('<') }}{{ ('{!r}' | safe).format("<") }}{{ ('{a}' | safe).format_map({'a': '>'}) }}
{% set s = ' <A,b> ' | safe %}{% set q = '<' %}{% for f in [s.upper(), s.strip(), s[1:], s[0], s[::-1], s[5:5], s.split(',')[1], s.splitlines()[0], s.partition(',')[2], s * 2, s.center(12), s.zfill(9), s.removeprefix(' '), s.replace('b', '"')] %}{{ f + q }}{{ f is escaped }}|{% endfor %}
{% set s = ' <A,b> ' | safe %}{% set q = '<' %}{% for f in [s | upper, s | trim, s | capitalize, s | string, s | indent, s | reverse, s | center(12), s | default('x'), s | truncate(3, true, q, 0), s | title, s | replace('b', q), s | first, s | list | first, s | join, [s, q] | join(s), s | tojson, s | e, q | e, 5 | e, none | safe] %}{{ f + q }}{{ f is escaped }}|{% endfor %}
{% set s = '<' | safe %}{% set q = '"' %}{{ s.join([q, s, q]) }}{{ q.join([s, s]) + q }}{% set b %}{{ s }}{% endset %}{{ b + q }}{% macro m() %}{{ s }}{% endmacro %}{{ m() + q }}{{ '' | safe + q }}{{ nope | e + q }}{% filter e %}{{ q }}{% endfilter %}
{{ "Call '" | safe + messages[1].content + "' <" | safe + tools[0] | tojson }}{{ tools[0].p | e + '>' }}{{ messages[0].content | e ~ '<' }}
{{ 'a,b,,c'.split(',') }}{{ ' a  b '.split() }}{{ ' a  b '.split(' ') }}
{{ 'x</think>y</think>z'.split('</think>')[-1].lstrip('\n') }}{{ 'a'.split('</think>')[0].rstrip('\n').split('<think>')[-1] }}
{{ "a" | indent(2) }}{{ "a\nb\n\nc" | indent(2) }}|{{ "a\nb\n\nc\n" | indent(width=2, first=True) }}|{{ "a\n\nb" | indent(blank=true) }}|{{ 5 | indent }}
{{ [1, none, 'é', 1.5, true, {'a': []}, {}] | tojson }}
{{ {'b': {'y': [1, 2, {}]}, 'a': []} | tojson(indent=4) }}
{{ {'b': 1, 'a': {'d': 1, 'c': 2}} | tojson(sort_keys=True, separators=(',', ':')) }}
{{ 'é😀\x7f</script>&\'"\\/\b\f\n\r\t\x01' | tojson }}{{ 'é😀\x7f' | tojson(ensure_ascii=true) }}
{{ {1: 2, none: 3, true: 4, 1.5: 6} | tojson }}
{{ {(1, 2): 3} | tojson }}
{{ range(3) | tojson }}
{{ {'a': 1}.items() | tojson }}
{{ (1, 2) | tojson }}{{ 1e100 | tojson }}{{ 1e400 | tojson }}{{ -1e400 | string }}
{{ [1, 2] | tojson(indent=0) }}{{ [] | tojson(indent=2) }}{{ [[]] | tojson(indent=1) }}
{{ tools | tojson }}{{ tools[0].p.values() | list }}{{ tools[0].p.y | string }}
{{ documents }}{{ documents is none }}{{ add_generation_prompt }}{{ bos_token }}{{ eos_token }}{{ pad_token }}
{{ messages | length }}{{ messages | tojson(indent=2) }}
{{ messages }}
{{ '42' | int }}{{ '4.7' | int }}{{ ' 5 ' | int }}{{ 'x' | int }}{{ 'x' | int(3) }}{{ '0x1F' | int(0, 16) }}{{ '1_000' | int }}{{ 'inf' | int }}{{ '1e3' | int }}{{ -4.7 | int }}{{ none | int }}{{ '٣' | int }}
{{ '4.5' | float }}{{ 'nan' | float }}{{ '-inf' | float }}{{ 'x' | float }}{{ '1_0.5' | float }}{{ '1d' | float }}{{ '.5' | float }}{{ '5.' | float }}
{{ 2.5 | round }}{{ 3.5 | round }}{{ 2.675 | round(2) }}{{ 5 | round }}{{ 15 | round(-1) }}{{ 2.1 | round(0, 'ceil') }}{{ -0.4 | round }}{{ 1234.5 | round(-2) }}
{{ 'foo bar baz qux' | truncate(9) }}{{ 'foo bar baz qux' | truncate(9, true) }}{{ 'foo bar' | truncate(11) }}
{{ ['a', 'B', 'b', 'A'] | unique | list }}{{ ['a', 'B', 'b'] | unique(case_sensitive=true) | list }}
{{ {'b': 1, 'A': 2} | dictsort }}{{ {'b': 1, 'A': 2} | dictsort(true) }}{{ {'b': 1, 'A': 2} | dictsort(false, 'value', reverse=true) }}{{ {'a': 1} | dictsort(by='x') }}
{% for g in [{'t': 'a', 'v': 1}, {'t': 'b', 'v': 2}, {'t': 'a', 'v': 3}] | groupby('t') %}{{ g.grouper }}{{ g.list }}{{ g[0] }}{{ g }}{% endfor %}
{{ [3, 1] | min }}{{ ['b', 'A'] | max }}{{ [] | min }}{{ [{'a': 2}, {'a': 1}] | min(attribute='a') }}
{{ [1, 2, 3] | map('string') | join('+') }}{{ ['a'] | map('replace', 'a', 'b') | list }}{{ [1] | map | list }}
{{ [[1, 2], [3]] | map('first') | list }}{{ [{'a': {'b': 1}}] | map(attribute='a.b') | list }}{{ [[1, 2]] | map(attribute=1) | list }}{{ [[1, 2]] | map(attribute='1') | list }}
{{ [0, 1, '', none] | select | list }}{{ [1, 2, 3] | select('gt', 1) | list }}{{ [1, 2, 3] | reject('in', [2]) | list }}
{{ 'Abc' is upper }}{{ 'ABC' is upper }}{{ 'abc' is lower }}{{ 'upper' is filter }}{{ 'odd' is test }}
{{ messages[1].content[::-1] }}{{ messages[1].content | length }}{{ messages[1].content[2:5] }}{{ messages[1].content | reverse }}{{ '😀é'[0] }}{{ '😀é'[-1] }}
{{ 'straße' | upper }}{{ 'ΑΣ' | lower }}{{ 'İ' | lower | length }}{{ 'ǆ' | capitalize }}{{ "it's a dog-cat (x) [y] {z} <w>" | title }}{{ "it's a dog-cat".title() }}
{{ not }}
{{ 1 + }}
{{ (1 }}
{{ [1, }}
{% if %}{% endif %}
{% if true %}
{% endif %}
{% for x %}{% endfor %}
{% set %}
{% unknown %}
{% endif %}
{{ 'a }}
{{ a b }}
{{ 1 | }}
{{ x is }}
{# open
{% raw %}x
{{ {'a' 1} }}
{{ f(a=1, 2) }}
{% macro m(a=1, b) %}{% endmacro %}
{% set true = 1 %}
{{ 1 ! 2 }}
{{ a[1 }}
{% include 'x' %}
{% extends 'x' %}
{% import 'x' as y %}
{{ lipsum() | length > 5 and 1 / 0 }}
{{ 2 ** 100000 | string }}
{{ [1,2,] }}{{ (1,2,) }}{{ {'a':1,} }}{{ dict(a=1,) }}
{{ 1.e }}
{{ 'a'.upper }}
{{ 1 if 2 }}{{ none if true else 1 }}{{ '' or 'x' }}{{ 0 and 1 }}{{ 1 and 'y' }}{{ none or false }}
{{ [] == () }}{{ [1] == [1.0] }}{{ {'a': 1, 'b': 2} == {'b': 2, 'a': 1} }}{{ [1, 2] < [1, 3] }}{{ (1,) < (1, 2) }}{{ 'a' == 1 }}{{ none == false }}{{ none is none }}
{{ messages[0].n + 1 }}{{ messages[0].f * 2 }}{{ messages[0].none }}{{ messages[0].yes }}{{ messages[1].list }}
{%- set content = messages[1].content | trim -%}{{ '[' + content + ']' }}
{{ messages[0]['content'][:-1] ~ '!' }}{{ (messages[0].content ~ '') is string }}
{%- if messages[0]['role'] == 'system' -%}{%- set sys = messages[0]['content'] -%}{%- set rest = messages[1:] -%}{%- endif -%}{{ sys }}{{ rest | length }}
{% for m in messages %}{% if not loop.first and loop.previtem.role != m.role %}{{ m.role }}{% endif %}{% if loop.nextitem and loop.nextitem.role == 'user' %}>{% endif %}{% endfor %}
""".strip("\n").split("\n")

MULTILINE = [
    "  {% if true %}\n    x\n  {% endif %}\ny\n",
    "{% for i in [1, 2] %}\n  - {{ i }}\n{% endfor %}\n\nend\n\n",
    "a\n   {%- for i in [1, 2] %}\n  - {{ i }}\n   {%- endfor %}\nb",
    "a\n  {%+ if true %}\n b\n  {%- endif +%}\n c",
    "a\n  {# c #}\nb\n  {#- c -#}\n c {#+ d #}\nd",
    "x\r\ny\rz {{ 'a\r\nb' }}\r\n",
    "{{ 1 }}\n{{ 2 }}\n  {{ 3 }}",
    "{% raw %}\n  a\n  {% endraw %}\n b",
    "  {% raw -%}\n  a\n  {%- endraw %}\n b",
    "{% set x %}\n  a\n{% endset %}\n[{{ x }}]",
    "{%- macro m(a) %}\n  {{- a }}\n  b\n{%- endmacro %}\n{{ m(1) }}\n  {{ m(2) }}",
    "{% if true -%}\n\n  a\n\n{%- else %}\nb{% endif %}  \n  {% if false %}x{% endif %}\n.",
    "\n\n{% if true %}\n\na{% endif %}\n",
    "{{ {'a': {'b': 1}} }}{{ {'a': {}}}}",
    "{{ '}}' }}{{ \"{{\" }}{% if '%}' %}x{% endif %}",
    "a{{- ' b ' -}}\n\nc",
    "\t {% if true %} \t{% endif %} \u00a0{%- if true %}z{% endif %}",
    "{{\n1\n+\n2\n}}",
    "{%\nif true\n%}a{%\nendif\n%}",
    "{{ 'a' }}{% if true %}{{ 'b' }}{% endif %}\n\n",
    "{ {% if true %}{ {# c #}}{% endif %}}",
    "{{'a'|\nupper}}{#- a\n#}\n\n{#b\n\n-#}\n x",
    "{% generation %}\n a\n{% endgeneration %}\n b",
    "{{-1}}|{{+1}}|{{ -1}}|{{- -1 -}}|",
    "{%set a=1%}{{a}}{%if a==1%}y{%endif%}",
    "{% for x in [1,2,3] -%}\n {{ x }}\n {%- if not loop.last %},{% endif %}\n{% endfor %}",
]


def expressions():
    for number, (a, op, b) in enumerate(itertools.product(VALUES, BINARY, VALUES)):
        if "keys()" in a + b and op in ("-", "<", "<=", ">", ">=") or (a, op, b) == ("-3", "**", "2.5"):
            continue  # sets and complex numbers, which we refuse
        if number % 3 and op not in ("~", "==", "in"):
            continue  # a third of the pairs keeps the fixture small
        yield f"{{{{ ({a}) {op} ({b}) }}}}"
    for value in VALUES:
        yield f"{{{{ {value} }}}}"
        yield f"{{{{ [{value}] }}}}"
        yield f"{{{{ -({value}) }}}}{{{{ +({value}) }}}}{{{{ not ({value}) }}}}"
        for f in FILTERS:
            yield f"{{{{ {value} | {f} }}}}"
        for t in TESTS:
            yield f"{{{{ {value} is {t} }}}}"
        for s in SLICES:
            # through a variable: jinja2 folds constants by other rules (1[:1] is undefined, not an error)
            yield f"{{% set v = {value} %}}{{{{ v{s} | list if v is not string and v{s} is iterable else v{s} }}}}"
        yield f"{{% for x in {value} %}}{{{{ x }}}},{{% else %}}-{{% endfor %}}"
        yield f"{{% if {value} %}}y{{% else %}}n{{% endif %}}"
    for string, method in itertools.product(STRINGS, METHODS):
        yield f"{{{{ {string}.{method} }}}}"
    for string, f in itertools.product(STRINGS, FILTERS):
        yield f"{{{{ {string} | {f} }}}}"
    for string, s in itertools.product(STRINGS, SLICES):
        yield f"{{% set v = {string} %}}{{{{ v{s} }}}}"
    yield from (f"{{{{ {f} }}}}" for f in FORMATS)
    yield from WHOLE
    yield from MULTILINE


ADDRESS = " at 0x"


def compact(value):
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def write_lines(name, rows):
    (OUT / name).write_text("".join(compact(row) + "\n" for row in rows))
    print(name, len(rows), "rows", sum(row[-1] is None for row in rows), "refused", (OUT / name).stat().st_size, "bytes")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gguf", required=True)
    gguf_path = parser.parse_args().gguf
    import gguf

    field = gguf.GGUFReader(gguf_path).fields["tokenizer.chat_template"]
    templates = {"smollm2": bytes(field.parts[field.data[0]]).decode()}
    for path in sorted((OUT / "own").glob("*.jinja")):
        templates[path.stem] = path.read_text()
    talks = conversations()
    renders = []
    for name, source in templates.items():
        for talk, (messages, tools) in talks.items():
            for prompt in (False, True):
                renders.append([name, talk, prompt, render(source, messages, tools, prompt)])
    write_lines("renders.jsonl", renders)
    del templates["smollm2"]
    rows = []
    for source in dict.fromkeys(expressions()):
        text = render(source, EXPRESSION_MESSAGES, EXPRESSION_TOOLS, True)
        if text is not None and (ADDRESS in text or "<class" in text or "<function" in text):
            text = None  # an address is no golden; ours refuses to print functions
        rows.append([source, text])
    write_lines("expressions.jsonl", rows)
    (OUT / "conversations.json").write_text(json.dumps({
        "conversations": {name: {"messages": m, "tools": t} for name, (m, t) in talks.items()},
        "expression_messages": EXPRESSION_MESSAGES,
        "expression_tools": EXPRESSION_TOOLS,
        "special": SPECIAL,
        "now": NOW.isoformat(),
        "smollm2": bytes(field.parts[field.data[0]]).decode(),
    }, indent=1) + "\n")


main()
