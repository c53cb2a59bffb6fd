import { asMediaStream, asTrack, FakeStream, FakeTrack } from '../fakeMediaStream.ts';
import { fakeProcessor } from '../fakeProcessor.ts';
import type { MethodCase } from './MethodCase.ts';

const bytes = new Uint8Array(1);
const silent = asMediaStream(new FakeStream([new FakeTrack('video')]));
const invisible = asMediaStream(new FakeStream([new FakeTrack('audio')]));

/** What refuses everything outside of the time that one is in the call. */
const inCall = { early: 'invalid_state', late: 'invalid_state' };
/** What refuses everything after the end of the call alone. */
const untilEnd = { early: 'done', late: 'invalid_state' };

const wrongOptions = [
  [{ videoOptions: { codec: 'H265' } }],
  [{ videoOptions: { scalabilityMode: 'many' } }],
  [{ videoOptions: { localVideoStreams: [{}] } }],
  [{ audioOptions: { source: silent } }],
  [{ constraints: { send: { bitrate: { max: -1 } } } }],
  [{ automatic: { reconect: false } }],
  [{ encryption: {} }],
];

const callees = (): readonly (readonly unknown[])[] => [
  [],
  ['bob'],
  [[]],
  [Array.from({ length: 51 }, (_, index) => `user-${index}`)],
  [['no/slash']],
  [[42]],
  [['bob'], { customData: { 'a b': 'c' } }],
  [['bob'], { customData: { a: 1 } }],
  ...wrongOptions.map(([options]) => [['bob'], options]),
];

export const callMethods: Readonly<Record<string, MethodCase>> = {
  'Call.addParticipant': {
    right: () => ['carol'],
    wrong: () => [[], [''], ['no/slash'], [42], [{ id: 'carol' }], [{ communicationUserId: '' }]],
    ...inCall,
  },
  'Call.removeParticipant': {
    right: ({ bob }) => [bob],
    wrong: () => [[], ['nobody'], [{}], [{ communicationUserId: 'nobody' }]],
    ...inCall,
  },
  'Call.muteOthers': inCall,
  'Call.muteAllRemoteParticipants': inCall,
  'Call.changeRole': {
    right: ({ bob }) => [bob, 'attendee'],
    wrong: ({ bob }) => [[], [bob], [bob, 'king'], [{}, 'attendee'], ['bob', 'attendee']],
    ...inCall,
  },
  'Call.mute': untilEnd,
  'Call.unmute': untilEnd,
  'Call.muteIncomingAudio': untilEnd,
  'Call.unmuteIncomingAudio': untilEnd,
  'Call.setAudioSource': { right: () => [undefined], wrong: () => [[{}], [42], [silent]], ...untilEnd },
  'Call.setAudioProcessor': {
    right: () => [fakeProcessor('audio').processor],
    wrong: () => [[{}], [fakeProcessor('video').processor]],
    ...untilEnd,
  },
  'Call.startVideo': {
    wrong: () => [
      [{}],
      [42],
      [null],
      [invisible],
      [asTrack(new FakeTrack('audio'))],
      [undefined, { codec: 'H265' }],
      [undefined, { scalabilityMode: 'many' }],
    ],
    ...untilEnd,
  },
  'Call.stopVideo': { wrong: () => [[{}], [42], [null]], ...untilEnd },
  'Call.startScreenSharing': {
    wrong: () => [
      [{ codec: 'H265' }],
      [{ scalabilityMode: 'many' }],
      [null],
      [invisible],
      [asTrack(new FakeTrack('audio'))],
      [{ id: 'cam-1', name: 'a camera', getMediaStream: true }],
    ],
    ...untilEnd,
  },
  'Call.stopScreenSharing': untilEnd,
  'Call.setConstraints': {
    right: () => [{ video: { send: { frameHeight: { max: 360 } } } }],
    wrong: () => [
      [null],
      [42],
      [{ video: { send: { bitrate: { max: -1 } } } }],
      [{ screenSharing: { send: { frameRate: {} } } }],
      [{ audio: { send: { bitrate: 20_000 } } }],
      [{ receive: { bitrate: { max: '1' } } }],
      [{ send: { bitrate: { max: Number.NaN } } }],
    ],
    ...untilEnd,
  },
  'Call.sendData': {
    right: () => [bytes],
    wrong: () => [
      [],
      ['text'],
      [bytes.buffer],
      [[1, 2]],
      [new Uint8Array(16 * 1024 + 1)],
      [bytes, { channel: 'fast' }],
    ],
    ...inCall,
  },
  'Call.raiseHand': inCall,
  'Call.lowerHand': { wrong: () => [[{}], ['bob'], [42], [null]], ...inCall },
  'Call.sendReaction': {
    right: () => ['👏'],
    wrong: () => [[], [''], ['\n'], ['x'.repeat(33)], [42]],
    ...inCall,
  },
  'Call.setSpotlight': {
    right: () => [['own']],
    wrong: () => [[], ['own'], [[{}]], [['bob']], [Array.from({ length: 8 }, () => 'own')]],
    ...inCall,
  },
  'Call.setCustomData': {
    right: () => [{ a: 'b' }],
    wrong: () => [[], [42], [{ 'a b': 'c' }], [{ a: 1 }], [{ a: 'x'.repeat(1025) }]],
    ...inCall,
  },
  'Call.submitSurvey': {
    right: () => [{ rating: 3 }],
    wrong: () => [[], [{}], [{ rating: 0 }], [{ rating: 6 }], [{ rating: 3, issues: ['weather'] }]],
    early: 'invalid_state',
    late: 'done',
  },
  'Call.sendDtmf': {
    right: () => ['1'],
    wrong: () => [[], ['11'], ['E']],
    early: 'not_supported',
    late: 'invalid_state',
  },
  'Call.hold': inCall,
  'Call.resume': inCall,
  'Call.feature': { right: () => [() => 'a feature'], wrong: () => [[], [{}], ['MediaStats']], ...untilEnd },
  'Call.api': { right: () => [() => 'a feature'], wrong: () => [[], [{}], ['MediaStats']], ...untilEnd },
  'Call.hangUp': { early: 'done', late: 'done' },
  'CallChat.send': {
    right: () => ['Hello'],
    wrong: () => [[], [''], ['x'.repeat(2001)], [42]],
    ...inCall,
  },
  'Lobby.admit': {
    right: () => [[]],
    wrong: ({ bob }) => [[], [{}], ['dave'], [[{}]], [bob]],
    ...inCall,
  },
  'Lobby.reject': {
    right: () => [[]],
    wrong: ({ bob }) => [[], [{}], ['dave'], [[{}]], [bob]],
    ...inCall,
  },
  'Lobby.admitAll': inCall,
  'RemoteParticipant.mute': { late: 'invalid_state' },
  'CallClient.call': { right: () => [['bob']], wrong: callees, late: 'invalid_state' },
  'CallClient.startCall': { right: () => [['bob']], wrong: callees, late: 'invalid_state' },
  'CallClient.join': {
    right: () => [{ roomId: 'room-1' }],
    wrong: () => [
      [],
      ['room-1'],
      [{}],
      [{ roomId: '' }],
      [{ roomId: 42 }],
      [{ roomId: 'room-1', callId: 'call-1' }],
      ...wrongOptions.map(([options]) => [{ roomId: 'room-1' }, options]),
    ],
    late: 'invalid_state',
  },
  'CallClient.startAudio': { late: 'invalid_state' },
  'CallClient.dispose': { late: 'done' },
  'IncomingCall.accept': { wrong: () => wrongOptions, late: 'invalid_state' },
  'IncomingCall.reject': { late: 'invalid_state' },
};
