package dev.tidemark.connectors.work.storage;

import java.net.URI;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;

/** An object storage in memory that speaks S3 and wants signatures. */
public final class Bucket implements AutoCloseable {
  private final S3Proxy proxy;
  private final TransientNio2BlobStore files = new TransientNio2BlobStore();

  public Bucket() throws Exception {
    files.createContainer(CreateBucketRequest.builder().bucket("tidemark").build());
    proxy =
        S3Proxy.builder()
            .blobStore(files)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V4, "access", "secret")
            .build();
    proxy.start();
  }

  /** How to come in. */
  public S3Settings settings() {
    return settings("secret");
  }

  S3Settings settings(String secret) {
    return new S3Settings(
        URI.create("http://127.0.0.1:" + proxy.getPort()),
        "us-east-1",
        "tidemark",
        "access",
        secret);
  }

  /** Uploads that were begun and neither ended nor given up. */
  public int openUploads() {
    return files.listMultipartUploads("tidemark").size();
  }

  @Override
  public void close() {
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
