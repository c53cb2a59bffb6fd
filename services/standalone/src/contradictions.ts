import { isLoopbackHost } from '@parley/protocol';
import { standardLoadLimits } from '@parley/sfu/load-limits';
import { isProduction, type Environment } from './environmentSchema.ts';

interface Contradiction {
  readonly variable: keyof Environment;
  readonly isFound: (environment: Environment) => boolean;
  /** What the variable must be, or why it must not be. */
  readonly message: string;
}

const aboutMedia: readonly Contradiction[] = [
  {
    variable: 'PARLEY_RTC_MAX_PORT',
    isFound: (environment) => environment.PARLEY_RTC_MIN_PORT > environment.PARLEY_RTC_MAX_PORT,
    message: 'must not be below PARLEY_RTC_MIN_PORT',
  },
  {
    variable: 'PARLEY_RTC_MAX_PORT',
    isFound: ({ PARLEY_RTC_MIN_PORT: first, PARLEY_RTC_MAX_PORT: last, PARLEY_MEDIA_WORKERS: workers }) =>
      first <= last && last - first + 1 < workers,
    message: 'must leave a port for each of PARLEY_MEDIA_WORKERS, counted from PARLEY_RTC_MIN_PORT',
  },
  {
    variable: 'PARLEY_TURN_SECRET',
    isFound: ({ PARLEY_TURN_URLS, PARLEY_TURN_SECRET }) =>
      PARLEY_TURN_URLS.length > 0 && PARLEY_TURN_SECRET === undefined,
    message: 'must be set beside PARLEY_TURN_URLS, to what the TURN servers know too',
  },
  {
    variable: 'PARLEY_TURN_URLS',
    isFound: ({ PARLEY_TURN_URLS, PARLEY_TURN_SECRET }) =>
      PARLEY_TURN_URLS.length === 0 && PARLEY_TURN_SECRET !== undefined,
    message: 'must be set beside PARLEY_TURN_SECRET, or no client is told of a TURN server',
  },
];

/** What is done about load, the mildest first. */
const loadSteps = ['relieveAbove', 'fewerVideosAbove', 'noNewVideoAbove', 'noJoinAbove'] as const;

/** A harsher step that came before a milder one would be all that is ever done. */
const aboutLoad: readonly Contradiction[] = loadSteps.slice(1).map((step, index) => {
  const milder = loadSteps[index] ?? step;

  return {
    variable: 'PARLEY_LIMITS',
    isFound: ({ PARLEY_LIMITS }) => {
      const load = { ...standardLoadLimits, ...PARLEY_LIMITS.load };

      return load[step] < load[milder];
    },
    message: `must not put load.${step} below load.${milder}, which are ${standardLoadLimits[step]} and ${standardLoadLimits[milder]} unless set`,
  };
});

const ofEachProcess = ['PARLEY_NODE_ID', 'PARLEY_NODE_URL'] as const;
const besideRedis = [...ofEachProcess, 'PARLEY_REDIS_PREFIX'] as const;

const aboutSeveralProcesses: readonly Contradiction[] = [
  ...ofEachProcess.map((variable) => ({
    variable,
    isFound: (environment: Environment) =>
      environment.PARLEY_REDIS_URL !== undefined && environment[variable] === undefined,
    message: 'must be set beside PARLEY_REDIS_URL, to something else for each process',
  })),
  // Two processes that do not know of each other would each hold a call of the same room.
  ...besideRedis.map((variable) => ({
    variable,
    isFound: (environment: Environment) =>
      environment.PARLEY_REDIS_URL === undefined && environment[variable] !== undefined,
    message: 'is for several processes, which need PARLEY_REDIS_URL: set that, or leave this out',
  })),
];

const aboutProduction: readonly Contradiction[] = [
  {
    variable: 'PARLEY_MASTER_KEY',
    isFound: ({ PARLEY_MASTER_KEY }) => PARLEY_MASTER_KEY === undefined,
    message: 'must be set in production, to what openssl rand -base64 32 prints',
  },
  {
    variable: 'DATABASE_URL',
    isFound: ({ DATABASE_URL }) => DATABASE_URL === undefined,
    message: 'must be set in production, where the embedded PostgreSQL does not run',
  },
  {
    variable: 'PARLEY_PUBLIC_URL',
    isFound: ({ PARLEY_PUBLIC_URL }) => PARLEY_PUBLIC_URL === undefined,
    message: 'must be set in production, to the URL that people open',
  },
  {
    variable: 'PARLEY_PUBLIC_URL',
    isFound: ({ PARLEY_PUBLIC_URL }) => PARLEY_PUBLIC_URL !== undefined && !isSecure(PARLEY_PUBLIC_URL),
    message: 'must begin with https:// in production, or no browser gives a microphone',
  },
  {
    variable: 'PARLEY_DEMO',
    isFound: ({ PARLEY_DEMO }) => PARLEY_DEMO === 'on',
    message: 'must not be on in production, for the page tells everybody its passwords',
  },
];

/** What is right by itself and wrong beside the rest. */
export function contradictions(environment: Environment): Contradiction[] {
  return [
    ...aboutMedia,
    ...aboutLoad,
    ...aboutSeveralProcesses,
    ...(isProduction(environment) ? aboutProduction : []),
  ].filter(({ isFound }) => isFound(environment));
}

/** Whether a browser takes the page's origin for trustworthy (W3C Secure Contexts, section 3.1). */
function isSecure(publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl);

  return protocol === 'https:' || isLoopbackHost(hostname);
}
