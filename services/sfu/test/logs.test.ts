import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { applicationId, startTestSfu, type TestSfu } from './support/testSfu.ts';

let sfu: TestSfu;

beforeAll(async () => {
  sfu = await startTestSfu();
});
afterAll(() => sfu[Symbol.asyncDispose]());

describe('the log of a connection', () => {
  it('names the call of a request that failed within Parley', async () => {
    await sfu.putRoom({ roomId: 'room' });
    const dave = await sfu.connect('dave');
    const { call } = await dave.enter('joinRoom', { roomId: 'room', media: await dave.offer() });
    vi.spyOn(sfu.backplane.admission, 'application').mockRejectedValueOnce(new Error('broken'));

    const data = { callId: call.id, callees: ['erin'] };
    expect(await dave.refusal({ name: 'addParticipants', data })).toBe('internal');

    const lines = sfu.log.map((line) => JSON.parse(line) as object);
    expect(lines.filter((line) => 'request' in line)).toMatchObject([
      { level: 50, msg: 'request failed', request: 'addParticipants', callId: call.id, userId: 'dave' },
    ]);
  });

  it('tells a client that has hung up from one that was lost and one that was turned out', async () => {
    const [alice, bob] = [await sfu.connect('alice'), await sfu.connect('bob')];
    await sfu.connect('carol');
    const reasonOf = (userId: string): unknown =>
      sfu.log
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .find((line) => line['msg'] === 'endpoint disconnected' && line['userId'] === userId)?.['reason'];

    alice.socket.disconnect();
    bob.drop();
    await sfu.backplane.admission.putRevocation({
      applicationId,
      subject: { kind: 'user', userId: 'carol' },
      revokedBeforeMs: Date.now() + 1_000,
    });

    await expect.poll(() => reasonOf('alice')).toBe('client namespace disconnect');
    await expect.poll(() => reasonOf('bob')).toBe('transport close');
    await expect.poll(() => reasonOf('carol')).toBe('unauthenticated');
  });

  it('says who was not let into a call and why, and nothing of other refusals', async () => {
    const erin = await sfu.connect('erin');
    const media = await erin.offer();
    const { endpointId } = await erin.welcome();

    expect(await erin.refusal({ name: 'joinCall', data: { callId: 'gone', media } })).toBe('call_not_found');
    expect(await erin.refusal({ name: 'joinRoom', data: { roomId: 'nowhere', media } })).toBe(
      'room_not_found',
    );
    const huge = 'x'.repeat(10_000);
    expect(await erin.refusal({ name: 'joinCall', data: { callId: huge, media } })).toBe('invalid_request');
    expect(await erin.refusal({ name: 'leaveCall', data: { callId: 'gone' } })).toBe('call_not_found');

    const lines = sfu.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter(({ msg }) => msg === 'request refused')).toMatchObject([
      { level: 30, request: 'joinCall', callId: 'gone', endpointId, code: 'call_not_found', userId: 'erin' },
      { level: 30, request: 'joinRoom', endpointId, code: 'room_not_found' },
      { level: 30, request: 'joinCall', endpointId, code: 'invalid_request' },
    ]);
    expect(sfu.log.filter((line) => line.includes(huge))).toEqual([]);
  });
});
