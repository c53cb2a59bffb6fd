import { availableParallelism } from 'node:os';
import * as z from 'zod';

const isPort = 'must be a port number, 0 to 65535';
const port = z.coerce.number(isPort).int(isPort).min(0, isPort).max(65_535, isPort);
/** A whole number within bounds, with one sentence for whatever else is given. */
const wholeNumber = (least: number, most: number) => {
  const error = `must be a whole number from ${least} to ${most}`;

  return z.coerce.number(error).int(error).min(least, error).max(most, error);
};
const text = z.string().min(1);
const cores = availableParallelism();

/** What `--help` says of a variable. */
interface Help {
  /** The default as a reader understands it. */
  standard: string;
  description: string;
}

const help = (standard: string, description: string): Help & Record<string, unknown> => ({
  standard,
  description,
});

/** Every environment variable of the platform, the set-up's among them, so that the help is complete. */
const environmentSchema = z.object({
  PORT: port.default(8080).meta(help('8080', 'TCP port of the page, the API and signaling.')),
  PARLEY_LISTEN_ADDRESS: text
    .default('127.0.0.1')
    .meta(help('127.0.0.1', 'Address that port is bound to; 0.0.0.0 when a proxy on another machine asks.')),
  PARLEY_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be a URL such as https://calls.example.com' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .meta(help('http://localhost:PORT', 'URL the world sees: issuer of every token, base of every link.')),
  PARLEY_TRUSTED_PROXIES: z
    .string()
    .transform((list) => list.split(',').flatMap((entry) => entry.trim() || []))
    .default([])
    .meta(
      help(
        'none',
        'Addresses or subnets, comma-separated, whose X-Forwarded-For names the client; for limits.',
      ),
    ),
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: 'must be a URL such as postgresql://user:password@host/database',
    })
    .optional()
    .meta(help('an embedded PostgreSQL', 'PostgreSQL server to use instead of the embedded one.')),
  PARLEY_DATA_DIR: text
    .optional()
    .meta(help('.parley/data or below /var/lib/parley', 'Where the embedded PostgreSQL keeps its data.')),
  PARLEY_CACHE_DIR: text
    .optional()
    .meta(
      help(
        '/var/cache/parley or ~/.cache/parley',
        'Where the set-up keeps what it brought, once per machine.',
      ),
    ),
  PARLEY_DEMO: z
    .enum(['on', 'off'])
    .optional()
    .meta(
      help(
        'on, but off with DATABASE_URL or a public URL',
        'Whether to make a demo application with users and a room.',
      ),
    ),
  MEDIASOUP_WORKER_BIN: text
    .optional()
    .meta(help('the one the set-up brought', 'Path of the mediasoup worker.')),
  PARLEY_MEDIA_WORKERS: wholeNumber(1, 256)
    .default(cores)
    .meta(help(`${cores}, the number of cores`, 'How many mediasoup workers to run.')),
  PARLEY_ANNOUNCED_ADDRESS: text
    .optional()
    .meta(
      help(
        'none: media on 127.0.0.1 only',
        'Address browsers send media to; with it media is taken on all interfaces.',
      ),
    ),
  PARLEY_RTC_MIN_PORT: port
    .min(1)
    .default(40_000)
    .meta(help('40000', 'First port for media, UDP and TCP; each mediasoup worker takes one.')),
  PARLEY_RTC_MAX_PORT: port.min(1).default(40_099).meta(help('40099', 'Last port for media.')),
  PARLEY_RINGING_TIMEOUT_SECONDS: wholeNumber(1, 600)
    .default(60)
    .meta(help('60', 'How long a call rings before it ends unanswered.')),
  PARLEY_LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('warn')
    .meta(help('warn', 'How much to log, as JSON lines on standard error.')),
});

export type Environment = z.infer<typeof environmentSchema>;

/** Parses the environment; throws an error whose message names each wrong variable and what it must be. */
export function parseEnvironment(source: Record<string, string | undefined>): Environment {
  const result = environmentSchema
    .refine((env) => env.PARLEY_RTC_MIN_PORT <= env.PARLEY_RTC_MAX_PORT, {
      path: ['PARLEY_RTC_MAX_PORT'],
      message: 'must not be below PARLEY_RTC_MIN_PORT',
    })
    // An empty variable means the same as none, as in shells and compose files.
    .safeParse(Object.fromEntries(Object.entries(source).filter(([, value]) => value !== '')));

  if (!result.success) {
    const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The environment is not usable: ${faults.join('; ')}. See npm start -- --help.`);
  }

  return result.data;
}

/** The text of `npm start -- --help`. */
export function environmentHelp(): string {
  const rows = Object.entries(environmentSchema.shape).map(([name, schema]) => {
    const { standard, description } = schema.meta() ?? {};

    return `  ${name}\n      ${description}\n      Default: ${String(standard)}`;
  });

  return ['Usage: npm start', '', 'Environment variables:', ...rows, ''].join('\n');
}
