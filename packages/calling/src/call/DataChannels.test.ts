import { maxDataMessageBytes, stampDataMessage } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { createTestCallMedia } from '../testing/testCallMedia.ts';
import { nextTurn, passInSteps } from '../testing/testClient.ts';

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

describe('data messages', () => {
  it('go over a channel that is opened with the first of them, in their order', async () => {
    const { media, server, fakeMedia } = createTestCallMedia();

    await Promise.all(['one', 'two'].map((text) => media.sendData(bytes(text), 'ordered')));
    await media.sendData(bytes('three'), 'lossy');

    expect(fakeMedia.session.sentData).toEqual({ ordered: ['one', 'two'], lossy: ['three'] });
    expect(server.asked('produceData')).toMatchObject([
      { callId: 'call-1', transportId: 'send-transport', channel: 'ordered' },
      { callId: 'call-1', transportId: 'send-transport', channel: 'lossy' },
    ]);
  });

  it('arrive with the name of their sender', async () => {
    const consumer = {
      id: 'data-1',
      dataProducerId: 'everyone',
      channel: 'lossy',
      sctpStreamParameters: { streamId: 1 },
    } as const;
    const { fakeMedia, told } = createTestCallMedia({ parameters: { dataConsumers: [consumer] } });

    fakeMedia.session.deliverData('data-1', stampDataMessage('bob-1', bytes('hello')));
    fakeMedia.session.deliverData('data-1', bytes('not stamped'));

    expect(told.received).toEqual([{ participantId: 'bob-1', text: 'hello', channel: 'lossy' }]);
  });

  it('are what they were when they were given, and at most 16 KiB', async () => {
    const { media, fakeMedia } = createTestCallMedia();
    const buffer = bytes('one');

    const sending = media.sendData(buffer, 'ordered');
    buffer.fill(0);
    await sending;

    expect(fakeMedia.session.sentData.ordered).toEqual(['one']);
    await expect(media.sendData(new Uint8Array(maxDataMessageBytes + 1), 'ordered')).rejects.toThrow(
      TypeError,
    );
  });

  it('that the network has no room for are refused, or dropped where they are lossy', async () => {
    const { media, fakeMedia } = createTestCallMedia();
    fakeMedia.session.bufferedData = 2 * 1024 * 1024;

    await expect(media.sendData(bytes('one'), 'ordered')).rejects.toMatchObject({ code: 'unavailable' });
    await media.sendData(bytes('two'), 'lossy');

    expect(fakeMedia.session.sentData).toEqual({ ordered: [], lossy: [] });
  });

  it('that the server does not take are refused, their channel is closed, and the next one asks again', async () => {
    const { media, server, fakeMedia } = createTestCallMedia();
    server.on('produceData', () => {
      throw new CallError('forbidden');
    });
    await expect(media.sendData(bytes('one'), 'ordered')).rejects.toMatchObject({ code: 'forbidden' });
    expect(fakeMedia.session.openData.size).toBe(0);

    server.on('produceData', () => ({ dataProducerId: 'data-producer-1' }));
    await media.sendData(bytes('two'), 'ordered');

    expect(fakeMedia.session.sentData.ordered).toEqual(['two']);
  });

  it('go over the new transports when those before were lost, also while a channel is being opened', async () => {
    const { media, server, fakeMedia, told, parametersAfterLoss } = createTestCallMedia();
    server.on('produceData', ({ transportId }) => {
      if (transportId === 'send-transport') {
        throw new CallError('invalid_state');
      }

      return { dataProducerId: 'data-producer-1' };
    });
    const sending = media.sendData(bytes('one'), 'ordered');
    const consumer = {
      id: 'data-2',
      dataProducerId: 'everyone',
      channel: 'ordered',
      sctpStreamParameters: { streamId: 1 },
    } as const;

    media.reset(parametersAfterLoss({ dataConsumers: [consumer] }));
    await sending;
    fakeMedia.session.deliverData('data-2', stampDataMessage('bob-1', bytes('hello')));

    expect(fakeMedia.session.sentData.ordered).toEqual(['one']);
    expect(told.received).toHaveLength(1);
  });

  it('whose channel is still opening when the transports are lost go over the new ones', async () => {
    const { media, fakeMedia, parametersAfterLoss } = createTestCallMedia();
    fakeMedia.session.dataOpening = new Promise(() => {});
    const sending = media.sendData(bytes('one'), 'ordered');
    await nextTurn();

    media.reset(parametersAfterLoss());
    await sending;

    expect(fakeMedia.session.sentData.ordered).toEqual(['one']);
  });

  it('whose channel is still opening when the call ends are refused', async () => {
    const { media, fakeMedia } = createTestCallMedia();
    fakeMedia.session.dataOpening = new Promise(() => {});
    const sending = media.sendData(bytes('one'), 'ordered');
    await nextTurn();

    media.close();

    await expect(sending).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it('are refused when the call is over', async () => {
    const { media } = createTestCallMedia();
    const sending = media.sendData(bytes('one'), 'ordered');

    media.close();
    await expect(sending).rejects.toMatchObject({ code: 'invalid_state' });
    await nextTurn();

    await expect(media.sendData(bytes('two'), 'ordered')).rejects.toMatchObject({ code: 'invalid_state' });
  });
});

describe('more data messages than the server takes', () => {
  const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));

  it('wait for their turn on the ordered channel, half a second of them ahead, and keep their order', async () => {
    const { media, fakeMedia, clock } = createTestCallMedia();
    const { sentData } = fakeMedia.session;
    const sending = Promise.all(numbers(100).map((text) => media.sendData(bytes(text), 'ordered')));
    await nextTurn();
    expect(sentData.ordered).toHaveLength(25);

    await passInSteps(clock, 1_000, 20);
    expect(sentData.ordered).toHaveLength(75);
    while (sentData.ordered.length < 100) {
      clock.pass(20);
      await nextTurn();
    }
    await sending;

    expect(sentData.ordered).toEqual(numbers(100));
    expect(clock.pending).toBe(0);
  });

  it('are dropped on the lossy channel, and while ordered ones wait', async () => {
    const { media, fakeMedia, clock } = createTestCallMedia();
    const { sentData } = fakeMedia.session;

    await Promise.all(numbers(100).map((text) => media.sendData(bytes(text), 'lossy')));
    expect(sentData.lossy).toEqual(numbers(25));
    const waiting = media.sendData(bytes('ordered'), 'ordered');
    await media.sendData(bytes('lossy'), 'lossy');
    clock.pass(20);
    await waiting;

    expect(sentData.ordered).toEqual(['ordered']);
    expect(sentData.lossy).toHaveLength(25);
  });

  it('are fewer when they are large', async () => {
    const { media, fakeMedia } = createTestCallMedia();
    const large = new Uint8Array(maxDataMessageBytes);

    await Promise.all(numbers(100).map(() => media.sendData(large, 'lossy')));

    expect(fakeMedia.session.sentData.lossy).toHaveLength(8);
  });

  it('are refused where they would wait for seconds, and those that wait when the call is over', async () => {
    const { media, clock } = createTestCallMedia();
    const sending = numbers(25 + 256).map((text) => media.sendData(bytes(text), 'ordered'));

    await expect(media.sendData(bytes('one more'), 'ordered')).rejects.toMatchObject({ code: 'unavailable' });
    media.close();

    await expect(sending.at(-1)).rejects.toMatchObject({ code: 'invalid_state' });
    await Promise.allSettled(sending);
    expect(clock.pending).toBe(0);
  });
});
