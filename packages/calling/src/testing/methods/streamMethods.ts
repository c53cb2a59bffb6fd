import { asMediaStream, FakeStream, FakeTrack } from '../fakeMediaStream.ts';
import { fakeProcessor } from '../fakeProcessor.ts';
import type { MethodCase } from './MethodCase.ts';

const picture = asMediaStream(new FakeStream([new FakeTrack('video')]));
const key = new Uint8Array(32).fill(1);
const sound = asMediaStream(new FakeStream([new FakeTrack('audio')]));

const wrongModes = (): readonly (readonly unknown[])[] => [[], ['Large'], ['toString']];
const scaling: MethodCase = { right: () => ['Fit'], wrong: wrongModes, late: 'done' };
const wrongPlace: MethodCase['wrong'] = ({ target }) => [
  [],
  ['body'],
  [{}],
  [null],
  [target(), 'Large'],
  [target(), 'toString'],
];

export const streamMethods: Readonly<Record<string, MethodCase>> = {
  'RemoteVideoStream.render': { right: ({ target }) => [target()], wrong: wrongPlace, late: 'not_found' },
  'RemoteVideoStream.getMediaStream': { wrong: () => [[{ signal: {} }]], late: 'not_found' },
  'RemoteVideoStream.takeSnapshot': { late: 'not_found' },
  'RemoteVideoRenderer.pause': { late: 'invalid_state' },
  'RemoteVideoRenderer.resume': { late: 'invalid_state' },
  'RemoteVideoRenderer.setScalingMode': scaling,
  'RemoteVideoRenderer.dispose': { late: 'done' },
  'VideoRenderer.setScalingMode': scaling,
  'VideoRenderer.dispose': { late: 'done' },
  'LocalVideoStream.render': { right: ({ target }) => [target()], wrong: wrongPlace, late: 'invalid_state' },
  'LocalVideoStream.getMediaStream': { late: 'invalid_state' },
  'LocalVideoStream.setMediaStream': {
    right: () => [picture],
    wrong: () => [[], [{}], [sound], [picture.getVideoTracks()[0]]],
    late: 'invalid_state',
  },
  'LocalVideoStream.setProcessor': {
    right: () => [fakeProcessor('video').processor],
    wrong: () => [[{}], [fakeProcessor('audio').processor]],
    late: 'invalid_state',
  },
  'LocalVideoStream.switchSource': {
    right: () => [{ id: 'cam-2', name: '' }],
    wrong: () => [[], [{}], ['cam-2'], [null], [{ id: 1 }]],
    late: 'invalid_state',
  },
  'LocalVideoStream.takeSnapshot': { late: 'invalid_state' },
  'LocalVideoStream.dispose': { late: 'done' },
  'MediaStats.createCollector': {
    wrong: () => [[{ aggregationInterval: 0 }], [{ dataPointsPerAggregation: 'many' }]],
    late: 'invalid_state',
  },
  'MediaStatsCollector.dispose': { late: 'done' },
  'NetworkQuality.of': { right: ({ bob }) => [bob], wrong: () => [[], [{}], ['bob']], late: 'done' },
  'Diagnostics.getLatest': { late: 'done' },
  'Encryption.setKey': {
    right: () => [key],
    wrong: () => [
      [],
      ['a passphrase'],
      [new Uint8Array(15)],
      [key, { keyIndex: 256 }],
      [key, { keyIndex: 0.5 }],
      [key, { participantId: '' }],
    ],
    late: 'done',
  },
  // There is no key yet.
  'Encryption.fingerprint': { late: 'invalid_state' },
  'Encryption.stateOf': { right: () => ['bob-1'], late: 'done' },
};
