import { availableParallelism } from 'node:os';
import * as z from 'zod';
import { parseAdminAddress } from './adminAddress.ts';
import { callSettings, limitsSchema } from './limits.ts';
import { parseMasterKey } from './masterKey.ts';
import {
  help,
  isHost,
  isProxy,
  json,
  list,
  parsedBy,
  port,
  text,
  webUrl,
  wholeNumber,
  withDefault,
} from './settingTypes.ts';

const days = wholeNumber(1, 36_500);
const cores = availableParallelism();
const collector = webUrl('http://collector.internal:4318').optional();
const name = z
  .string()
  .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, hyphens and underscores');

/** Every environment variable of the platform, the set-up's among them, so that the help is complete. */
export const environmentSchema = z.object({
  NODE_ENV: z
    .enum(['production', 'development', 'test'], 'must be production, development or test')
    .optional()
    .meta(
      help(
        'none',
        '"production" starts with your own database, master key and public URL only, and without the demo.',
      ),
    ),
  PORT: withDefault(port(0), 8080, 'TCP port of the page, the API and signaling.'),
  PARLEY_LISTEN_ADDRESS: withDefault(
    text,
    '127.0.0.1',
    'Address that port is bound to; 0.0.0.0 when a proxy on another machine asks.',
  ),
  PARLEY_PUBLIC_URL: webUrl('https://calls.example.com')
    .optional()
    .meta(help('http://localhost:PORT', 'URL the world sees: issuer of every token, base of every link.')),
  PARLEY_TRUSTED_PROXIES: list(
    isProxy,
    'must be addresses or subnets such as 10.0.0.0/8, or loopback, linklocal or uniquelocal',
  )
    .default([])
    .meta(
      help(
        'none',
        'Addresses, subnets or "loopback", comma-separated, whose X-Forwarded-For names the client; for limits.',
      ),
    ),
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: 'must be a URL such as postgresql://user:password@host/database',
    })
    .optional()
    .meta(help('an embedded PostgreSQL', 'PostgreSQL server to use instead of the embedded one.')),
  PARLEY_REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'must be a URL such as redis://user:password@host:6379' })
    .optional()
    .meta(help('none', 'Redis 7 or later that several processes share; without it there is one process.')),
  PARLEY_REDIS_PREFIX: name
    .optional()
    .meta(
      help('parley', 'What the keys there begin with; another for each platform that shares the server.'),
    ),
  PARLEY_NODE_ID: name
    .optional()
    .meta(help('standalone', 'Names this process among several; the same at its next start.')),
  PARLEY_NODE_URL: webUrl('https://node1.calls.example.com')
    .optional()
    .meta(
      help(
        'the public URL',
        'URL that leads clients to this very process, where others send them for a room.',
      ),
    ),
  PARLEY_STATE_DIR: text
    .optional()
    .meta(
      help(
        '.parley',
        'Where what outlives a restart is kept: live calls, events not recorded yet, the master key.',
      ),
    ),
  PARLEY_DATABASE_CONNECTIONS: wholeNumber(4, 1_000)
    .optional()
    .meta(
      help(
        '10',
        'Connections to PostgreSQL for requests; one application changes things on a third of them.',
      ),
    ),
  PARLEY_MASTER_KEY: parsedBy(
    parseMasterKey,
    'must be 32 bytes as base64 or hexadecimal, as openssl rand -base64 32 makes them',
  )
    .optional()
    .meta(
      help(
        'made at the first start, master.key beside the data',
        'Seals the signing keys in the database. Keep a copy: without it every session token is void.',
      ),
    ),
  PARLEY_OPERATOR_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{32,}$/, 'must be at least 32 visible ASCII characters')
    .optional()
    .meta(help('none; the demo makes one', 'Bearer key that opens /v1/applications and /v1/signing-keys.')),
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
    .enum(['on', 'off'], 'must be on or off')
    .optional()
    .meta(
      help(
        'on, but off with DATABASE_URL or a public URL',
        'Whether to make a demo application with users and a room.',
      ),
    ),
  PARLEY_ADDRESS_REQUESTS_PER_MINUTE: wholeNumber(1, 1_000_000)
    .optional()
    .meta(help('3000', 'Requests a minute that one address may make without a valid credential.')),
  PARLEY_ADDRESS_HANDSHAKES_PER_MINUTE: wholeNumber(1, 1_000_000)
    .optional()
    .meta(help('1000', 'Signaling connections of one address that may be refused a minute.')),
  PARLEY_OPERATOR_REQUESTS_PER_MINUTE: wholeNumber(1, 1_000_000)
    .optional()
    .meta(help('1200', 'Requests a minute with the operator key.')),
  PARLEY_AUDIT_RETENTION_DAYS: withDefault(days, 400, 'How long the audit log is kept.'),
  PARLEY_CALL_RETENTION_DAYS: withDefault(days, 400, 'How long the records of ended calls are kept.'),
  PARLEY_SIGNING_KEY_DAYS: withDefault(
    days,
    90,
    'Age at which the key that signs tokens is replaced by itself.',
  ),
  MEDIASOUP_WORKER_BIN: text
    .optional()
    .meta(help('the one the set-up brought', 'Path of the mediasoup worker.')),
  PARLEY_MEDIA_WORKERS: wholeNumber(1, 256)
    .default(cores)
    .meta(help(`${cores}, the number of cores`, 'How many mediasoup workers to run.')),
  PARLEY_ANNOUNCED_ADDRESS: text
    .refine(isHost, 'must be an IP address or a host name that browsers can reach, such as 203.0.113.7')
    .optional()
    .meta(
      help(
        'none: media on 127.0.0.1 only',
        'Address browsers send media to; with it media is taken on all interfaces.',
      ),
    ),
  PARLEY_RTC_MIN_PORT: withDefault(
    port(1),
    40_000,
    'First port for media, UDP and TCP; each mediasoup worker takes one, draining one needs one to spare.',
  ),
  PARLEY_RTC_MAX_PORT: withDefault(port(1), 40_099, 'Last port for media.'),
  PARLEY_AV1: withDefault(
    z.enum(['on', 'off'], 'must be on or off'),
    'off',
    'Whether AV1 is offered; a call in which it is sent uses one mediasoup worker while that takes people.',
  ),
  PARLEY_ADMIN_ADDRESS: parsedBy(
    parseAdminAddress,
    'must be an address and a port such as 127.0.0.1:9464, or off',
  )
    .optional()
    .meta(
      help(
        '127.0.0.1:9464, or none when that is taken',
        'Where metrics, dumps of calls and draining are served, to whoever can reach it; "off" for nowhere.',
      ),
    ),
  PARLEY_TURN_URLS: list(
    (url) => /^turns?:[^\s/]+$/.test(url),
    'must be URLs such as turns:turn.example.com:443?transport=tcp, comma-separated',
  )
    .default([])
    .meta(help('none', 'TURN servers for clients that find no straight path, comma-separated.')),
  PARLEY_TURN_SECRET: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, 'must be at least 16 visible ASCII characters')
    .optional()
    .meta(help('none', "Shared with the TURN servers, coturn's static-auth-secret.")),
  PARLEY_TURN_TTL_SECONDS: withDefault(
    wholeNumber(1, 86_400),
    300,
    'How long a TURN credential opens an allocation.',
  ),
  PARLEY_CALL_SETTINGS: json(callSettings, '{"aloneTimeoutSeconds":300}')
    .default({})
    .meta(
      help(
        'those of packages/protocol/PROTOCOL.md, "Call settings"',
        'JSON of how calls behave unless their application wants it otherwise.',
      ),
    ),
  PARLEY_LIMITS: json(limitsSchema, '{"media":{"consumers":100}}')
    .default({})
    .meta(
      help('those of docs/guides/limits.md', 'JSON of the limits of this node that are to be otherwise.'),
    ),
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.meta(
    help('none: nothing is traced', 'OpenTelemetry collector that traces are sent to, by HTTP.'),
  ),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collector.meta(
    help('OTEL_EXPORTER_OTLP_ENDPOINT/v1/traces', 'The same, as the whole URL for traces.'),
  ),
  OTEL_EXPORTER_OTLP_HEADERS: text
    .optional()
    .meta(help('none', 'Headers for the collector, such as authorization=Bearer%20…, comma-separated.')),
  OTEL_SERVICE_NAME: text.optional().meta(help('parley', 'service.name of the traces.')),
  OTEL_RESOURCE_ATTRIBUTES: text
    .optional()
    .meta(
      help(
        'service.instance.id is PARLEY_NODE_ID',
        'What else traces say of this process, such as deployment.environment.name=production.',
      ),
    ),
  OTEL_TRACES_SAMPLER: text
    .optional()
    .meta(help('parentbased_always_on', 'Which traces are sent; OTEL_TRACES_SAMPLER_ARG has its ratio.')),
  OTEL_SDK_DISABLED: text.optional().meta(help('false', '"true" traces nothing, whatever else is set.')),
  PARLEY_LOG_LEVEL: withDefault(
    z.enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
      'must be trace, debug, info, warn, error or silent',
    ),
    'warn',
    'How much to log, as JSON lines on standard error.',
  ),
});

export type Environment = z.infer<typeof environmentSchema>;

/** Whether other people's calls depend on it. */
export function isProduction({ NODE_ENV }: Pick<Environment, 'NODE_ENV'>): boolean {
  return NODE_ENV === 'production';
}
