import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allAutomatic } from '../automatic.ts';
import { CommunicationUserCredential } from '../client/CommunicationUserCredential.ts';
import { UserConnection } from '../client/UserConnection.ts';
import { silentLogger } from '../logger.ts';
import { FakeClock, FakeServer } from '../testing/FakeServer.ts';
import { nextTurn } from '../testing/testClient.ts';

const callId = 'call-1';
const mediaOffer = { rtpCapabilities: {}, dtlsFingerprints: [] };

async function inRoom() {
  const [server, clock] = [new FakeServer(), new FakeClock()];
  const user = new UserConnection({
    endpoint: 'http://localhost',
    tokens: new CommunicationUserCredential('a token'),
    openSocket: server.openSocket,
    watchNetwork: () => () => {},
    automatic: allAutomatic,
    clock,
    logger: silentLogger,
  });
  await user.open();
  const connection = user.connectCall();
  const heard: string[] = [];
  let ended = false;
  await connection.enter((request, options) =>
    request('joinRoom', { roomId: 'room-1', media: mediaOffer }, options),
  );
  connection.listen({
    onNotification: ({ name, data }) => heard.push(name === 'reactionSent' ? data.reaction : name),
    onSnapshot: () => heard.push('snapshot'),
    onLost: () => {},
    onResumed: () => {},
    onEnded: () => {
      ended = true;
    },
  });

  return { server, clock, user, connection, heard, hasEnded: () => ended };
}

describe('whatever happens to the connection of a call', () => {
  it('no request is lost or carried out twice, no notification either, and both keep their order', async () => {
    const step = fc.constantFrom(
      'request',
      'request',
      'notify',
      'notify',
      'drop',
      'dropWithAnswers',
      'unreachable',
      'turn',
      'pause',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 50 }), async (steps) => {
        const { server, clock, user, connection, heard, hasEnded } = await inRoom();
        const answers: Promise<unknown>[] = [];
        let told = 0;
        for (const what of steps) {
          switch (what) {
            case 'request': {
              answers.push(connection.request('sendReaction', { callId, reaction: String(answers.length) }));
              break;
            }
            case 'notify': {
              server.notify('reactionSent', { callId, participantId: 'bob-1', reaction: String(told) });
              told += 1;
              break;
            }
            case 'drop': {
              server.isMute = false;
              server.refusal = undefined;
              server.drop();
              break;
            }
            case 'dropWithAnswers': {
              server.isMute = true;
              await nextTurn();
              server.isMute = false;
              server.drop();
              break;
            }
            case 'unreachable': {
              server.isSilent = true;
              server.drop();
              await nextTurn();
              server.isSilent = false;
              break;
            }
            case 'turn': {
              await nextTurn();
              break;
            }
            default: {
              clock.pass(500);
            }
          }
        }
        // Longer than any single pause, and altogether shorter than the place is kept.
        for (let round = 0; round < 3; round += 1) {
          await nextTurn();
          clock.pass(10_000);
        }
        await Promise.all(answers);
        const asked = server.asked('sendReaction').map(({ reaction }) => reaction);
        expect(asked).toEqual(answers.map((_, index) => String(index)));
        expect(heard).toEqual(Array.from({ length: told }, (_, index) => String(index)));
        expect(hasEnded()).toBe(false);
        user.close();
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 200, seed: 41 },
    );
  });

  it('what waits for an answer fails when the call is over', async () => {
    const { server, connection, user, clock } = await inRoom();
    server.drop();
    const asked = connection.request('raiseHand', { callId });

    user.close();

    await expect(asked).rejects.toMatchObject({ code: 'unavailable' });
    expect(clock.pending).toBe(0);
  });
});
