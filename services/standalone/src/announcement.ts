import type { Demo } from '@parley/api';
import type { Platform } from './startPlatform.ts';

/** What `npm start` prints once the platform is up. */
export function announcement({ publicUrl, demo }: Platform, demoFile: string): string {
  return [
    '',
    `Parley is up at ${publicUrl}`,
    ...(demo === undefined ? [] : demoLines(demo, demoFile)),
    '',
  ].join('\n');
}

function demoLines(demo: Demo, demoFile: string): string[] {
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
    `  The same in ${demoFile}. Ctrl-C stops everything.`,
  ];
}
