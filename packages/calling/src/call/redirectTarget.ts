import { CallError } from '../errors.ts';

/**
 * The server's URL that a redirect names, as that of an endpoint.
 * @throws CallError `internal` for one that nobody should follow: what was encrypted stays so.
 */
export function redirectTarget(url: string, from: string): string {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  const protocol = target?.protocol.replace(/^ws/, 'http');
  const isPlain = protocol === 'http:' && new URL(from).protocol === 'http:';
  if (target === undefined || (protocol !== 'https:' && !isPlain)) {
    throw new CallError('internal', 'The server redirected to a place that is not safe to go to.');
  }

  return `${protocol}//${target.host}${target.pathname}`.replace(/\/$/, '');
}
