import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { limitsWith, signalingPath } from '@parley/protocol';
import { Server } from 'socket.io';
import { startTestSfu } from '../../test/support/testSfu.ts';
import type { CpuAnswer, Opened } from './messages.ts';

/** The process whose work is measured: the sfu, and beside it a Socket.IO server that does nothing but answer. */
const connections = 20;

await using sfu = await startTestSfu({ workerCount: 1 });
await sfu.putApplication({ limits: limitsWith({ signalingRequestsPerSecond: 100_000 }) });
await sfu.putRoom({ roomId: 'bench' });

const http = createServer();
const echo = new Server(http, {
  path: signalingPath,
  transports: ['websocket'],
  serveClient: false,
  perMessageDeflate: false,
});
echo.on('connection', (socket) => {
  socket.on('request', (_request: unknown, acknowledge: (answer: unknown) => void) =>
    acknowledge({ ok: true, data: {} }),
  );
});
await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));

const tokens = await Promise.all(
  Array.from({ length: connections }, (_, index) => sfu.token(`user-${index}`)),
);
send({
  parley: sfu.url,
  echo: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
  tokens,
} satisfies Opened);

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  send({ cpuSeconds: (user + system) / 1_000_000 } satisfies CpuAnswer);
});
await new Promise<void>((resolve) => process.once('disconnect', resolve));
await echo.close();

function send(message: object): void {
  process.send?.(message);
}
