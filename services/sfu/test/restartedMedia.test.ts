import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Joined, RequestAnswer } from '@parley/protocol';
import { afterEach, expect, it } from 'vitest';
import { vp8Parameters } from './support/rtpParameters.ts';
import { SfuProcess } from './support/SfuProcess.ts';
import type { TestClient } from './support/TestClient.ts';

type Rejoined = Extract<RequestAnswer<'resume'>, { action: 'rejoin' }>;

const opened = new AsyncDisposableStack();

afterEach(() => opened.disposeAsync());

it('a picture asked for after a restart comes when its sender is back, however late that is', async () => {
  const sfu = opened.use(await SfuProcess.create());
  await sfu.start();
  const alice = await enter(sfu, 'alice');
  const bob = await enter(sfu, 'bob');
  const callId = bob.joined.call.id;
  const camera = { callId, source: 'camera', rtpParameters: vp8Parameters(), paused: false } as const;
  const { id: transportId } = bob.joined.media.sendTransport;
  const { producerId } = await bob.client.request('produce', { ...camera, transportId });
  const page = join(sfu.stateDir, `${callId}.json`);
  await expect.poll(() => readFile(page, 'utf8').catch(() => '')).toContain(producerId);

  await sfu.stop('SIGKILL');
  await sfu.start();
  const first = await rejoin(sfu, alice);
  const asked = await first.client.request('consume', { callId, producerIds: [producerId, 'never-was'] });
  expect(asked).toEqual({ consumers: [], unavailable: ['never-was'] });
  const second = await rejoin(sfu, bob);
  const over = second.answer.media.sendTransport.id;
  expect(await second.client.request('produce', { ...camera, transportId: over })).toEqual({ producerId });

  expect(await first.client.next('consumersAdded')).toMatchObject({ consumers: [{ producerId }] });
});

interface Entered {
  readonly userId: string;
  readonly client: TestClient;
  readonly joined: Joined;
}

async function enter(sfu: SfuProcess, userId: string): Promise<Entered> {
  const client = await sfu.connect(userId);
  const joined = await client.enter('joinRoom', { roomId: 'room', media: await client.offer() });

  return { userId, client, joined };
}

async function rejoin(sfu: SfuProcess, { userId, client: before, joined }: Entered) {
  const { client, answer } = await sfu.resume(before, joined, userId);
  expect(answer.action).toBe('rejoin');

  return { client, answer: answer as Rejoined };
}
