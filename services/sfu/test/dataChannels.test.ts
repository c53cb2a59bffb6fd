import { createDeferred, systemClock } from '@parley/kit';
import { parseDataMessage, type DataChannelKind, type DataConsumerInfo } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataHub, type DataHubOptions } from '../src/media/data/DataHub.ts';
import { standardDataLimits, type DataLimits } from '../src/media/data/DataRate.ts';
import { FakeClock } from './support/FakeClock.ts';
import { SctpParticipant } from './support/SctpParticipant.ts';
import { startTestRouter, type TestRouter } from './support/testRouter.ts';

let site: TestRouter;
let clients: TestRouter;
let hub: DataHub;

beforeEach(async () => {
  [site, clients] = await Promise.all([startTestRouter(), startTestRouter()]);
  hub = hubWith({});
});

afterEach(async () => {
  await Promise.all([site[Symbol.asyncDispose](), clients[Symbol.asyncDispose]()]);
});

function hubWith(limits: Partial<DataLimits>, options: Partial<DataHubOptions> = {}): DataHub {
  return new DataHub({
    limits: { ...standardDataLimits, ...limits },
    clock: systemClock,
    onFlood: () => {},
    ...options,
  });
}

interface Arrived {
  readonly channel: DataChannelKind;
  readonly from: string;
  readonly text: string;
}

/** Somebody in the call who listens, and can speak. */
class Member {
  readonly id: string;
  readonly client: SctpParticipant;
  readonly consumers: readonly DataConsumerInfo[];
  readonly arrived: Arrived[] = [];
  #more = createDeferred<void>();

  private constructor(id: string, client: SctpParticipant, consumers: readonly DataConsumerInfo[]) {
    this.id = id;
    this.client = client;
    this.consumers = consumers;
  }

  static async enter(id: string, at: TestRouter = site): Promise<Member> {
    const client = await SctpParticipant.open(at.router, clients.router);
    const member = new Member(id, client, await hub.receive(id, at, client.receiveTransport));
    for (const consumer of member.consumers) {
      await client.listen(consumer, (message) => member.#hear(consumer.channel, message));
    }

    return member;
  }

  async open(channel: DataChannelKind, at: TestRouter = site): Promise<(message: string | Buffer) => void> {
    return this.client.openChannel(channel, (sctpStreamParameters) =>
      hub.produce(this.id, at, this.client.sendTransport, { channel, sctpStreamParameters }),
    );
  }

  /** Resolves when so many have arrived. */
  async hears(count: number): Promise<readonly Arrived[]> {
    while (this.arrived.length < count) {
      await this.#more.promise;
    }

    return this.arrived;
  }

  #hear(channel: DataChannelKind, message: Uint8Array<ArrayBuffer>): void {
    const { participantId: from = '', payload } = parseDataMessage(message) ?? {};
    this.arrived.push({ channel, from, text: Buffer.from(payload ?? []).toString() });
    this.#more.resolve();
    this.#more = createDeferred();
  }
}

describe('a message', () => {
  it('arrives with everyone but its sender, stamped with who that is, over the channel it was sent on', async () => {
    const [anna, ben, carl] = await Promise.all(['anna', 'ben', 'carl'].map((id) => Member.enter(id)));
    const say = await anna?.open('ordered');
    const shout = await ben?.open('lossy');
    say?.('one');
    await carl?.hears(1);
    shout?.(Buffer.from('two'));
    await carl?.hears(2);
    await anna?.hears(1);
    await ben?.hears(1);

    const one = { channel: 'ordered', from: 'anna', text: 'one' };
    const two = { channel: 'lossy', from: 'ben', text: 'two' };
    expect(carl?.arrived).toEqual([one, two]);
    expect(anna?.arrived).toEqual([two]);
    expect(ben?.arrived).toEqual([one]);
  });

  it('arrives in order, each of hundreds once', async () => {
    hub = hubWith({ messagesPerSecond: 1_000 });
    const [anna, ben] = await Promise.all(['anna', 'ben'].map((id) => Member.enter(id)));
    const say = await anna?.open('ordered');
    const texts = Array.from({ length: 300 }, (_, index) => `${index}`);
    texts.forEach((text) => say?.(text));

    const arrived = await ben?.hears(300);
    expect(arrived?.map(({ text }) => text)).toEqual(texts);
  });

  it('without a byte arrives as one', async () => {
    const [anna, ben] = await Promise.all(['anna', 'ben'].map((id) => Member.enter(id)));
    const say = await anna?.open('ordered');
    say?.('');

    expect(await ben?.hears(1)).toEqual([{ channel: 'ordered', from: 'anna', text: '' }]);
  });

  it('of 16 KiB arrives, and a larger one is dropped', async () => {
    const largest = 16 * 1024;
    const [anna, ben] = await Promise.all(['anna', 'ben'].map((id) => Member.enter(id)));
    const say = await anna?.open('ordered');
    say?.(Buffer.alloc(largest + 1, 'b'));
    say?.(Buffer.alloc(largest, 'a'));

    expect(await ben?.hears(1)).toMatchObject([{ text: 'a'.repeat(largest) }]);
    expect(hub.stats).toEqual({ passed: 1, dropped: 1 });
  });

  it('reaches those at another site of the call', async () => {
    await using other = await startTestRouter();
    const anna = await Member.enter('anna');
    const ben = await Member.enter('ben', other);
    const say = await anna.open('ordered');
    const answer = await ben.open('ordered', other);
    say('here');
    await ben.hears(1);
    answer('there');

    expect(await anna.hears(1)).toEqual([{ channel: 'ordered', from: 'ben', text: 'there' }]);
    expect(ben.arrived).toEqual([{ channel: 'ordered', from: 'anna', text: 'here' }]);
  });
});

describe('somebody who sends', () => {
  it('more messages than allowed has the rest of them dropped, and nobody else is the worse for it', async () => {
    hub = hubWith({ messagesPerSecond: 5 });
    const [anna, ben, carl] = await Promise.all(['anna', 'ben', 'carl'].map((id) => Member.enter(id)));
    const flood = await anna?.open('lossy');
    const say = await ben?.open('ordered');
    for (let count = 0; count < 50; count += 1) {
      flood?.(`${count}`);
    }
    await carl?.hears(5);
    say?.('still here');
    await carl?.hears(6);

    expect(carl?.arrived.at(-1)).toEqual({ channel: 'ordered', from: 'ben', text: 'still here' });
    expect(carl?.arrived.length).toBeLessThan(12);
    expect(hub.stats.dropped).toBeGreaterThan(38);
  });

  it('more bytes than allowed has the rest of them dropped', async () => {
    hub = hubWith({ bytesPerSecond: 10_000 });
    const [anna, ben] = await Promise.all(['anna', 'ben'].map((id) => Member.enter(id)));
    const say = await anna?.open('ordered');
    say?.(Buffer.alloc(9_000));
    say?.(Buffer.alloc(9_000));
    say?.('small');
    await ben?.hears(2);

    expect(ben?.arrived.map(({ text }) => text.length)).toEqual([9_000, 5]);
  });

  it('together with others more than a call carries is held to that', async () => {
    hub = hubWith({ callMessagesPerSecond: 4 });
    const [anna, ben, carl] = await Promise.all(['anna', 'ben', 'carl'].map((id) => Member.enter(id)));
    const channels = await Promise.all([anna?.open('ordered'), ben?.open('ordered')]);
    for (let count = 0; count < 20; count += 1) {
      channels.forEach((send) => send?.(`${count}`));
    }
    await carl?.hears(4);
    await expect.poll(() => hub.stats.passed + hub.stats.dropped).toBe(40);

    expect(hub.stats.passed).toBeLessThan(10);
  });

  it('over several devices has no more of it heard than over one', async () => {
    hub = hubWith(
      { messagesPerSecond: 10 },
      { clock: new FakeClock(), userOf: (id) => id.replace(/-.*/, '') },
    );
    const ids = ['mallory-1', 'mallory-2', 'mallory-3', 'ben'];
    const members = await Promise.all(ids.map((id) => Member.enter(id)));
    const channels = await Promise.all(members.map((member) => member.open('ordered')));
    for (let count = 0; count < 10; count += 1) {
      channels.forEach((send) => send(`${count}`));
    }
    await expect.poll(() => hub.stats.passed + hub.stats.dropped).toBe(40);

    expect(hub.stats).toEqual({ passed: 20, dropped: 20 });
  });

  it('on and on what is dropped is told of once, and those who are within their limits are not', async () => {
    const flooding: string[] = [];
    const onFlood = (id: string): void => {
      flooding.push(id);
      hub.forget(id);
    };
    hub = hubWith({}, { clock: new FakeClock(), onFlood });
    const [mallory, ben] = await Promise.all(['mallory', 'ben'].map((id) => Member.enter(id)));
    const [flood, say] = await Promise.all([mallory?.open('lossy'), ben?.open('ordered')]);
    say?.('hello');
    for (let sent = 0; flooding.length === 0; sent += 1) {
      flood?.('x');
      if (sent % 50 === 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    }

    expect(flooding).toEqual(['mallory']);
    expect(hub.stats.dropped).toBeGreaterThan(5_000);
  });

  it('what their role no longer allows is not heard until it does again', async () => {
    const [anna, ben] = await Promise.all(['anna', 'ben'].map((id) => Member.enter(id)));
    const say = await anna?.open('ordered');
    hub.allow('anna', false);
    say?.('forbidden');
    await expect.poll(() => hub.stats.dropped).toBe(1);
    hub.allow('anna', true);
    say?.('allowed');

    expect(await ben?.hears(1)).toMatchObject([{ text: 'allowed' }]);
  });

  it('over a channel that is open already is refused a second one, and keeps its id on new transports', async () => {
    const anna = await Member.enter('anna');
    const ids: unknown[] = [];
    const open = async (): Promise<unknown> =>
      anna.client.openChannel('ordered', async (sctpStreamParameters) =>
        ids.push(
          await hub.produce('anna', site, anna.client.sendTransport, {
            channel: 'ordered',
            sctpStreamParameters,
          }),
        ),
      );
    await open();
    await expect(open()).rejects.toMatchObject({ code: 'invalid_state' });

    anna.client.sendTransport.close();
    const again = await Member.enter('anna');
    await again.client.openChannel('ordered', async (sctpStreamParameters) =>
      ids.push(
        await hub.produce('anna', site, again.client.sendTransport, {
          channel: 'ordered',
          sctpStreamParameters,
        }),
      ),
    );

    expect(ids).toHaveLength(2);
    expect(ids[1]).toBe(ids[0]);
  });
});

it('nothing is left of a participant who is forgotten, nor of a site that is closed', async () => {
  const anna = await Member.enter('anna');
  await anna.open('ordered');
  await anna.open('lossy');
  hub.forget('anna');
  anna.client.receiveTransport.close();
  const direct = await site.directTransport();
  await expect.poll(async () => (await direct.dump()).dataConsumerIds).toEqual([]);
  hub.closeSite(site);

  await expect.poll(async () => (await direct.dump()).dataProducerIds).toEqual([]);
});
