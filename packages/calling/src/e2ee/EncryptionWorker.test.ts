import { describe, expect, it } from 'vitest';
import { EncryptionWorker } from './EncryptionWorker.ts';
import { sharedOwner } from './keyOwner.ts';
import { importBaseKey } from './keySchedule.ts';
import type { EncodedFrame, TransformOptions, WorkerEvent } from './workerMessages.ts';

const keyA = await importBaseKey(new Uint8Array(32).fill(1));
const keyB = await importBaseKey(new Uint8Array(32).fill(2));
const sending: TransformOptions = { id: 1, operation: 'encrypt', codec: 'vp8', source: 'camera' };
const receiving: TransformOptions = { ...sending, id: 2, operation: 'decrypt', sender: 'alice' };
const slot: TransformOptions = { id: 3, operation: 'decrypt', codec: 'opus', source: 'microphone' };

function frameOf(
  bytes: readonly number[],
  metadata: ReturnType<EncodedFrame['getMetadata']> = {},
): EncodedFrame {
  return { data: Uint8Array.from(bytes).buffer, getMetadata: () => metadata };
}

const picture = (): EncodedFrame => frameOf([1, ...Array.from({ length: 60 }, (_, index) => index)]);
const bytesOf = (frames: readonly EncodedFrame[]): number[][] =>
  frames.map(({ data }) => [...new Uint8Array(data)]);

function createWorker() {
  const events: WorkerEvent[] = [];
  const worker = new EncryptionWorker((event) => events.push(event));
  /** What comes out when these frames go in. */
  const run = async (options: TransformOptions, frames: readonly EncodedFrame[]): Promise<EncodedFrame[]> => {
    const passed: EncodedFrame[] = [];
    await worker.transform(
      options,
      new ReadableStream({
        start(controller) {
          frames.forEach((frame) => controller.enqueue(frame));
          controller.close();
        },
      }),
      new WritableStream({ write: (frame) => void passed.push(frame) }),
    );

    return passed;
  };
  const setKey = (key: CryptoKey, keyIndex = 0): void =>
    worker.receive({ name: 'setKey', owner: sharedOwner, keyIndex, key });
  const sendWith = (key: CryptoKey, keyIndex = 0): void =>
    worker.receive({ name: 'send', keyIndex, key, cipher: 'AES-128-GCM' });

  return { worker, events, run, setKey, sendWith };
}

describe('the worker', () => {
  it('passes frames in their order, encrypted and decrypted', async () => {
    const alice = createWorker();
    const bob = createWorker();
    alice.sendWith(keyA);
    bob.setKey(keyA);
    const frames = Array.from({ length: 20 }, (_, index) => frameOf([1, 2, 3, index]));
    const before = bytesOf(frames);

    const sent = await alice.run(sending, frames);
    expect(bytesOf(sent)).not.toEqual(before);

    expect(bytesOf(await bob.run(receiving, sent))).toEqual(before);
    expect(bob.events).toEqual([
      { name: 'received', id: 2, state: 'encrypted', contributingSource: undefined },
    ]);
  });

  it('lets nothing out before there is a key', async () => {
    const { run } = createWorker();

    expect(await run(sending, [picture(), picture()])).toEqual([]);
  });

  it.each([
    ['of a codec that is not encrypted', { ...sending, codec: undefined }, picture()],
    ['that turned out to be of another codec', sending, frameOf([1, 2, 3, 4], { mimeType: 'video/H264' })],
  ])('lets no frame out %s', async (_which, options, frame) => {
    const { run, sendWith } = createWorker();
    sendWith(keyA);

    expect(await run(options, [frame])).toEqual([]);
  });

  it('passes frames on in which nothing is', async () => {
    const { run, sendWith, setKey } = createWorker();
    sendWith(keyA);
    setKey(keyA);

    expect(bytesOf(await run(sending, [frameOf([])]))).toEqual([[]]);
    expect(bytesOf(await run(receiving, [frameOf([])]))).toEqual([[]]);
  });

  it.each([
    ['missing_key', 1, keyA],
    ['decryption_failed', 0, keyB],
  ] as const)(
    'drops what it cannot decrypt and tells of %s after five frames, once',
    async (state, keyIndex, key) => {
      const alice = createWorker();
      const bob = createWorker();
      alice.sendWith(keyA, keyIndex);
      bob.setKey(key);
      const sent = await alice.run(sending, Array.from({ length: 12 }, picture));

      expect(await bob.run(receiving, sent.slice(0, 4))).toEqual([]);
      expect(bob.events).toEqual([]);
      expect(await bob.run(receiving, sent)).toEqual([]);
      expect(bob.events).toEqual([{ name: 'received', id: 2, state, contributingSource: undefined }]);
    },
  );

  it.each([
    ['plain frames', receiving],
    ['frames of a codec that is not encrypted', { ...receiving, codec: undefined }],
  ])('drops %s and tells that they are not encrypted', async (_which, options) => {
    const { run, setKey, events } = createWorker();
    setKey(keyA);

    expect(await run(options, Array.from({ length: 5 }, picture))).toEqual([]);
    expect(events).toMatchObject([{ state: 'not_encrypted' }]);
  });

  it('goes on with the same frames when the key comes, and tells', async () => {
    const alice = createWorker();
    const bob = createWorker();
    alice.sendWith(keyA);
    const sent = await alice.run(sending, Array.from({ length: 8 }, picture));
    const { readable, writable } = new TransformStream<EncodedFrame, EncodedFrame>();
    const writer = writable.getWriter();
    const passed: EncodedFrame[] = [];
    const told = Promise.withResolvers<void>();
    const done = bob.worker.transform(
      receiving,
      readable,
      new WritableStream({
        write: (frame) => {
          passed.push(frame);
          told.resolve();
        },
      }),
    );

    for (const frame of sent.slice(0, 6)) {
      await writer.write(frame);
    }
    bob.setKey(keyA);
    for (const frame of sent.slice(6)) {
      await writer.write(frame);
    }
    await told.promise;
    await writer.close();
    await done;

    expect(passed).toHaveLength(2);
    expect(bob.events.map((event) => event.name === 'received' && event.state)).toEqual([
      'missing_key',
      'encrypted',
    ]);
  });

  it('tells of the speakers in a slot each by themselves', async () => {
    const [alice, bob, carol] = [createWorker(), createWorker(), createWorker()];
    alice.sendWith(keyA);
    bob.sendWith(keyB);
    carol.setKey(keyA);
    const said = async (speaker: typeof alice, source: number): Promise<EncodedFrame[]> => {
      const frames = Array.from({ length: 6 }, () => frameOf([1, 2, 3], { contributingSources: [source] }));

      return speaker.run({ ...sending, codec: 'opus', source: 'microphone' }, frames);
    };

    const heard = await carol.run(slot, [...(await said(alice, 7)), ...(await said(bob, 8))]);

    expect(heard).toHaveLength(6);
    expect(carol.events).toEqual([
      { name: 'received', id: 3, state: 'encrypted', contributingSource: 7 },
      { name: 'received', id: 3, state: 'decryption_failed', contributingSource: 8 },
    ]);
  });

  it('tells anew when it is asked to, and nothing of a receiver that is closed', async () => {
    const { worker, run, events } = createWorker();
    const plain = (): EncodedFrame[] => Array.from({ length: 5 }, picture);
    const { readable, writable } = new TransformStream<EncodedFrame, EncodedFrame>();
    const writer = writable.getWriter();
    const done = worker.transform(receiving, readable, new WritableStream());
    const write = async (): Promise<void> => {
      for (const frame of plain()) {
        await writer.write(frame);
      }
      // The frame before has been looked at when the next is taken.
      await writer.write(frameOf([]));
    };

    await write();
    await write();
    expect(events).toHaveLength(1);
    worker.receive({ name: 'retry', id: 2 });
    await write();
    expect(events).toHaveLength(2);
    worker.receive({ name: 'close', id: 2 });
    worker.receive({ name: 'retry', id: 2 });
    await write();
    await writer.close();
    await done;

    expect(events).toHaveLength(2);
    expect(await run(sending, [])).toEqual([]);
  });
});
