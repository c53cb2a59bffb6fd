import { isLoopbackHost } from '@parley/protocol';
import { isProduction, type Environment } from './environmentSchema.ts';

/** What is right by itself and wrong beside the rest: the variable, and what it must be. */
export function contradictions(environment: Environment): [keyof Environment, string][] {
  const { PARLEY_RTC_MIN_PORT, PARLEY_RTC_MAX_PORT, PARLEY_PUBLIC_URL, PARLEY_DEMO } = environment;
  const found: [keyof Environment, string][] = [];
  if (PARLEY_RTC_MIN_PORT > PARLEY_RTC_MAX_PORT) {
    found.push(['PARLEY_RTC_MAX_PORT', 'must not be below PARLEY_RTC_MIN_PORT']);
  }
  if (environment.PARLEY_TURN_URLS.length > 0 && environment.PARLEY_TURN_SECRET === undefined) {
    found.push([
      'PARLEY_TURN_SECRET',
      'must be set beside PARLEY_TURN_URLS, to what the TURN servers know too',
    ]);
  }
  if (environment.PARLEY_REDIS_URL !== undefined) {
    const unset = (['PARLEY_NODE_ID', 'PARLEY_NODE_URL'] as const).filter(
      (name) => environment[name] === undefined,
    );
    found.push(
      ...unset.map((name): [keyof Environment, string] => [
        name,
        'must be set beside PARLEY_REDIS_URL, to something else for each process',
      ]),
    );
  }
  if (!isProduction(environment)) {
    return found;
  }
  if (environment.PARLEY_MASTER_KEY === undefined) {
    found.push(['PARLEY_MASTER_KEY', 'must be set in production, to what openssl rand -base64 32 prints']);
  }
  if (environment.DATABASE_URL === undefined) {
    found.push(['DATABASE_URL', 'must be set in production, where the embedded PostgreSQL does not run']);
  }
  if (PARLEY_PUBLIC_URL === undefined) {
    found.push(['PARLEY_PUBLIC_URL', 'must be set in production, to the URL that people open']);
  } else if (!isSecure(PARLEY_PUBLIC_URL)) {
    found.push([
      'PARLEY_PUBLIC_URL',
      'must begin with https:// in production, or no browser gives a microphone',
    ]);
  }
  if (PARLEY_DEMO === 'on') {
    found.push(['PARLEY_DEMO', 'must not be on in production, for the page tells everybody its passwords']);
  }

  return found;
}

/** Whether a browser takes the page's origin for trustworthy (W3C Secure Contexts, section 3.1). */
function isSecure(publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl);

  return protocol === 'https:' || isLoopbackHost(hostname);
}
