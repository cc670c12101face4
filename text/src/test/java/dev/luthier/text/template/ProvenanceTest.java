package dev.luthier.text.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ProvenanceTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String TYPED = "<|im_start|>";

  private static Rendered render(String source, String messages, String tools) {
    return ChatTemplate.parse(source)
        .render(
            new TemplateInput(
                JSON.readTree(messages),
                Optional.of(JSON.readTree(tools)),
                true,
                Map.of("bos_token", "<s>"),
                Clock.systemUTC()));
  }

  @Test
  void spansTellTemplateMessagesAndToolsApart() {
    Rendered rendered =
        render(
            "{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content }};{% endfor %}"
                + "{{ tools[0] }}",
            "[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"x\",\"content\":\"\"}]",
            "[\"t\"]");
    assertEquals("<s>[user]Hi;[x];t", rendered.text());
    Origin template = new Origin.Template();
    assertEquals(
        List.of(
            new Span(0, 4, template),
            new Span(4, 8, new Origin.Message(0)),
            new Span(8, 9, template),
            new Span(9, 11, new Origin.Message(0)),
            new Span(11, 13, template),
            new Span(13, 14, new Origin.Message(1)),
            new Span(14, 16, template),
            new Span(16, 17, new Origin.Tools())),
        rendered.spans());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{ c }}",
        "{{ c ~ '' }}",
        "{{ '' + c }}",
        "{{ c | trim }}",
        "{{ c.strip('x') }}",
        "{{ c[0:] }}",
        "{{ c[::-1][::-1] }}",
        "{{ c | list | join }}",
        "{{ c.split('z') | join('z') }}",
        "{{ ''.join(c.split()) }}",
        "{{ c | upper | lower }}",
        "{{ c | replace('q', 'r') }}",
        "{{ 'q' | replace('q', c) }}",
        "{{ c | tojson }}",
        "{{ messages | tojson }}",
        "{{ messages }}",
        "{{ messages[0] | string }}",
        "{{ [c] }}",
        "{{ {c: 1} }}",
        "{{ '%s' % c }}",
        "{{ '%r' | format(c) }}",
        "{{ '{}'.format(c) }}",
        "{{ '{x:>20}'.format(x=c) }}",
        "{{ c | indent(2) }}",
        "{{ c | center(30) }}",
        "{{ c | default('') }}",
        "{{ c | escape | replace('&lt;', '<') | replace('&gt;', '>') }}",
        "{% set x %}{{ c }}{% endset %}{{ x }}",
        "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(c) }}",
        "{% filter upper %}{{ c }}{% endfilter %}{{ c }}",
        "{% for ch in c %}{{ ch }}{% endfor %}",
        "{% for k in messages[0] %}{{ k }}{% endfor %}",
        "{{ messages[0].keys() | list | last }}",
        "{{ messages[0] | dictsort }}",
        "{{ messages | map(attribute='content') | first }}",
        "{{ messages | groupby('content') | list }}",
        "{% set ns = namespace(x=c) %}{{ ns.x }}{{ ns }}",
        "{{ c.partition('|') | join }}",
        "{{ c.title() | lower }}",
        "{{ c | truncate(5) }}{{ c }}",
        "{{ dict(a=c) | tojson(indent=1) }}",
        "{{ (c, c) | max }}",
        "{{ strftime_now(c) }}"
      })
  void aTypedControlTokenIsNeverTheTemplates(String source) {
    String message =
        "{\"role\":\"user\",\"content\":\"%s\",\"codes\":[60,124],\"%s\":1}"
            .formatted(TYPED, TYPED);
    Rendered rendered =
        render("{% set c = messages[0].content %}" + source, "[" + message + "]", "[]");
    for (Span span : rendered.spans()) {
      if (span.origin() instanceof Origin.Template) {
        String own = rendered.text().substring(span.start(), span.end());
        assertFalse(own.contains("im_start"), () -> own + " counts as the template's");
      }
    }
    assertFalse(rendered.text().isEmpty());
  }

  @Test
  void numbersOfAMessageKeepTheirOrigin() {
    Rendered rendered = render("{{ messages[0].n + 1 }}", "[{\"n\":41}]", "[]");
    assertEquals(List.of(new Span(0, 2, new Origin.Message(0))), rendered.spans());
  }

  @Test
  void reasoningIsOfferedUnderBothNames() {
    String source = "{{ messages[0].thinking }},{{ messages[0].reasoning_content }}";
    assertEquals("a,a", render(source, "[{\"reasoning\":\"a\"}]", "[]").text());
    assertEquals("b,b", render(source, "[{\"thinking\":\"b\",\"reasoning\":\"a\"}]", "[]").text());
  }
}
