package dev.luthier.platform.webhooks;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Which addresses webhooks may go to.
public enum WebhookReach {
  /// This machine and private networks.
  PRIVATE,
  /// Any, except those that only a cloud's machines themselves should ask.
  ANY;

  /// Services that tell a cloud machine its secrets, beside the link-local ones.
  private static final List<String> METADATA = List.of("100.100.100.200", "fd00:ec2:0:0:0:0:0:254");

  /// As the setting writes it.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static WebhookReach of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  public static List<String> texts() {
    return Arrays.stream(values()).map(WebhookReach::text).toList();
  }

  /// Why nothing may be sent there; empty if it may.
  public Optional<String> objection(InetAddress address) {
    String shown = address.getHostAddress();
    if (address.isLinkLocalAddress()
        || address.isMulticastAddress()
        || address.isAnyLocalAddress()
        || METADATA.contains(shown)) {
      return Optional.of(
          "webhooks never go to %s, which is link-local, a metadata service or no single machine"
              .formatted(shown));
    }
    if (this == PRIVATE && !isPrivate(address)) {
      return Optional.of(
          "webhooks may go to this machine and private networks only, and %s is outside;"
                  .formatted(shown)
              + " the setting webhook_addresses = \"any\" allows it");
    }
    return Optional.empty();
  }

  /// RFC 1918 and, for IPv6, unique local addresses (fc00::/7).
  private static boolean isPrivate(InetAddress address) {
    return address.isLoopbackAddress()
        || address.isSiteLocalAddress()
        || (address instanceof Inet6Address six && (six.getAddress()[0] & 0xFE) == 0xFC);
  }
}
