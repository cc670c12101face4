package dev.luthier.wire.api;

import java.util.List;

/// One event of a streamed response; the stream's `event:` line repeats `type`.
public sealed interface ResponseEvent {
  String type();

  int sequenceNumber();

  /// `response.created`, `response.in_progress`, `response.completed`, `response.incomplete`,
  /// `response.failed`.
  record Whole(String type, int sequenceNumber, Response response) implements ResponseEvent {}

  /// `response.output_item.added`, `response.output_item.done`.
  record Item(String type, int sequenceNumber, int outputIndex, Response.Item item)
      implements ResponseEvent {}

  /// `response.content_part.added`, `response.content_part.done`.
  record Part(
      String type,
      int sequenceNumber,
      String itemId,
      int outputIndex,
      int contentIndex,
      Response.OutputText part)
      implements ResponseEvent {}

  /// `response.output_text.delta`.
  record TextDelta(
      String type,
      int sequenceNumber,
      String itemId,
      int outputIndex,
      int contentIndex,
      String delta,
      List<ChatLogprobs.Token> logprobs)
      implements ResponseEvent {}

  /// `response.output_text.done`.
  record TextDone(
      String type,
      int sequenceNumber,
      String itemId,
      int outputIndex,
      int contentIndex,
      String text,
      List<ChatLogprobs.Token> logprobs)
      implements ResponseEvent {}

  /// `response.function_call_arguments.delta`.
  record ArgumentsDelta(
      String type, int sequenceNumber, String itemId, int outputIndex, String delta)
      implements ResponseEvent {}

  /// `response.function_call_arguments.done`.
  record ArgumentsDone(
      String type,
      int sequenceNumber,
      String itemId,
      String name,
      int outputIndex,
      String arguments)
      implements ResponseEvent {}
}
