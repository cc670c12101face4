package dev.luthier.app.bases;

import dev.luthier.platform.models.BaseOffer;
import java.time.InstantSource;
import java.util.concurrent.CancellationException;

/// How far a download is, told by the thread that fetches and read by those who look. Also the way
/// to end it between two pieces.
final class DownloadProgress implements Stages {
  private static final long MEASURED_MILLIS = 500;

  /// The share that an older speed keeps at each measurement.
  private static final double INERTIA = 0.6;

  private final InstantSource clock;
  private volatile boolean cancelled;
  private BaseOffer.State.Fetching state = new BaseOffer.State.Fetching("waiting", "", 0, 0, 0);
  private boolean speedKnown;
  private boolean first;
  private long markMillis;
  private long markBytes;

  DownloadProgress(InstantSource clock) {
    this.clock = clock;
  }

  synchronized BaseOffer.State state() {
    return state;
  }

  /// Whether the thread has not come to it yet.
  synchronized boolean untouched() {
    return state.stage().equals("waiting");
  }

  void cancel() {
    cancelled = true;
  }

  private void goOn() {
    if (cancelled) {
      throw new CancellationException("stopped");
    }
  }

  @Override
  public synchronized void begin(String what, long total) {
    goOn();
    int space = what.indexOf(' ');
    String stage = space < 0 ? what : what.substring(0, space);
    String file = space < 0 ? "" : what.substring(space + 1);
    state = new BaseOffer.State.Fetching(stage, file, 0, total, 0);
    speedKnown = false;
    first = true;
  }

  @Override
  public synchronized void at(long done) {
    goOn();
    long now = clock.millis();
    long speed = state.bytesPerSecond();
    if (first) {
      // What an earlier try has left counts as done and not as speed.
      first = false;
      markMillis = now;
      markBytes = done;
    } else if (now - markMillis >= MEASURED_MILLIS) {
      double measured = (done - markBytes) * 1000.0 / (now - markMillis);
      speed = Math.round(speedKnown ? INERTIA * speed + (1 - INERTIA) * measured : measured);
      speedKnown = true;
      markMillis = now;
      markBytes = done;
    }
    state = new BaseOffer.State.Fetching(state.stage(), state.file(), done, state.total(), speed);
  }

  @Override
  public void end() {}

  @Override
  public void say(String sentence) {
    goOn();
  }
}
