import { describe, expect, it } from 'vitest';
import { encryptedCall } from '../testing/encryptedCall.ts';
import { createTestEncryption } from '../testing/FakeWorker.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

const key = new Uint8Array(32).fill(1);
const otherKey = new Uint8Array(32).fill(2);
const bobsId = 'bob-1';

describe('setKey', () => {
  it.each([
    ['text', undefined],
    [new Uint8Array(15), undefined],
    [undefined, undefined],
    [key, { keyIndex: -1 }],
    [key, { keyIndex: 256 }],
    [key, { keyIndex: 1.5 }],
    [key, { keyIndex: '1' }],
    [key, { participantId: '' }],
    [key, { participantId: 7 }],
  ])('refuses %s with %o', async (wrong, options) => {
    const { encryption } = createTestEncryption();

    await expect(encryption.setKey(wrong as Uint8Array, options as object)).rejects.toThrow(TypeError);
    expect(encryption.state).toBe('WaitingForKey');
  });

  it('takes a CryptoKey that keys can be derived from, and no other', async () => {
    const { encryption } = createTestEncryption();
    const made = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveBits']);
    const cipherKey = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
    const withoutUse = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveKey']);

    await expect(encryption.setKey(cipherKey)).rejects.toThrow(TypeError);
    await expect(encryption.setKey(withoutUse)).rejects.toThrow(TypeError);
    await encryption.setKey(made);
    const { encryption: other } = createTestEncryption();
    await other.setKey(key);

    expect(await encryption.fingerprint()).toBe(await other.fingerprint());
  });

  it('before a call is told to the worker with it, and changes the state when it is there', async () => {
    const { encryption, worker } = createTestEncryption();
    const states: string[] = [];
    encryption.on('stateChanged', () => states.push(encryption.state));
    expect(encryption.state).toBe('WaitingForKey');

    await encryption.setKey(key, { keyIndex: 5 });
    expect(states).toEqual(['Encrypting']);
    const { client } = await createTestClient();
    client.join({ roomId: 'room-1' }, { encryption });
    await nextTurn();

    expect(worker().asked('setKey')).toMatchObject([{ owner: '', keyIndex: 5 }]);
    expect(worker().asked('send')).toMatchObject([{ keyIndex: 5, cipher: 'AES-256-GCM' }]);
  });

  it('sends with the first key at once and with the next after the others could get it', async () => {
    const { encryption, worker, clock } = await encryptedCall();
    const sendsWith = (): number[] =>
      worker()
        .asked('send')
        .map(({ keyIndex }) => keyIndex);

    await encryption.setKey(key);
    expect(sendsWith()).toEqual([0]);
    await encryption.setKey(otherKey, { keyIndex: 1 });
    clock.pass(999);
    expect(sendsWith()).toEqual([0]);
    clock.pass(1);
    expect(sendsWith()).toEqual([0, 1]);
    // The others have no key of before under this index.
    await encryption.setKey(key, { keyIndex: 1 });

    expect(sendsWith()).toEqual([0, 1, 1]);
  });

  it('again and again before the others could get the one before sends with each in its turn, and keeps them all', async () => {
    const { encryption, worker, clock } = await encryptedCall();
    await encryption.setKey(key);

    for (const keyIndex of [1, 2, 3, 4]) {
      await encryption.setKey(otherKey, { keyIndex });
      clock.pass(500);
    }
    clock.pass(500);

    expect(
      worker()
        .asked('send')
        .map(({ keyIndex }) => keyIndex),
    ).toEqual([0, 1, 2, 3, 4]);
    expect(worker().asked('dropKey')).toEqual([]);
  });

  it('with a key that is due already, under its index, does not send with it sooner or later', async () => {
    const { encryption, worker, clock } = await encryptedCall();
    await encryption.setKey(key);
    await encryption.setKey(otherKey, { keyIndex: 1 });
    const sent = (): number => worker().asked('send').length;

    clock.pass(900);
    await encryption.setKey(otherKey, { keyIndex: 1 });
    expect(sent()).toBe(1);
    clock.pass(100);

    expect(worker().asked('send').at(-1)).toMatchObject({ keyIndex: 1 });
  });

  it('twice at once takes the second for the latest, whatever the browser takes longer for', async () => {
    const { encryption, worker } = await encryptedCall();
    const made = await crypto.subtle.importKey('raw', otherKey, 'HKDF', false, ['deriveBits']);

    await Promise.all([encryption.setKey(key, { keyIndex: 1 }), encryption.setKey(made, { keyIndex: 2 })]);

    expect(
      worker()
        .asked('setKey')
        .map(({ keyIndex }) => keyIndex),
    ).toEqual([1, 2]);
  });

  it('has a copy of the bytes, which are the caller’s again at once', async () => {
    const { encryption } = createTestEncryption();
    const bytes = Uint8Array.from(key);
    const setting = encryption.setKey(bytes);
    bytes.fill(0);
    await setting;
    const { encryption: other } = createTestEncryption();
    await other.setKey(key);

    expect(await encryption.fingerprint()).toBe(await other.fingerprint());
  });

  it('sends with the key of its own where there is one, whatever else comes', async () => {
    const { encryption, worker, clock } = await encryptedCall();

    await encryption.setKey(key, { participantId: 'own' });
    await encryption.setKey(otherKey, { keyIndex: 1 });
    await encryption.setKey(otherKey, { keyIndex: 2, participantId: bobsId });
    clock.pass(10_000);

    expect(
      worker()
        .asked('send')
        .map(({ keyIndex }) => keyIndex),
    ).toEqual([0]);
  });

  it('gives the key before up half a minute after the next, unless that was set again', async () => {
    const { encryption, worker, clock } = await encryptedCall();
    await encryption.setKey(key);
    await encryption.setKey(otherKey, { keyIndex: 1 });

    clock.pass(29_999);
    expect(worker().asked('dropKey')).toEqual([]);
    clock.pass(1);
    expect(worker().asked('dropKey')).toEqual([{ name: 'dropKey', owner: '', keyIndex: 0 }]);
    await encryption.setKey(key, { keyIndex: 0 });
    await encryption.setKey(otherKey, { keyIndex: 1 });
    await encryption.setKey(key, { keyIndex: 0 });
    clock.pass(30_000);

    expect(
      worker()
        .asked('dropKey')
        .map(({ keyIndex }) => keyIndex),
    ).toEqual([0, 1]);
  });
});

describe('fingerprint', () => {
  it('is that of the latest key of who is asked for, and invalid_state without', async () => {
    const { encryption } = createTestEncryption();
    await expect(encryption.fingerprint()).rejects.toMatchObject({ code: 'invalid_state' });

    await encryption.setKey(key);
    const first = await encryption.fingerprint();
    await encryption.setKey(otherKey, { keyIndex: 1 });
    const second = await encryption.fingerprint();
    await encryption.setKey(key, { participantId: bobsId });

    expect(second).not.toBe(first);
    expect(await encryption.fingerprint(bobsId)).toBe(first);
    await expect(encryption.fingerprint('carol-1')).rejects.toMatchObject({ code: 'invalid_state' });
  });
});
