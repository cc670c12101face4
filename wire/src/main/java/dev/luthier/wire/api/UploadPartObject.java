package dev.luthier.wire.api;

/// One part of an upload. Times are Unix seconds.
public record UploadPartObject(String id, String object, long createdAt, String uploadId) {}
