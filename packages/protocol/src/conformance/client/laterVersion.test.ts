import { describe, expect, it } from 'vitest';
import { standardCallSettings } from '../../callSettings.ts';
import type { Joined } from '../../signaling/place.ts';
import { requestTable } from '../../signaling/requests.ts';
import { inLaterVersion } from './laterVersion.ts';
import { participant } from './ScriptedServer.ts';

const transport = {
  id: 't1',
  iceParameters: { usernameFragment: 'u', password: 'p' },
  iceCandidates: [],
  dtlsParameters: { fingerprints: [{ algorithm: 'sha-256' as const, value: 'AB:CD' }] },
};

const joined: Joined = {
  action: 'joined',
  participantId: 'own',
  resumeToken: 'x'.repeat(32),
  sequence: 0,
  call: {
    id: 'call-1',
    kind: 'room',
    state: 'connected',
    settings: standardCallSettings,
    participants: [participant('own'), participant('bob')],
    speakers: [],
    spotlight: [],
    customData: {},
    chat: [],
    audioSlots: [],
  },
  media: { sendTransport: transport, receiveTransport: transport, consumers: [], dataConsumers: [] },
};

describe('what a client reads of the answer of a later minor version', () => {
  const read = requestTable.joinRoom.answer.parse(inLaterVersion(joined)) as Joined;

  it('is the nearest that it knows where a name is new', () => {
    expect(read.call).toMatchObject({ kind: 'group', state: 'connected', settings: { whenBusy: 'ring' } });
    expect(read.call.participants[1]).toMatchObject({
      identity: { kind: 'user' },
      role: 'attendee',
      state: 'connected',
      producers: [
        { id: 'hologram-1', source: 'unknown' },
        { id: 'camera-1', source: 'camera' },
      ],
    });
  });

  it('is the rest of a list of which one thing is new', () => {
    expect(read.call.settings.rulesOff).toEqual(['priorities']);
    expect(read.media).toEqual(joined.media);
  });

  it('is as much, and as large, as the server says', () => {
    expect(read.call.settings).toMatchObject({ everyoneHeardUpTo: 500, ringingTimeoutSeconds: 86_400 });
    expect(Object.values(read.call.customData)[0]).toHaveLength(5_000);
    expect(read.call.chat[0]?.displayName).toHaveLength(5_000);
  });

  it('is nothing that could change a prototype', () => {
    const call = { ...joined.call, customData: JSON.parse('{"__proto__":"x","topic":"y"}') as unknown };
    const parsed = requestTable.joinRoom.answer.parse({ ...joined, call }) as Joined;

    expect(Object.getOwnPropertyNames(parsed.call.customData)).toEqual(['topic']);
  });
});

describe('what a server takes', () => {
  it('is bounded as before, and of names that it knows', () => {
    const takes = (settings: object): boolean =>
      requestTable.startCall.data.safeParse({
        callees: ['bob'],
        media: { rtpCapabilities: {}, dtlsFingerprints: [{ algorithm: 'sha-256', value: 'AB:CD' }] },
        settings,
      }).success;

    expect(takes({ everyoneHeardUpTo: 50, rulesOff: ['priorities'] })).toBe(true);
    for (const settings of [{ everyoneHeardUpTo: 500 }, { rulesOff: ['teleport'] }, { whenBusy: 'queue' }]) {
      expect(takes(settings)).toBe(false);
    }
  });
});
