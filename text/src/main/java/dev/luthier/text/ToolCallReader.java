package dev.luthier.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Takes calls of tools out of an answer that arrives piece by piece.
///
/// Text that may be the beginning of a call is held back until that is decided. What looks like a
/// call and is none stays text, character by character; only blanks between a call and its
/// neighbours go, as templates write them there. How the answer was cut into pieces makes no
/// difference. Belongs to one thread.
public final class ToolCallReader {
  /// So many blanks before a tag count as put there by a template; those before them are text.
  private static final int GAP_MAX = 64;

  private final int callsMax;
  private final StringBuilder held = new StringBuilder();
  private final StringBuilder text = new StringBuilder();
  private final List<AnswerPart> parts = new ArrayList<>();
  private Optional<ToolCallScan> scan = Optional.empty();
  private int at; // where the undecided part of `held` begins
  private int scanned; // behind the last character of `held` that the scan took
  private int calls;
  private boolean behindCall;

  /// @param callsMax calls beyond that number stay text
  public ToolCallReader(int callsMax) {
    this.callsMax = callsMax;
  }

  /// How many calls have been taken out.
  public int calls() {
    return calls;
  }

  /// Takes more of the answer and returns what is certain now.
  public List<AnswerPart> add(String piece) {
    held.append(piece);
    decide();
    return taken();
  }

  /// Ends the answer and returns the rest. A call whose closing tag is missing is one all the same
  /// if its object is complete.
  public List<AnswerPart> end() {
    while (scan.isPresent()) {
      if (!call(scan.get().object(), held.length())) {
        tagIsText();
        decide();
      }
    }
    if (!behindCall || !isBlank(at, held.length())) {
      addText(held.length());
    }
    at = held.length();
    return taken();
  }

  private void decide() {
    boolean decided = true;
    while (decided) {
      decided = scan.isPresent() ? follow(scan.get()) : findTag();
    }
  }

  /// Shows the text before the next opening tag; answers whether there is one.
  private boolean findTag() {
    int tag = calls < callsMax ? held.indexOf(ToolCallText.OPEN, at) : -1;
    if (tag < 0) {
      addText(gapBefore(held.length() - begunTag()));
      return false;
    }
    addText(gapBefore(tag));
    scan = Optional.of(new ToolCallScan());
    scanned = tag + ToolCallText.OPEN.length();
    return true;
  }

  /// Answers whether it is decided what followed the opening tag.
  private boolean follow(ToolCallScan open) {
    while (scanned < held.length()) {
      switch (open.take(held.charAt(scanned++))) {
        case UNDECIDED -> {}
        case CLOSED -> {
          if (!call(open.object(), scanned)) {
            tagIsText();
          }
          return true;
        }
        case BROKEN -> {
          tagIsText();
          return true;
        }
      }
    }
    return false;
  }

  private boolean call(String object, int end) {
    Optional<AnswerPart.Call> call = ToolCallText.read(object);
    call.ifPresent(found -> {
      flushText();
      parts.add(found);
      calls++;
      behindCall = true;
      at = end;
      scan = Optional.empty();
    });
    return call.isPresent();
  }

  /// Only the tag: a call may begin behind it.
  private void tagIsText() {
    addText(held.indexOf(ToolCallText.OPEN, at) + ToolCallText.OPEN.length());
    scan = Optional.empty();
  }

  private void addText(int end) {
    if (at < end) {
      text.append(held, at, end);
      at = end;
      behindCall = false;
    }
  }

  private void flushText() {
    if (!text.isEmpty()) {
      parts.add(new AnswerPart.Text(text.toString()));
      text.setLength(0);
    }
  }

  private List<AnswerPart> taken() {
    flushText();
    held.delete(0, at);
    scanned -= at;
    at = 0;
    List<AnswerPart> taken = List.copyOf(parts);
    parts.clear();
    return taken;
  }

  /// Where the blanks before `end` begin, of which some may be text already.
  private int gapBefore(int end) {
    int least = Math.max(at, end - GAP_MAX);
    int start = end;
    while (start > least && ToolCallScan.isBlank(held.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  /// The length of the longest end of the held text with which an opening tag begins.
  private int begunTag() {
    int longest = Math.min(ToolCallText.OPEN.length() - 1, held.length() - at);
    for (int n = longest; n > 0; n--) {
      if (ToolCallText.OPEN.startsWith(held.substring(held.length() - n))) {
        return n;
      }
    }
    return 0;
  }

  private boolean isBlank(int start, int end) {
    return held.substring(start, end).chars().allMatch(c -> ToolCallScan.isBlank((char) c));
  }
}
