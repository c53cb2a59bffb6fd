import type { MediaParameters } from '@parley/protocol';
import {
  clientCases,
  type AcceptConnection,
  type ClientDriver,
  type ClientUnderTest,
  type ClientView,
} from '@parley/protocol/conformance';
import { describe, expect, it } from 'vitest';
import type { Call, CallState } from '../src/call/callTypes.ts';
import type { OpenSocket } from '../src/signaling/SocketPort.ts';
import { FakeClock, joined } from '../src/testing/FakeServer.ts';
import { createTestClient, nextTurn } from '../src/testing/testClient.ts';

const media: MediaParameters = joined('room', 'connected').media;

const stateOf: Record<CallState, ClientView['state']> = {
  None: 'entering',
  Connecting: 'entering',
  InLobby: 'entering',
  Ringing: 'entering',
  EarlyMedia: 'entering',
  Connected: 'in the call',
  LocalHold: 'in the call',
  RemoteHold: 'in the call',
  Reconnecting: 'reconnecting',
  Disconnecting: 'over',
  Disconnected: 'over',
};

/** The SDK's socket, whose other end is the suite's. */
function openSocketTo(accept: AcceptConnection): OpenSocket {
  return ({ endpoint, auth }, handlers) => {
    let isOpen = true;
    let take: ReturnType<AcceptConnection> = () => {};
    queueMicrotask(() => {
      take = accept({
        url: endpoint,
        auth,
        notify: (envelope) => {
          if (isOpen) {
            handlers.onNotification(envelope);
          }
        },
        cut: () => {
          if (isOpen) {
            isOpen = false;
            handlers.onClosed();
          }
        },
      });
    });

    return {
      request: (envelope, acknowledge) => {
        if (isOpen) {
          take(envelope, (answer) => {
            if (isOpen) {
              acknowledge(answer);
            }
          });
        }
      },
      close: () => {
        isOpen = false;
      },
    };
  };
}

/** The SDK as the suite sees any other client, on a clock that passes while the suite waits. */
function createDriver(): ClientDriver {
  const clock = new FakeClock();

  return {
    media,
    routerRtpCapabilities: {},
    async start(accept) {
      const { client } = await createTestClient({ clock, openSocket: openSocketTo(accept) });

      return clientUnderTest(client);
    },
    async until(isSo) {
      for (let turn = 0; !isSo(); turn += 1) {
        if (turn > 500) {
          throw new Error('It did not come to that.');
        }
        await nextTurn();
        clock.pass(10);
      }
    },
    async settle() {
      for (let turn = 0; turn < 100; turn += 1) {
        await nextTurn();
        clock.pass(10);
      }
    },
  };
}

type Client = Awaited<ReturnType<typeof createTestClient>>['client'];

function clientUnderTest(client: Client): ClientUnderTest {
  const changes: string[] = [];
  let call: Call | undefined;
  const present = (): Call => {
    if (call === undefined) {
      throw new Error('There is no call yet.');
    }

    return call;
  };

  return {
    joinRoom(roomId) {
      call = client.join({ roomId });
      call.on('remoteParticipantsUpdated', ({ added, removed }) => {
        changes.push(...added.map(({ endpointId }) => `+${endpointId}`));
        changes.push(...removed.map(({ endpointId }) => `-${endpointId}`));
      });
    },
    hold: () => present().hold(),
    view() {
      const { state, callEndReason, remoteParticipants } = present();

      return {
        state: stateOf[state],
        ...(callEndReason === undefined ? {} : { endReason: callEndReason.name }),
        others: remoteParticipants.flatMap(({ endpointId }) => endpointId ?? []),
        changes: [...changes],
      };
    },
    stop: () => client.dispose(),
  };
}

describe('the SDK as the protocol describes a client', () => {
  it.for([...clientCases])('$title', async (conformanceCase) => {
    await expect(conformanceCase.run(createDriver())).resolves.toBeUndefined();
  });
});
