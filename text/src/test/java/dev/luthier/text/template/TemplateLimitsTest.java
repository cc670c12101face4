package dev.luthier.text.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class TemplateLimitsTest {
  private static final JsonMapper JSON = new JsonMapper();

  private static TemplateInput input(String messages) {
    return new TemplateInput(
        JSON.readTree(messages), Optional.empty(), true, Map.of(), Clock.systemUTC());
  }

  private static String render(String source) {
    return ChatTemplate.parse(source).render(input("[]")).text();
  }

  private static String reason(String source) {
    return assertThrows(TemplateException.class, () -> render(source)).reason();
  }

  @Test
  void loopsThatNeverEndInPracticeRunOutOfSteps() {
    String loop = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}";
    assertTrue(reason(loop).contains("4000000 steps"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ 'a' * 2000000000 }}",
        "{% set ns = namespace(s='aaaaaaaa') %}{% for i in range(64) %}"
            + "{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        "{% for i in range(90000) %}0123456789abcdef{% endfor %}",
        "{{ 'x' | center(2000000000) }}",
        "{{ '%2000000000d' % 1 }}",
        "{{ '{:2000000000}'.format(1) }}",
        "{{ 'a'.ljust(2000000000) }}",
        "{{ 'a' | indent(2000000000, true) }}",
        "{{ [1] | tojson(indent=2000000000) }}"
      })
  void textsMayNotGrowPastTheOutput(String source) {
    assertTrue(reason(source).contains("exceeds the limit of 1048576"), () -> reason(source));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ [0] * 2000000000 }}",
        "{% set ns = namespace(s=[1, 2]) %}{% for i in range(64) %}"
            + "{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{{ [1] | batch(2000000000, 0) | list | length }}",
        "{{ [1] | slice(2000000000) | list | length }}",
        "{{ range(100001) | list }}",
        "{{ 2 ** 9999999999 }}",
        "{{ 10 ** 5000 }}",
        "{{ '%.2000000000f' % 1 }}",
        "{{ 1.5 | round(2000000000) }}"
      })
  void listsAndNumbersAreBounded(String source) {
    assertThrows(TemplateException.class, () -> render(source));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
        "{% set ns = namespace(x=[]) %}{% for i in range(5000) %}{% set ns.x = [ns.x] %}"
            + "{% endfor %}{{ ns.x }}",
        "{% set ns = namespace(x=[], y=[]) %}{% for i in range(5000) %}{% set ns.x = [ns.x] %}"
            + "{% set ns.y = [ns.y] %}{% endfor %}{{ ns.x == ns.y }}"
      })
  void deepNestingIsRefusedBeforeTheStackEnds(String source) {
    assertTrue(reason(source).contains("nested deeper than 1000"), () -> reason(source));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% set a = 'a' * 900000 %}{{ 'a' * 400000 ~ 'b' in a }}",
        "{% set a = 'a' * 900000 %}{{ a.replace('a' * 400000 ~ 'b', '') }}",
        "{% set a = 'a' * 900000 %}{{ a.rsplit('a' * 400000 ~ 'b') }}",
        "{% set a = 'a' * 900000 %}{{ a.strip('b' * 400000 ~ 'a') }}",
        "{% set x = 2 ** 7000 %}{% for i in range(99999) %}{% set y = x | string %}{% endfor %}",
        "{% set x = '9' * 4000 %}{% for i in range(99999) %}{% set y = x | int %}{% endfor %}",
        "{% set x = 'a ' * 400000 %}{% for i in range(9999) %}{% set y = x | wordcount %}{% endfor %}",
        "{% set x = '9' * 900000 %}{% for i in range(9999) %}{% set y = x | int %}{% endfor %}"
      })
  void workBeyondTheLengthOfTheTextIsPaidForToo(String source) {
    assertTrue(reason(source).contains("4000000 steps"), () -> reason(source));
  }

  @Test
  void aParserDoesNotRecurseWithoutBound() {
    assertTrue(reason("{{ " + "(".repeat(5_000) + "1").contains("nested deeper"));
    assertTrue(reason("{{ " + "not ".repeat(5_000) + "1 }}").contains("nested deeper"));
    assertTrue(reason("{{ " + "-".repeat(5_000) + "1 }}").contains("nested deeper"));
    assertTrue(reason("{{ 1" + " + 1".repeat(5_000) + " }}").contains("chains more than"));
    assertTrue(reason("{% if 1 %}".repeat(5_000)).contains("nested deeper"));
    assertTrue(reason("{{ x" + ".a".repeat(5_000) + " }}").contains("chains more than"));
    assertTrue(reason("{% set " + "(".repeat(5_000) + "a").contains("nested"));
  }

  @Test
  void aLongRowFitsAndWiderLimitsFitMore() {
    String text = "x".repeat(600_000);
    String talk = "[{\"role\":\"user\",\"content\":\"" + text + "\"}]";
    ChatTemplate once = ChatTemplate.parse("{{ messages[0].content | trim }}\n!");
    assertEquals(600_002, once.render(input(talk)).text().length());
    ChatTemplate thrice = ChatTemplate.parse("{{ messages[0].content * 3 }}");
    assertThrows(TemplateException.class, () -> thrice.render(input(talk)));
    RenderLimits wide = new RenderLimits(4_000_000, 4 << 20, 1_000);
    assertEquals(1_800_000, thrice.render(input(talk), wide).text().length());
  }

  @Test
  void refusalsTellTheLineAndTheTemplatesOwnWords() {
    String source = "a\nb {{ 1 }}\n{%- if true %}\n  {{ raise_exception('roles must alternate') }}";
    TemplateException refused =
        assertThrows(TemplateException.class, () -> render(source + "{% endif %}"));
    assertEquals(4, refused.line());
    assertEquals("roles must alternate", refused.reason());
    assertEquals(
        2, assertThrows(TemplateException.class, () -> ChatTemplate.parse("\n{{ ) }}")).line());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ [].__class__.__base__ }}",
        "{{ cycler.__init__.__globals__.os }}",
        "{{ self._TemplateReference__context }}",
        "{{ messages.append({}) }}",
        "{{ namespace.__init__.__globals__['sys'] }}",
        "{{ raise_exception.__globals__.x }}",
        "{{ (1).__class__.forName('java.lang.Runtime') }}",
        "{{ ''.getClass() }}",
        "{{ messages.getClass().forName('java.lang.Runtime') }}",
        "{{ '{0.__class__.__mro__}'.format(1) }}",
        "{{ ('' | attr('__class__')).__mro__ }}",
        "{{ [''] | map(attribute='__class__.__mro__') | list }}",
        "{% set ns = namespace() %}{% set ns.__class__ = 1 %}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}"
      })
  void nothingLeadsOutOfTheTemplate(String source) {
    assertThrows(TemplateException.class, () -> render(source));
  }
}
