package dev.tidemark.connectors.work.storage;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Files in a bucket of whatever speaks S3. A long file goes in parts, of which no more than one is
 * in memory; if it is broken off, its parts are given up.
 */
public final class S3Storage implements Storage, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(S3Storage.class);

  /** 10,000 parts of these are 80 GB. */
  private static final int PART = 8 * 1024 * 1024;

  private static final int LISTED_AT_ONCE = 1_000;

  private final S3Client client;
  private final String bucket;

  public S3Storage(S3Settings settings) {
    bucket = settings.bucket();
    client =
        S3Client.builder()
            .endpointOverride(settings.endpoint())
            .region(Region.of(settings.region()))
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(settings.accessKey(), settings.secretKey())))
            .forcePathStyle(true)
            // What is newer than the protocol is not known to every storage.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .httpClient(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(Duration.ofSeconds(10))
                    .socketTimeout(Duration.ofSeconds(60))
                    .build())
            .build();
  }

  @Override
  public void put(String key, String mediaType, InputStream content) throws IOException {
    Keys.check(key);
    byte[] first = content.readNBytes(PART);
    try {
      if (first.length < PART) {
        client.putObject(
            put -> put.bucket(bucket).key(key).contentType(mediaType),
            RequestBody.fromBytes(first));
      } else {
        putInParts(key, mediaType, first, content);
      }
    } catch (SdkException e) {
      throw failed("put " + key, e);
    }
  }

  private void putInParts(String key, String mediaType, byte[] first, InputStream rest)
      throws IOException {
    String upload =
        client
            .createMultipartUpload(make -> make.bucket(bucket).key(key).contentType(mediaType))
            .uploadId();
    boolean complete = false;
    try {
      List<CompletedPart> parts = new ArrayList<>();
      for (byte[] part = first; part.length > 0; part = rest.readNBytes(PART)) {
        int number = parts.size() + 1;
        String tag =
            client
                .uploadPart(
                    put -> put.bucket(bucket).key(key).uploadId(upload).partNumber(number),
                    RequestBody.fromBytes(part))
                .eTag();
        parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
      }
      client.completeMultipartUpload(
          end ->
              end.bucket(bucket)
                  .key(key)
                  .uploadId(upload)
                  .multipartUpload(all -> all.parts(parts)));
      complete = true;
    } finally {
      if (!complete) {
        giveUp(key, upload);
      }
    }
  }

  private void giveUp(String key, String upload) {
    try {
      client.abortMultipartUpload(abort -> abort.bucket(bucket).key(key).uploadId(upload));
    } catch (SdkException e) {
      LOG.warn("parts of {} are left in the storage", key, e);
    }
  }

  @Override
  public Optional<InputStream> get(String key) throws IOException {
    Keys.check(key);
    try {
      return Optional.of(client.getObject(get -> get.bucket(bucket).key(key)));
    } catch (NoSuchKeyException _) {
      return Optional.empty();
    } catch (SdkException e) {
      throw failed("get " + key, e);
    }
  }

  @Override
  public Optional<Stored> head(String key) throws IOException {
    Keys.check(key);
    try {
      HeadObjectResponse head = client.headObject(ask -> ask.bucket(bucket).key(key));
      return Optional.of(new Stored(key, head.contentLength(), head.lastModified()));
    } catch (NoSuchKeyException _) {
      return Optional.empty();
    } catch (SdkException e) {
      throw failed("look at " + key, e);
    }
  }

  @Override
  public List<Stored> list(String prefix, int most) throws IOException {
    Keys.checkPrefix(prefix);
    List<Stored> files = new ArrayList<>();
    String from = null;
    try {
      do {
        String token = from;
        ListObjectsV2Response page =
            client.listObjectsV2(
                list ->
                    list.bucket(bucket)
                        .prefix(prefix)
                        .continuationToken(token)
                        .maxKeys(Math.min(LISTED_AT_ONCE, most)));
        for (S3Object object : page.contents()) {
          if (files.size() < most) {
            files.add(new Stored(object.key(), object.size(), object.lastModified()));
          }
        }
        from = page.nextContinuationToken();
      } while (from != null && files.size() < most);
      return files;
    } catch (SdkException e) {
      throw failed("list " + prefix, e);
    }
  }

  @Override
  public void delete(String key) throws IOException {
    Keys.check(key);
    try {
      client.deleteObject(delete -> delete.bucket(bucket).key(key));
    } catch (NoSuchKeyException e) {
      LOG.debug("{} was not there", key, e);
    } catch (SdkException e) {
      throw failed("delete " + key, e);
    }
  }

  private static IOException failed(String what, SdkException cause) {
    return new IOException("the object storage cannot " + what + ": " + cause.getMessage(), cause);
  }

  @Override
  public void close() {
    client.close();
  }
}
