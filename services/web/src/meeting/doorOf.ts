import type { Door } from './place.ts';

/** How this tab was opened: `/join#code` is a guest link, everything else the front door. */
export function doorOf({ pathname, hash }: Pick<Location, 'pathname' | 'hash'>): Door {
  const code = hash.slice(1);

  return pathname.replace(/\/$/, '') === '/join' && code !== ''
    ? { kind: 'guest', code }
    : { kind: 'signIn' };
}
