package dev.luthier.wire.internal;

/// `POST enrol`: trades the single-use code of a launch for the token of the process.
public record EnrolRequest(String launchId, String code) {
  public EnrolRequest {
    Check.text("launch_id", launchId);
    Check.text("code", code);
  }

  @Override
  public String toString() {
    return "EnrolRequest[launchId=" + launchId + ", code=***]";
  }
}
