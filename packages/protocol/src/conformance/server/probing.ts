import type { ConformanceCase } from '../ConformanceCase.ts';
import { expectSame, expectThat } from '../expectations.ts';
import { ConformingClient } from './ConformingClient.ts';
import type { ServerDriver } from './ServerDriver.ts';

export const probing: readonly ConformanceCase<ServerDriver>[] = [
  {
    title: 'A probe gives two transports and brings back what is sent, and is no call.',
    async run(driver) {
      const alices = await driver.user('alice');
      const alice = await ConformingClient.connect(driver, alices);
      const other = await ConformingClient.connect(driver, alices);
      const { probeId, media } = await alice.request('startProbe', { media: driver.offer() });
      expectThat(
        media.sendTransport.id !== media.receiveTransport.id && media.iceServers !== undefined,
        'A probe has two transports and ICE servers',
      );
      expectSame(
        [media.consumers, media.dataConsumers],
        [[], []],
        'What is received before anything is sent',
      );
      const stream = { probeId, kind: 'audio', rtpParameters: driver.microphone() } as const;
      const { consumer } = await alice.request('loopBack', stream);
      expectSame(consumer.kind, 'audio', 'The kind of what comes back');
      expectSame(
        await alice.refusal({ name: 'getSnapshot', data: { callId: probeId } }),
        'call_not_found',
        'A probe asked about as a call',
      );
      await alice.request('endProbe', { probeId });
      expectSame([alice.unread, other.unread], [[], []], 'What anybody was told');
    },
  },
  {
    title: 'A probe is its connection’s alone, one at a time, and ends with it.',
    async run(driver) {
      const alices = await driver.user('alice');
      const alice = await ConformingClient.connect(driver, alices);
      const other = await ConformingClient.connect(driver, alices);
      const media = driver.offer();
      const { probeId } = await alice.request('startProbe', { media });
      expectSame(
        await alice.refusal({ name: 'startProbe', data: { media } }),
        'invalid_state',
        'A second probe of one connection',
      );
      for (const [name, data] of [
        ['endProbe', { probeId }],
        ['loopBack', { probeId, kind: 'audio', rtpParameters: driver.microphone() }],
      ] as const) {
        expectSame(await other.refusal({ name, data }), 'not_found', `${name} of another connection’s probe`);
      }
      await alice.cut();
      await other.request('startProbe', { media });
      expectSame(
        await other.refusal({ name: 'endProbe', data: { probeId } }),
        'not_found',
        'The probe of a connection that is gone',
      );
    },
  },
];
