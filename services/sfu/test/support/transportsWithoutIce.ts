import { ProtocolError, type TransportParameters } from '@parley/protocol';
import type { types } from 'mediasoup';
import type { ParticipantTransports } from '../../src/media/ParticipantTransports.ts';

type Candidates = TransportParameters['iceCandidates'];

/** A participant's transports to which no client comes by ICE, so that they have one path and keep it. */
export function transportsWithoutIce<Transport extends types.Transport>(
  { send, receive }: { readonly send: Transport; readonly receive: Transport },
  candidatesOf: (transport: Transport) => Candidates = () => [],
): ParticipantTransports {
  const parametersOf = (transport: Transport): TransportParameters => ({
    id: transport.id,
    iceParameters: { usernameFragment: 'none', password: 'none' },
    iceCandidates: candidatesOf(transport),
    dtlsParameters: { fingerprints: [] },
  });

  return {
    send,
    receive,
    parameters: { sendTransport: parametersOf(send), receiveTransport: parametersOf(receive) },
    restartIce: () => Promise.reject(new ProtocolError('not_supported')),
    onRerouted: () => {},
    close() {
      send.close();
      receive.close();
    },
  };
}
