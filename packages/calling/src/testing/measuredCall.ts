import { connectedCall } from './connectedCall.ts';
import { FakeCounters } from './FakeCounters.ts';
import { consumerOf, participant } from './FakeServer.ts';
import { nextTurn } from './testClient.ts';

const callId = 'call-1';

/** A call with Bob whose statistics the test makes up. */
export async function measuredCall() {
  const parts = await connectedCall();
  const { call, clock, media, server } = parts;
  const counters = new FakeCounters();
  media.session.getStats = async () => counters.report(clock.now());

  return {
    ...parts,
    session: media.session,
    counters,
    /** Somebody sends sound, which arrives under the mid `mid-of-<name>-mic`. */
    sounds: async (name: string) => {
      await nextTurn();
      const producer = { id: `${name}-mic`, source: 'microphone', paused: false } as const;
      if (call.remoteParticipants.every(({ identity }) => identity.id !== name)) {
        server.notify('participantJoined', { callId, participant: participant(name) });
      }
      server.notify('producerAdded', { callId, participantId: `${name}-1`, producer });
      server.notify('consumersAdded', { callId, consumers: [consumerOf(producer.id)] });
      await nextTurn();
      const found = call.remoteParticipants.find(({ identity }) => identity.id === name);
      if (found === undefined) {
        throw new Error(`${name} is not in the call.`);
      }

      return found;
    },
    /** Lets whole seconds pass; `each` is what the peer connections count in one. */
    second: async (each: () => void, times = 1): Promise<void> => {
      for (let passed = 0; passed < times; passed += 1) {
        each();
        clock.pass(1_000);
        await nextTurn();
      }
    },
  };
}
