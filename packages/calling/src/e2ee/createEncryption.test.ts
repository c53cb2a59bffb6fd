import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTestClient, nextTurn } from '../testing/testClient.ts';
import { FakeWorker } from '../testing/FakeWorker.ts';
import { createEncryption } from './createEncryption.ts';
import type { EncryptionOptions } from './encryptionTypes.ts';
import type { TransformOptions } from './workerMessages.ts';

const key = new Uint8Array(32).fill(1);

class FakeScriptTransform {
  readonly worker: FakeWorker;
  readonly options: TransformOptions;

  constructor(worker: FakeWorker, options: TransformOptions) {
    this.worker = worker;
    this.options = options;
  }
}

/** What was opened by the page. */
function stubWorkers() {
  const opened: { url: string; worker: FakeWorker }[] = [];
  vi.stubGlobal(
    'Worker',
    class extends FakeWorker {
      constructor(url: string | URL) {
        super();
        opened.push({ url: String(url), worker: this });
        queueMicrotask(() => this.tell({ name: 'ready' }));
      }
    },
  );

  return opened;
}

const withScriptTransforms = (): unknown => vi.stubGlobal('RTCRtpScriptTransform', FakeScriptTransform);

/** Chromium before it had script transforms. */
const withEncodedStreams = (): unknown =>
  vi.stubGlobal(
    'RTCRtpSender',
    class {
      createEncodedStreams(): void {}
    },
  );

afterEach(() => vi.unstubAllGlobals());

describe('createEncryption', () => {
  it('is not supported in a browser that gives no access to frames', () => {
    expect(() => createEncryption()).toThrow(expect.objectContaining({ code: 'not_supported' }) as Error);
  });

  it('is not supported in a page that is no secure context', () => {
    withScriptTransforms();
    vi.stubGlobal('crypto', {});

    expect(() => createEncryption()).toThrow(expect.objectContaining({ code: 'not_supported' }) as Error);
  });

  it.each([
    [{ cipher: 'AES-192-GCM' }],
    [{ keySwitchDelayMs: -1 }],
    [{ keySwitchDelayMs: 10_001 }],
    [{ keySwitchDelayMs: Number.NaN }],
    [{ keySwitchDelayMs: '100' }],
    [{ workerUrl: 7 }],
  ])('refuses %o', (options) => {
    withScriptTransforms();

    expect(() => createEncryption(options as EncryptionOptions)).toThrow(TypeError);
  });

  it.each([
    [undefined, /\/src\/e2ee\/encryption\.worker\.ts$/],
    ['/scripts/worker.js', /^\/scripts\/worker\.js$/],
    [new URL('https://app.example/worker.js'), /^https:\/\/app\.example\/worker\.js$/],
  ])('opens its worker with a call, from where %s says', async (workerUrl, expected) => {
    withScriptTransforms();
    const opened = stubWorkers();
    const encryption = createEncryption(workerUrl === undefined ? {} : { workerUrl });
    expect(opened).toEqual([]);
    const { client } = await createTestClient();

    client.join({ roomId: 'room-1' }, { encryption });
    await nextTurn();

    expect(opened.map(({ url }) => url)).toEqual([expect.stringMatching(expected)]);
  });
});

describe('a worker of another origin', () => {
  it('keeps the call from being entered, and says so', async () => {
    withScriptTransforms();
    vi.stubGlobal(
      'Worker',
      vi.fn<() => void>(function refuse() {
        throw new DOMException('Script cannot be accessed from origin.', 'SecurityError');
      }),
    );
    const { client, server } = await createTestClient();
    const encryption = createEncryption({ workerUrl: 'https://elsewhere.example/worker.js' });

    const call = client.join({ roomId: 'room-1' }, { encryption });
    await nextTurn();

    expect(call.callEndReason?.message).toContain('must be of the origin of the page; see workerUrl');
    expect(encryption.state).toBe('Failed');
    expect(server.asked('joinRoom')).toEqual([]);
  });
});

describe('the frames of a sender', () => {
  async function sending(prepare: () => unknown) {
    prepare();
    const opened = stubWorkers();
    const encryption = createEncryption();
    await encryption.setKey(key);
    const { client } = await createTestClient();
    client.join({ roomId: 'room-1' }, { encryption });
    await nextTurn();

    return { encryption, opened };
  }

  it('are given away by a script transform where there is one', async () => {
    const { encryption, opened } = await sending(() => {
      withScriptTransforms();
      withEncodedStreams();
    });
    const sender: { transform?: FakeScriptTransform } = {};

    encryption.encrypt('camera', 'video/VP8')(sender as unknown as RTCRtpSender);

    expect(sender.transform?.worker).toBe(opened[0]?.worker);
    expect(sender.transform?.options).toMatchObject({ operation: 'encrypt', source: 'camera' });
    expect(encryption.configuration).toEqual({});
  });

  it('are given away as streams where there is none, for which the peer connection has to be made', async () => {
    const { encryption, opened } = await sending(withEncodedStreams);
    const streams = { readable: 'readable', writable: 'writable' };
    const sender = { createEncodedStreams: () => streams };

    encryption.encrypt('camera', 'video/VP8')(sender as unknown as RTCRtpSender);

    expect(opened[0]?.worker.asked('transform')).toMatchObject([
      { options: { operation: 'encrypt', source: 'camera' }, ...streams },
    ]);
    expect(encryption.configuration).toEqual({ encodedInsertableStreams: true });
  });
});
