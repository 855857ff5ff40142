package dev.tidemark.connectors.work.http;

import java.net.UnknownHostException;

/** Nobody may be asked there. Asking again does not help. */
public final class AddressRefused extends UnknownHostException {
  private static final long serialVersionUID = 1;

  AddressRefused(String message) {
    super(message);
  }
}
