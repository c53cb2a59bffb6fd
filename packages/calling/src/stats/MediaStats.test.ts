import { describe, expect, it } from 'vitest';
import { measuredCall } from '../testing/measuredCall.ts';
import { nextTurn } from '../testing/testClient.ts';
import { MediaStats, type MediaStatsSample, type MediaStatsSummary } from './index.ts';

const inbound = { type: 'inbound-rtp', kind: 'audio', mid: 'mid-of-bob-mic', codecId: 'opus' };
const zeros = {
  bytesReceived: 0,
  packetsReceived: 0,
  packetsLost: 0,
  jitterBufferDelay: 0,
  jitterBufferEmittedCount: 0,
  concealedSamples: 0,
  silentConcealedSamples: 0,
  totalSamplesReceived: 0,
};
const opus = { type: 'codec', mimeType: 'audio/opus' };

/** A collector whose samples are kept, in a call in which Bob is heard. */
async function collecting() {
  const parts = await measuredCall();
  await parts.sounds('bob');
  parts.counters.set('receive', 'opus', opus);
  parts.counters.set('receive', 'in', { ...inbound, ...zeros });
  const collector = parts.call.feature(MediaStats).createCollector();
  const samples: MediaStatsSample[] = [];
  const unsubscribe = collector.on('sampleReported', (sample) => samples.push(sample));
  await nextTurn();

  return { ...parts, collector, samples, unsubscribe };
}

describe('a sample', () => {
  it('has what Bob’s sound does, under his name, as rates since the sample before', async () => {
    const { counters, samples, second } = await collecting();

    await second(() => {
      counters.grow('receive', 'in', {
        bytesReceived: 4_000,
        packetsReceived: 45,
        packetsLost: 5,
        jitterBufferDelay: 2,
        jitterBufferEmittedCount: 40,
        concealedSamples: 3_000,
        silentConcealedSamples: 600,
        totalSamplesReceived: 48_000,
      });
      counters.set('receive', 'in', { jitter: 0.02, audioLevel: 0.5 });
    });

    expect(samples.map(({ timestamp }) => timestamp)).toEqual([0, 1_000]);
    expect(samples[1]?.audio.receive).toEqual([
      {
        mid: 'mid-of-bob-mic',
        rid: undefined,
        source: 'microphone',
        endpointId: 'bob-1',
        codec: 'audio/opus',
        bitrate: 32_000,
        packetsPerSecond: 45,
        fractionLost: 0.1,
        jitter: 0.02,
        audioLevel: 0.5,
        jitterBufferDelay: 0.05,
        concealedFraction: 0.05,
      },
    ]);
  });

  it('has no rates where there is nothing before it, and none where the counters begin anew', async () => {
    const { counters, samples, second } = await collecting();
    expect(samples[0]?.audio.receive).toMatchObject([{ bitrate: undefined, packetsPerSecond: undefined }]);

    await second(() => counters.set('receive', 'in', { bytesReceived: 9_000, packetsReceived: 90 }));
    await second(() => counters.set('receive', 'in', { bytesReceived: 4_000, packetsReceived: 40 }));
    await second(() => counters.grow('receive', 'in', { bytesReceived: 1_000 }));

    expect(samples[2]?.audio.receive).toMatchObject([{ bitrate: undefined, packetsPerSecond: undefined }]);
    expect(samples[3]?.audio.receive).toMatchObject([{ bitrate: 8_000 }]);
  });

  it('has each encoding that is sent, with what the server reports of it', async () => {
    const { call, counters, samples, second } = await collecting();
    await call.startVideo();
    const outbound = { type: 'outbound-rtp', kind: 'video', mid: 'camera' };
    const report = { type: 'remote-inbound-rtp', fractionLost: 0.25, jitter: 0.01, roundTripTime: 0.08 };
    counters.set('send', 'small', { ...outbound, rid: 'r0', framesEncoded: 0, frameHeight: 180 });
    counters.set('send', 'large', {
      ...outbound,
      rid: 'r1',
      framesEncoded: 0,
      bytesSent: 0,
      frameWidth: 1280,
      frameHeight: 720,
      remoteId: 'report',
      qualityLimitationReason: 'cpu',
    });
    counters.set('send', 'report', report);
    await second(() => {});

    await second(() => counters.grow('send', 'large', { framesEncoded: 30, bytesSent: 125_000 }));

    expect(samples.at(-1)?.video.send).toMatchObject([
      { rid: 'r0', frameHeight: 180, framesPerSecond: 0, fractionLost: undefined },
      {
        rid: 'r1',
        source: 'camera',
        endpointId: undefined,
        bitrate: 1_000_000,
        frameWidth: 1280,
        frameHeight: 720,
        framesPerSecond: 30,
        fractionLost: 0.25,
        jitter: 0.01,
        roundTripTime: 0.08,
        qualityLimitationReason: 'cpu',
      },
    ]);
  });

  it('has a shared screen apart from cameras, and nothing of what mediasoup tries the network with', async () => {
    const { call, counters, samples, second } = await collecting();
    await call.startScreenSharing();
    counters.set('send', 'screen', { type: 'outbound-rtp', kind: 'video', mid: 'screen' });
    counters.set('receive', 'probe', { type: 'inbound-rtp', kind: 'video', mid: 'probator' });

    await second(() => {});

    expect(samples.at(-1)).toMatchObject({
      screenShare: { send: [{ source: 'screen' }], receive: [] },
      video: { send: [], receive: [] },
    });
  });

  it('has how long a picture stood still since the sample before', async () => {
    const { counters, samples, second } = await collecting();
    const video = { type: 'inbound-rtp', kind: 'video', mid: 'a camera', freezeCount: 3 };
    counters.set('receive', 'video', { ...video, totalFreezesDuration: 5, framesDecoded: 100 });
    await second(() => {});

    await second(() =>
      counters.grow('receive', 'video', { freezeCount: 1, totalFreezesDuration: 0.5, framesDecoded: 12 }),
    );

    expect(samples.at(-1)?.video.receive).toMatchObject([
      { freezeCount: 1, freezesDuration: 0.5, framesPerSecond: 12 },
    ]);
  });

  it.each(['named by the transport', 'nominated'])('has the path in use, %s', async (how) => {
    const { counters, samples, second } = await collecting();
    counters.set('send', 'transport', {
      type: 'transport',
      ...(how === 'nominated' ? {} : { selectedCandidatePairId: 'pair' }),
    });
    counters.set('send', 'other', { type: 'candidate-pair', nominated: false, state: 'succeeded' });
    counters.set('send', 'pair', {
      type: 'candidate-pair',
      nominated: true,
      state: 'succeeded',
      localCandidateId: 'local',
      remoteCandidateId: 'remote',
      currentRoundTripTime: 0.03,
      availableOutgoingBitrate: 2_000_000,
    });
    counters.set('send', 'local', { candidateType: 'relay', protocol: 'udp', relayProtocol: 'tls' });
    counters.set('send', 'remote', { candidateType: 'host' });

    await second(() => {});

    expect(samples.at(-1)?.transports).toMatchObject([
      {
        direction: 'send',
        localCandidateType: 'relay',
        remoteCandidateType: 'host',
        protocol: 'tls',
        currentRoundTripTime: 0.03,
        availableOutgoingBitrate: 2_000_000,
      },
    ]);
  });

  it.each(['the transport', 'the pair, as Firefox does'])(
    'has what goes over the path, counted by %s',
    async (by) => {
      const { counters, samples, second } = await collecting();
      const counted = by === 'the transport' ? 'transport' : 'pair';
      counters.set('receive', 'transport', { type: 'transport', selectedCandidatePairId: 'pair' });
      counters.set('receive', 'pair', { type: 'candidate-pair' });
      counters.set('receive', counted, { bytesSent: 100, bytesReceived: 1_000 });
      await second(() => {});

      await second(() => counters.grow('receive', counted, { bytesSent: 250, bytesReceived: 125_000 }));

      expect(samples.at(-1)?.transports).toMatchObject([
        { outgoingBitrate: 2_000, incomingBitrate: 1_000_000 },
      ]);
    },
  );
});

describe('in a browser without entries for transports', () => {
  it('a sample has the path in use by its pair, which counts the same', async () => {
    const { counters, samples, second } = await collecting();
    const pair = { type: 'candidate-pair', nominated: true, state: 'succeeded', bytesSent: 0 };
    counters.set('send', 'before', { ...pair, currentRoundTripTime: 0.5 });
    counters.set('send', 'present', { ...pair, selected: true, currentRoundTripTime: 0.03 });
    await second(() => {});

    await second(() => counters.grow('send', 'present', { bytesSent: 1_000 }));

    expect(samples.at(-1)?.transports).toMatchObject([
      { direction: 'send', currentRoundTripTime: 0.03, outgoingBitrate: 8_000 },
    ]);
  });
});

describe('a collector', () => {
  it('leaves a browser that is slow to answer half of the time', async () => {
    const { call, clock, counters, session } = await measuredCall();
    session.getStats = async () => {
      clock.pass(1_500);

      return counters.report(clock.now());
    };
    call
      .feature(MediaStats)
      .createCollector()
      .on('sampleReported', () => {});
    await nextTurn();
    expect(counters.looks).toBe(1);

    clock.pass(499);
    await nextTurn();
    expect(counters.looks).toBe(1);
    clock.pass(1);
    await nextTurn();

    expect(counters.looks).toBe(2);
  });

  it('looks at nothing before somebody listens, and at nothing after the last one has gone', async () => {
    const { call, clock, counters, second } = await measuredCall();
    const collector = call.feature(MediaStats).createCollector();
    const timers = clock.pending;
    await second(() => {}, 3);
    expect(counters.looks).toBe(0);

    const unsubscribe = collector.on('sampleReported', () => {});
    const onSummary = (): void => {};
    collector.on('summaryReported', onSummary);
    await nextTurn();
    await second(() => {});
    unsubscribe();
    await second(() => {});
    expect(counters.looks).toBe(3);
    collector.off('summaryReported', onSummary);
    await second(() => {}, 3);

    expect(counters.looks).toBe(3);
    expect(clock.pending).toBe(timers);
  });

  it('tells a listener of once() one sample and stops', async () => {
    const { call, clock, counters, second } = await measuredCall();
    const timers = clock.pending;
    let told = 0;
    call
      .feature(MediaStats)
      .createCollector()
      .once('sampleReported', () => (told += 1));

    await second(() => {}, 3);

    expect(told).toBe(1);
    expect(counters.looks).toBe(1);
    expect(clock.pending).toBe(timers);
  });

  it('sums up every data point of a summary by what its samples were', async () => {
    const { call, counters, second, sounds } = await measuredCall();
    await sounds('bob');
    counters.set('receive', 'in', { ...inbound, bytesReceived: 0, jitter: 0.01 });
    const summaries: MediaStatsSummary[] = [];
    call
      .feature(MediaStats)
      .createCollector({ aggregationInterval: 2, dataPointsPerAggregation: 2 })
      .on('summaryReported', (summary) => summaries.push(summary));
    await nextTurn();

    for (const bytesReceived of [1_000, 2_000, 3_000, 4_000]) {
      await second(() => counters.grow('receive', 'in', { bytesReceived }));
    }

    // The samples are those of 0, 1, 2 and 3 seconds: the one that ends the summary is of the next.
    const bitrate = [
      { min: 8_000, max: 8_000, mean: 8_000, count: 1 },
      { min: 16_000, max: 24_000, mean: 20_000, count: 2 },
    ];
    expect(summaries).toMatchObject([
      { timestamp: 4_000, audio: { receive: [{ endpointId: 'bob-1', bitrate }] } },
    ]);
    await second(() => {}, 4);
    expect(summaries).toHaveLength(2);
  });

  it.each([
    { aggregationInterval: 0 },
    { aggregationInterval: 3_601 },
    { aggregationInterval: 1.5 },
    { dataPointsPerAggregation: 0 },
    { dataPointsPerAggregation: 1_001 },
  ])('is not made with %j', async (options) => {
    const { call } = await measuredCall();

    expect(() => call.feature(MediaStats).createCollector(options)).toThrow(TypeError);
  });

  it.each(['its dispose()', 'the end of the call'])('reports nothing after %s', async (end) => {
    const { call, collector, counters, samples, second } = await collecting();

    await (end === 'the end of the call' ? call.hangUp() : collector.dispose());
    const told = samples.length;
    const { looks } = counters;
    collector.on('summaryReported', () => {});
    await second(() => {}, 3);

    expect([samples.length, counters.looks]).toEqual([told, looks]);
  });

  it('is not made after the end of the call', async () => {
    const { call } = await measuredCall();
    const stats = call.feature(MediaStats);
    await call.hangUp();

    expect(() => stats.createCollector()).toThrow(expect.objectContaining({ code: 'invalid_state' }));
  });
});
