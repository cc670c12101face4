package dev.luthier.text.template;

/// One token of a template.
///
/// @param text its characters; of a string, what it means after escapes
/// @param line where it starts, from 1
record Token(Kind kind, String text, int line) {
  enum Kind {
    DATA,
    VARIABLE_BEGIN,
    VARIABLE_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    EOF
  }

  boolean isName(String name) {
    return kind == Kind.NAME && text.equals(name);
  }

  boolean isOperator(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  String described() {
    return switch (kind) {
      case EOF -> "end of template";
      case BLOCK_END -> "'%}'";
      case VARIABLE_END -> "'}}'";
      case DATA, VARIABLE_BEGIN, BLOCK_BEGIN -> "template text";
      case STRING -> "a string";
      case NAME, INTEGER, FLOAT, OPERATOR -> "'" + text + "'";
    };
  }
}
