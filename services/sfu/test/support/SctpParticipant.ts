import type { DataChannelKind, DataConsumerInfo } from '@parley/protocol';
import type { types } from 'mediasoup';

const listenInfo: types.TransportListenInfo = { protocol: 'udp', ip: '127.0.0.1' };

/** One UDP path with an SCTP association in it, between a router of the server and one that stands for a client. */
async function connect(
  server: types.Router,
  client: types.Router,
): Promise<readonly [types.PlainTransport, types.PlainTransport]> {
  const open = async (router: types.Router): Promise<types.PlainTransport> =>
    router.createPlainTransport({ listenInfo, enableSctp: true });
  const [near, far] = await Promise.all([open(server), open(client)]);
  await Promise.all([
    near.connect({ ip: far.tuple.localAddress, port: far.tuple.localPort }),
    far.connect({ ip: near.tuple.localAddress, port: near.tuple.localPort }),
  ]);

  return [near, far];
}

/** A client with data channels: real SCTP, without ICE and DTLS below it. */
export class SctpParticipant {
  /** The server's ends. */
  readonly sendTransport: types.Transport;
  readonly receiveTransport: types.Transport;
  readonly #sendFrom: types.Transport;
  readonly #receiveAt: types.Transport;
  readonly #own: types.DirectTransport;

  private constructor(
    [sendTransport, sendFrom]: readonly [types.Transport, types.Transport],
    [receiveTransport, receiveAt]: readonly [types.Transport, types.Transport],
    own: types.DirectTransport,
  ) {
    this.sendTransport = sendTransport;
    this.receiveTransport = receiveTransport;
    this.#sendFrom = sendFrom;
    this.#receiveAt = receiveAt;
    this.#own = own;
  }

  static async open(server: types.Router, client: types.Router): Promise<SctpParticipant> {
    const [send, receive, own] = await Promise.all([
      connect(server, client),
      connect(server, client),
      client.createDirectTransport(),
    ]);

    return new SctpParticipant(send, receive, own);
  }

  /** Opens a channel as a client does; `produce` asks the server. Answers what sends over it. */
  async openChannel(
    channel: DataChannelKind,
    produce: (sctpStreamParameters: types.SctpStreamParameters) => Promise<unknown>,
  ): Promise<(message: string | Buffer) => void> {
    const source = await this.#own.produceData();
    const outgoing = await this.#sendFrom.consumeData({
      dataProducerId: source.id,
      ...(channel === 'ordered' ? {} : { ordered: false, maxRetransmits: 0 }),
    });
    if (outgoing.sctpStreamParameters === undefined) {
      throw new Error('The channel has no stream.');
    }
    await produce(outgoing.sctpStreamParameters);

    return (message) => source.send(message);
  }

  async listen(
    { sctpStreamParameters }: DataConsumerInfo,
    onMessage: (message: Uint8Array<ArrayBuffer>) => void,
  ): Promise<void> {
    const incoming = await this.#receiveAt.produceData({
      sctpStreamParameters: sctpStreamParameters as types.SctpStreamParameters,
    });
    const sink = await this.#own.consumeData({ dataProducerId: incoming.id });
    sink.on('message', (message) => onMessage(Uint8Array.from(message)));
  }
}
