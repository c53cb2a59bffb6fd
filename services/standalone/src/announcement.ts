import type { Demo } from '@parley/api';
import type { Environment } from './environment.ts';
import type { Platform } from './startPlatform.ts';

/** What `npm start` prints once the platform is up. */
export function announcement(platform: Platform, environment: Environment): string {
  const { publicUrl, demo, hasApplications } = platform;
  const isReachable = !['127.0.0.1', 'localhost', '::1'].includes(environment.PARLEY_LISTEN_ADDRESS);

  return [
    '',
    `Parley is up at ${publicUrl}`,
    ...(demo === undefined ? [] : demoLines(demo)),
    ...(demo === undefined && !hasApplications
      ? ['', '  There is no application yet, so nobody can sign in: start with PARLEY_DEMO=on to make one.']
      : []),
    ...(isReachable && environment.PARLEY_ANNOUNCED_ADDRESS === undefined
      ? ['', '  Other machines see the page but get no media: set PARLEY_ANNOUNCED_ADDRESS.']
      : []),
    '',
    '  Ctrl-C stops everything.',
    '',
  ].join('\n');
}

function demoLines(demo: Demo): string[] {
  return [
    '',
    '  Demo application',
    `    application   ${demo.applicationId}`,
    `    public key    ${demo.publicKey}   names the application in pages`,
    `    private key   ${demo.privateKey}   names the secret`,
    `    secret        ${demo.secret}   bearer key of the REST API`,
    ...demo.users.map((user) => `    ${user.id.padEnd(14)}${user.email} / ${user.password}`),
    `    guest link    ${demo.room.guestLink}`,
    '',
    '  The same in .parley/demo.json.',
  ];
}
