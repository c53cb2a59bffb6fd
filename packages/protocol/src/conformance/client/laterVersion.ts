import type { Joined } from '../../signaling/place.ts';
import type { ConformanceCase } from '../ConformanceCase.ts';
import { expectSame } from '../expectations.ts';
import { clientCase } from './clientCase.ts';
import type { ClientDriver } from './ClientDriver.ts';
import { callId } from './ScriptedServer.ts';

const long = 'x'.repeat(5_000);

/** A producer of a kind that there may be one day. */
const hologram = { id: 'hologram-1', source: 'hologram', paused: false, depth: 3 };

/** What a server of a later minor version may answer in place of this: more of everything, and names not known here. */
export function inLaterVersion({ call, media, ...joined }: Joined): unknown {
  const { sendTransport, dataConsumers } = media;

  return {
    ...joined,
    resumeToken: long,
    planet: 'Mars',
    call: {
      ...call,
      kind: 'broadcast',
      state: 'rehearsing',
      settings: {
        ...call.settings,
        ringingTimeoutSeconds: 86_400,
        everyoneHeardUpTo: 500,
        loudestHeard: 12.5,
        whenBusy: 'queue',
        rulesOff: ['teleport', 'priorities'],
        gravity: 3.7,
      },
      participants: call.participants.map((participant, index) => ({
        ...participant,
        identity: { ...participant.identity, displayName: long, kind: 'robot' },
        role: 'conductor',
        state: 'asleep',
        producers: index === 0 ? [] : [hologram, { id: 'camera-1', source: 'camera', paused: false }],
      })),
      customData: { [`a key of ${long}`]: long },
      chat: [
        {
          id: 'm 1',
          participantId: 'p 1',
          userId: `a user of ${long}`,
          displayName: long,
          text: long,
          sentAtMs: 0.5,
        },
      ],
    },
    media: {
      ...media,
      sendTransport: {
        ...sendTransport,
        iceCandidates: [
          ...sendTransport.iceCandidates,
          {
            foundation: 'f',
            priority: 1,
            ip: '::1',
            address: '::1',
            protocol: 'quic',
            port: 1,
            type: 'wormhole',
          },
        ],
        dtlsParameters: {
          ...sendTransport.dtlsParameters,
          fingerprints: [
            ...sendTransport.dtlsParameters.fingerprints,
            { algorithm: 'sha3-512', value: 'AB:CD' },
          ],
        },
      },
      dataConsumers: [
        ...dataConsumers,
        { id: 'd9', dataProducerId: 'hub-9', channel: 'telepathic', sctpStreamParameters: { streamId: 9 } },
      ],
    },
  };
}

export const laterVersion: readonly ConformanceCase<ClientDriver>[] = [
  clientCase('Who enters at a server of a later minor version is in the call.', async (stage) => {
    const { driver, server, client } = stage;
    // What a later version answers is nothing that this one has a type for.
    server.on('joinRoom', () => inLaterVersion(server.joined('bob')) as Joined);
    client.joinRoom('room-1');
    await driver.until(() => client.view().state === 'in the call');
    expectSame(client.view().others, ['bob'], 'Who is there');
    server.tell('producerAdded', { participantId: 'bob', producer: { ...hologram, id: 'hologram-2' } });
    server.tell('roleChanged', { participantId: 'bob', role: 'astronaut' });
    server.tell('participantStateChanged', { participantId: 'bob', state: 'awake' });
    server.tell('callKindChanged', { kind: 'seance' });
    server.tell('participantLeft', { participantId: 'bob', reason: 'beamed_up' });
    await driver.until(() => client.view().others.length === 0);
    expectSame(server.askedFor('getSnapshot').length, 0, `Snapshots asked for of ${callId}`);
  }),
];
