package dev.luthier.platform;

import java.util.random.RandomGenerator;

/// Draws ids and secrets: a prefix and base62 characters.
///
/// Safe for many threads when its generator is (`SecureRandom` is). Ids need not be secret, but the
/// codes and tokens drawn here are, so production hands in a `SecureRandom`.
public final class Identifiers {
  private static final String BASE62 =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private final RandomGenerator random;

  public Identifiers(RandomGenerator random) {
    this.random = random;
  }

  public String file() {
    return draw("file-", 22);
  }

  public String upload() {
    return draw("upload_", 24);
  }

  public String uploadPart() {
    return draw("part_", 24);
  }

  public String job() {
    return draw("ftjob-", 24);
  }

  public String event() {
    return draw("ftevent-", 24);
  }

  public String checkpoint() {
    return draw("ftckpt_", 24);
  }

  public String permission() {
    return draw("cp_", 24);
  }

  public String batch() {
    return draw("batch_", 32);
  }

  /// Of the answer to one line of a batch.
  public String batchRequest() {
    return draw("batch_req_", 32);
  }

  public String webhookEndpoint() {
    return draw("we_", 32);
  }

  public String webhookEvent() {
    return draw("evt_", 32);
  }

  public String webhookDelivery() {
    return draw("wh_", 32);
  }

  public String eval() {
    return draw("eval_", 32);
  }

  public String evalRun() {
    return draw("evalrun_", 32);
  }

  /// Of what became of one row of an eval's run.
  public String outputItem() {
    return draw("outputitem_", 32);
  }

  public String organisation() {
    return draw("org-", 24);
  }

  /// A folder name of its own for each adapter; users never see it.
  public String adapter() {
    return draw("adapter-", 24);
  }

  /// The last part of a fine-tune's name.
  public String modelSuffix() {
    return draw("", 8);
  }

  /// About 256 bits.
  public String secret(String prefix) {
    return draw(prefix, 43);
  }

  /// A training seed as the API allows it: 0 to 2147483647.
  public int seed() {
    return random.nextInt() & Integer.MAX_VALUE;
  }

  private String draw(String prefix, int length) {
    StringBuilder id = new StringBuilder(prefix);
    for (int i = 0; i < length; i++) {
      id.append(BASE62.charAt(random.nextInt(BASE62.length())));
    }
    return id.toString();
  }
}
