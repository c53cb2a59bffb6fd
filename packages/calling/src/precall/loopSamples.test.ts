import { describe, expect, it } from 'vitest';
import { lacksPictures, readSample, type LoopSample } from './loopSamples.ts';

/** What the peer connections count, all of it on the side that sends. */
const sampleOf = (entries: Readonly<Record<string, object>>, atMs = 0): LoopSample =>
  readSample(
    {
      send: new Map(Object.entries(entries).map(([id, entry]) => [id, { ...entry, id }])),
      receive: new Map() as never,
    },
    atMs,
  );

const pair = { type: 'candidate-pair', nominated: true, state: 'succeeded' };
const host = { type: 'local-candidate', protocol: 'udp', candidateType: 'host' };
const relay = { type: 'local-candidate', protocol: 'udp', candidateType: 'relay' };

describe('the path of a sample', () => {
  it.each([
    ['tls', 'tcp'],
    ['tcp', 'tcp'],
    ['udp', 'udp'],
  ])(
    'is, by a relay over %s, one over %s: what the relay speaks behind it says nothing',
    (over, protocol) => {
      const { statistics } = sampleOf({
        pair: { ...pair, localCandidateId: 'local' },
        local: { ...relay, relayProtocol: over },
      });

      expect(statistics.path).toEqual({ protocol, isRelayed: true });
    },
  );

  it.each([
    ['that the transport names', { transport: { type: 'transport', selectedCandidatePairId: 'second' } }, {}],
    ['that Firefox has selected', {}, { selected: true }],
  ])('is of several that were nominated the one %s', (_which, entries, second) => {
    const { statistics } = sampleOf({
      first: { ...pair, localCandidateId: 'host' },
      second: { ...pair, ...second, localCandidateId: 'relay' },
      host,
      relay,
      ...entries,
    });

    expect(statistics.path).toEqual({ protocol: 'udp', isRelayed: true });
  });
});

describe('a tab that makes', () => {
  it.each([
    ['a picture a second', 1, true],
    ['twenty', 20, false],
  ])('%s cannot or can measure bandwidth', (_what, perSecond, expected) => {
    const samples = [1, 2, 3].map((second) =>
      sampleOf(
        { source: { type: 'media-source', kind: 'video', frames: perSecond * second } },
        second * 1_000,
      ),
    );

    expect(lacksPictures(samples)).toBe(expected);
  });

  it('does not say how many is taken to make enough', () => {
    expect(lacksPictures([sampleOf({}), sampleOf({}, 1_000)])).toBe(false);
    expect(lacksPictures([])).toBe(false);
  });
});
