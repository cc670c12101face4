package dev.luthier.http.dashboard;

/// What the page of models asks for.
public record ModelViews(AliasViews aliases, BaseViews bases) {}
