package dev.luthier.platform;

/// The organisation of this installation: `id` as shown in jobs (`org-…`), `slug` as in model
/// names.
public record Organisation(String id, String slug) {
  public static final String DEFAULT_SLUG = "personal";

  public Organisation {
    if (!id.matches("org-[A-Za-z0-9]{1,64}") || !slug.matches("[a-z0-9-]{1,64}")) {
      throw new IllegalArgumentException("not an organisation: id " + id + ", slug " + slug);
    }
  }
}
