import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMemoryBackplane } from '@parley/backplane';
import { limitsWith } from '@parley/protocol';
import { locateWorker } from '@parley/setup';
import { pino } from 'pino';
import { createSfu } from '../../src/index.ts';
import { applicationId, publicUrl } from './testSfu.ts';

/**
 * A process that is nothing but an sfu, for tests that kill one. Its settings come in `SFU_PROCESS`; on its standard
 * output it says, a line of JSON each, where it listens and what happens in its calls.
 */
interface Settings {
  readonly port: number;
  readonly stateDir: string;
  readonly publicJwk: { readonly kid: string };
  readonly presenters: readonly string[];
  /** Who can be called. */
  readonly users: readonly string[];
}

const settings = JSON.parse(process.env['SFU_PROCESS'] ?? '{}') as Settings;
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const backplane = createMemoryBackplane((error) => {
  throw error;
});
await backplane.admission.putSigningKeys([settings.publicJwk]);
await backplane.admission.putAllRevocations([]);
await backplane.admission.putApplication({
  applicationId,
  allowedOrigins: [],
  anonymousDestinations: [],
  limits: limitsWith(),
});
for (const userId of settings.users) {
  await backplane.admission.putUser({ applicationId, userId, displayName: userId, phoneNumbers: [] });
}
for (const [roomId, lobby] of [
  ['room', false],
  ['guarded', true],
] as const) {
  await backplane.admission.putRoom({
    applicationId,
    roomId,
    access: 'open',
    lobby,
    attendeesMayShare: true,
    validFromMs: 0,
    validUntilMs: Number.MAX_SAFE_INTEGER,
    maxParticipants: 100,
    roster: Object.fromEntries(settings.presenters.map((userId) => [userId, 'presenter'])),
  });
}
backplane.callEvents.consume(async (events) => events.forEach((event) => say({ event })));
const sfu = await createSfu({
  backplane,
  logger: pino({ level: 'trace' }, { write: (line) => say({ log: JSON.parse(line) as object }) }),
  config: {
    nodeId: 'node-1',
    publicUrl,
    workerBin: await locateWorker(),
    workerCount: 1,
    listenAddress: '127.0.0.1',
    rtcMinPort: 43_000,
    rtcMaxPort: 43_499,
    stateDir: settings.stateDir,
    callSettings: { reconnectSeconds: 8 },
  },
});
const server = createServer();
sfu.attach(server);
process.once('SIGTERM', () => {
  void sfu.close().then(() => process.exit(0));
});
server.listen(settings.port, '127.0.0.1', () => say({ port: (server.address() as AddressInfo).port }));
