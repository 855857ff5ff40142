package dev.tidemark.api.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.Map;
import net.logstash.logback.encoder.LogstashEncoder;
import net.logstash.logback.mask.MaskingJsonGeneratorDecorator;
import org.slf4j.LoggerFactory;

/** Sets up the log of the process in code, so that no file on the class path can disagree. */
public final class Logging {
  /** Nobody should log a token; should it happen, it is not readable. */
  private static final String TOKEN = "eyJ[A-Za-z0-9_-]{5,}\\.[A-Za-z0-9_-]+\\.?[A-Za-z0-9_-]*";

  private static final String MASK = "eyJ…";

  /** Libraries that say more at INFO than an operator wants to read. */
  private static final Map<String, Level> QUIETER =
      Map.of(
          "org.apache.kafka", Level.WARN,
          "io.micronaut", Level.WARN,
          "io.netty", Level.WARN,
          "com.nimbusds", Level.WARN);

  private Logging() {}

  /** Makes the whole process log to its standard output in this format. */
  public static void configure(LogFormat format) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      configure(context, format, new FileOutputStream(FileDescriptor.out));
    }
  }

  static void configure(LoggerContext context, LogFormat format, OutputStream target) {
    context.reset();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(context);
    appender.setName("out");
    appender.setEncoder(encoder(context, format));
    appender.setOutputStream(target);
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(appender);
    QUIETER.forEach((name, level) -> context.getLogger(name).setLevel(level));
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogFormat format) {
    return switch (format) {
      case JSON -> json(context);
      case TEXT -> text(context);
    };
  }

  private static Encoder<ILoggingEvent> json(LoggerContext context) {
    MaskingJsonGeneratorDecorator masking = new MaskingJsonGeneratorDecorator();
    MaskingJsonGeneratorDecorator.ValueMask tokens = new MaskingJsonGeneratorDecorator.ValueMask();
    tokens.addValue(TOKEN);
    tokens.setMask(MASK);
    masking.addValueMask(tokens);
    masking.start();
    LogstashEncoder encoder = new LogstashEncoder();
    encoder.setContext(context);
    encoder.setJsonGeneratorDecorator(masking);
    encoder.setVersion(null);
    encoder.start();
    return encoder;
  }

  private static Encoder<ILoggingEvent> text(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    // %replace keeps a line break out of the message, so that nobody can forge a line.
    encoder.setPattern(
        "%d{HH:mm:ss.SSS} %-5level %logger{0} %replace(%replace(%msg %kvp){'"
            + TOKEN
            + "', '"
            + MASK
            + "'}){'[\\r\\n]+', ' '} %mdc{requestId}%n%replace(%ex){'"
            + TOKEN
            + "', '"
            + MASK
            + "'}%nopex");
    encoder.start();
    return encoder;
  }
}
