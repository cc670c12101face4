package dev.luthier.text.template;

import dev.luthier.text.template.Token.Kind;
import java.util.List;

/// Tokens with a place in them.
final class TokenStream {
  private final List<Token> tokens;
  private int at;

  TokenStream(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(at);
  }

  Token look() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  Token next() {
    Token token = current();
    if (token.kind() != Kind.EOF) {
      at++;
    }
    return token;
  }

  boolean at(Kind kind) {
    return current().kind() == kind;
  }

  boolean atName(String name) {
    return current().isName(name);
  }

  boolean atOperator(String operator) {
    return current().isOperator(operator);
  }

  boolean skipName(String name) {
    boolean found = atName(name);
    if (found) {
      at++;
    }
    return found;
  }

  boolean skipOperator(String operator) {
    boolean found = atOperator(operator);
    if (found) {
      at++;
    }
    return found;
  }

  Token expect(Kind kind, String described) {
    if (!at(kind)) {
      throw unexpected(described);
    }
    return next();
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw unexpected("'" + name + "'");
    }
  }

  TemplateException unexpected(String expected) {
    return new TemplateException(
        current().line(), "expected " + expected + ", found " + current().described());
  }
}
