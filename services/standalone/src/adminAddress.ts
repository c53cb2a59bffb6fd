import { isIP } from 'node:net';

/** Where the operator alone is served; `off` is nowhere. */
export type AdminAddress = 'off' | { readonly host: string; readonly port: number };

export const standardAdminAddress = { host: '127.0.0.1', port: 9_464 } as const;

/** Parses an IP address and a port such as `127.0.0.1:9464` or `[::1]:9464`; undefined for anything else. */
export function parseAdminAddress(text: string): AdminAddress | undefined {
  if (text === 'off') {
    return 'off';
  }
  const [, bracketed, plain, digits] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain ?? '';
  const port = Number(digits);
  const isAddress = isIP(host) === (bracketed === undefined ? 4 : 6);

  return isAddress && port <= 65_535 ? { host, port } : undefined;
}
