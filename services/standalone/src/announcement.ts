import type { Demo } from '@parley/api';
import { isLoopbackHost } from '@parley/protocol';
import type { Environment } from './environment.ts';
import type { Platform } from './startPlatform.ts';

/** What `npm start` prints once the platform is up. */
export function announcement(platform: Platform, environment: Environment): string {
  const { publicUrl, adminUrl, demo, hasApplications } = platform;
  // By themselves, or through a proxy.
  const isReachable = [hostOf(environment.PARLEY_LISTEN_ADDRESS), new URL(publicUrl).hostname].some(
    (host) => !isLoopbackHost(host),
  );

  return [
    '',
    `Parley is up at ${publicUrl}`,
    ...(demo === undefined ? [] : demoLines(demo, platform, environment)),
    ...(hasApplications ? [] : firstApplicationLines(platform)),
    ...(isReachable && environment.PARLEY_ANNOUNCED_ADDRESS === undefined
      ? ['', '  Other machines see the page but get no media: set PARLEY_ANNOUNCED_ADDRESS.']
      : []),
    ...(adminUrl === undefined
      ? []
      : ['', `  Metrics of this process, for its operator: ${adminUrl}/metrics`]),
    '',
    '  Ctrl-C stops everything.',
    '',
  ].join('\n');
}

/** An address as a URL names it. */
function hostOf(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

function firstApplicationLines({ publicUrl, hasOperatorKey }: Platform): string[] {
  return [
    '',
    '  There is no application yet, so nobody can sign in.',
    ...(hasOperatorKey
      ? [
          '  Make one with the operator key:',
          '',
          `  curl -X POST ${publicUrl}/v1/applications -H "Authorization: Bearer $PARLEY_OPERATOR_KEY" \\`,
          `    -H 'Content-Type: application/json' -d '{ "name": "My application", "allowedOrigins": ["https://your-page.example"] }'`,
          '',
          '  Its pages may be of the allowedOrigins only; those of this server always may.',
        ]
      : ['  Start with a PARLEY_OPERATOR_KEY to make one; openssl rand -base64 32 prints a key.']),
  ];
}

function demoLines(demo: Demo, { demoFile }: Platform, { PARLEY_OPERATOR_KEY }: Environment): string[] {
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
    PARLEY_OPERATOR_KEY === undefined
      ? `  The same in ${demoFile}, and the operator key, which makes applications.`
      : `  The same in ${demoFile}.`,
  ];
}
