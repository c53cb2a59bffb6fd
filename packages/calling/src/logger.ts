/** From which level on lines are told, the least important first. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/**
 * What a line is about. These names stay, and others may come. There is nothing here by which anybody could get into a call or
 * that somebody said: no token, no credential of ICE or TURN, no telephone number, no name, no text and no custom data.
 */
export type LogDetails = {
  /** Id of the call. */
  readonly callId?: string | undefined;
  /** The server's id of something that is sent in the call. */
  readonly producerId?: string | undefined;
  /** Of what is sent: `microphone`, `camera`, `screen`, `screenAudio`. */
  readonly source?: string | undefined;
  /** Of data messages: `ordered` or `lossy`. */
  readonly channel?: string | undefined;
  /** Of the request to the server, by its name in the protocol. */
  readonly request?: string | undefined;
  /** Of the server's notification, likewise. */
  readonly notification?: string | undefined;
  /** The notification's number in its call. */
  readonly sequence?: number | undefined;
  /** What something is now. */
  readonly state?: string | undefined;
  /** What it was before. */
  readonly from?: string | undefined;
  /** What it is after that. */
  readonly to?: string | undefined;
  /** Name of the end reason. */
  readonly reason?: string | undefined;
  /** Of an error of the SDK. */
  readonly code?: string | undefined;
  /** Name of an error of the browser. */
  readonly error?: string | undefined;
};

/** Where the SDK reports what it does; `console` fits. What it throws breaks nothing. */
export interface Logger {
  /** What only helps to look for a fault. */
  debug(message: string, details?: LogDetails): void;
  /** What has changed, a line each time. */
  info(message: string, details?: LogDetails): void;
  /** What went wrong and was, or may be, mended. */
  warn(message: string, details?: LogDetails): void;
  /** What went wrong and stays so. */
  error(message: string, details?: LogDetails): void;
}

export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };

const levels = ['debug', 'info', 'warn', 'error'] as const satisfies readonly LogLevel[];

/** Tokens are JWTs (RFC 7519), whose first part begins so; telephone numbers are those of E.164. */
const secrets = /eyJ[\w-]+\.[\w.-]+|\+\d{7,15}/g;

export function redact(text: string): string {
  return text.replace(secrets, '[redacted]');
}

/**
 * The application's logger as the SDK uses it: told from that level on. Nothing secret is handed to it in the first place;
 * what looks like it all the same, in a name that an application has chosen, is taken out.
 *
 * @throws TypeError for a logger that is none, and a level that does not exist.
 */
export function guardLogger(logger: Logger = silentLogger, least: LogLevel = 'info'): Logger {
  const from = levels.indexOf(least);
  if (from < 0 || !levels.every((level) => typeof logger[level] === 'function')) {
    throw new TypeError('The logger needs debug, info, warn and error, and logLevel is one of these.');
  }
  const guarded = { ...silentLogger };
  for (const level of levels.slice(from)) {
    guarded[level] = (message, details) => {
      try {
        logger[level](message, JSON.parse(redact(JSON.stringify(details ?? {}))) as LogDetails);
      } catch (error) {
        // As with a listener of an event: it reaches the page's own error reporting.
        queueMicrotask(() => {
          throw error;
        });
      }
    };
  }

  return guarded;
}
