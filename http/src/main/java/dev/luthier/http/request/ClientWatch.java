package dev.luthier.http.request;

import dev.luthier.http.sse.ClientGoneException;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;

/// Notices that a client has left while its whole answer is being made. Belongs to the thread that
/// serves the request.
///
/// Between a request and its answer nobody reads an HTTP/1.1 connection, so its end is seen only by
/// looking ahead: one byte, without waiting. A client that sends its next request early keeps that
/// byte, and is not watched any more.
public final class ClientWatch {
  private final EndPoint endPoint;
  private final Connection connection;
  private boolean watching;

  private ClientWatch(EndPoint endPoint, Connection connection, boolean watching) {
    this.endPoint = endPoint;
    this.connection = connection;
    this.watching = watching;
  }

  /// Watches the client of a request whose body has been read.
  public static ClientWatch of(Context context) throws IOException {
    Connection connection =
        ServletContextRequest.getServletContextRequest(context.req())
            .getConnectionMetaData()
            .getConnection();
    boolean bodyRead = context.req().getInputStream().isFinished();
    return new ClientWatch(
        connection.getEndPoint(),
        connection,
        bodyRead && connection instanceof Connection.UpgradeTo);
  }

  /// Throws [ClientGoneException] when the client has closed the connection.
  public void check() {
    if (!watching) {
      return;
    }
    ByteBuffer next = BufferUtil.allocate(1);
    int filled;
    try {
      filled = endPoint.fill(next);
    } catch (IOException reset) {
      throw new ClientGoneException(reset);
    }
    if (filled < 0) {
      throw new ClientGoneException();
    }
    if (filled > 0 && connection instanceof Connection.UpgradeTo reader) {
      reader.onUpgradeTo(next);
      watching = false;
    }
  }
}
