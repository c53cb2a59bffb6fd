import type { Clock } from '@parley/kit';
import {
  maxDataMessageBytes,
  parseDataMessage,
  type DataChannelKind,
  type DataConsumerInfo,
  type DataMessage,
} from '@parley/protocol';
import { CallError, toCallError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { OutgoingData } from '../media/MediaPort.ts';
import type { Request } from '../signaling/request.ts';
import { DataPace } from './DataPace.ts';
import type { SendPath } from './Publisher.ts';

/** More than this waiting for the network means that the network cannot keep up, bytes. */
const maxBufferedBytes = 1024 * 1024;

interface DataChannelsOptions {
  callId: string;
  path: SendPath;
  request: Request;
  /** Otherwise messages go as they come, and the server drops what is too much. */
  isPaced: boolean;
  clock: Clock;
  logger: Logger;
  onMessage: (message: DataMessage, channel: DataChannelKind) => void;
}

/** Messages to and from everyone else in the call; a channel is opened with the first message sent over it. */
export class DataChannels {
  readonly #options: DataChannelsOptions;
  readonly #opened = new Map<DataChannelKind, Promise<OutgoingData>>();
  /** Open, or about to be. */
  readonly #outgoing = new Set<OutgoingData>();
  readonly #pace: DataPace | undefined;
  #path: SendPath | undefined;

  constructor(options: DataChannelsOptions) {
    this.#options = options;
    this.#pace = options.isPaced ? new DataPace(options.clock) : undefined;
    this.#path = options.path;
  }

  /**
   * Resolves when the message is on its way, an `ordered` one as soon as the server takes another. A `lossy` one that
   * server or network have no room for is dropped.
   * @throws CallError `unavailable` for an `ordered` one that would have to wait for long.
   */
  async send(payload: Uint8Array, channel: DataChannelKind): Promise<void> {
    if (payload.byteLength > maxDataMessageBytes) {
      throw new TypeError(`A data message has at most ${maxDataMessageBytes} bytes.`);
    }
    // As it is now, whatever the application does with its buffer while the channel opens.
    const message = payload.slice();
    if (channel === 'ordered') {
      await this.#pace?.turn(message.byteLength);
    } else if (this.#pace?.allows(message.byteLength) === false) {
      return;
    }
    const outgoing = await this.#channel(channel);
    if (outgoing.bufferedAmount <= maxBufferedBytes) {
      outgoing.send(message);
    } else if (channel === 'ordered') {
      throw new CallError('unavailable', 'The network cannot keep up with what is being sent.');
    }
  }

  /** Listens to what the others send. */
  listen(consumers: readonly DataConsumerInfo[]): void {
    const { logger, onMessage } = this.#options;
    for (const consumer of consumers) {
      this.#path?.session
        .receiveData(consumer, (bytes) => {
          const message = parseDataMessage(bytes);
          if (message !== undefined) {
            onMessage(message, consumer.channel);
          }
        })
        .catch((error: unknown) => {
          logger.warn('a data channel was not opened', {
            channel: consumer.channel,
            code: toCallError(error).code,
          });
        });
    }
  }

  /** The transports were lost and these are there instead. */
  moveTo(path: SendPath, consumers: readonly DataConsumerInfo[]): void {
    this.#leave();
    this.#path = path;
    this.listen(consumers);
  }

  /** Idempotent. */
  close(): void {
    this.#leave();
    this.#pace?.close();
  }

  /** Closes what is open, so that nobody waits for it to open either. */
  #leave(): void {
    this.#path = undefined;
    this.#opened.clear();
    this.#outgoing.forEach((outgoing) => outgoing.close());
    this.#outgoing.clear();
  }

  /** Over the session that is the present one when it is open. */
  async #channel(channel: DataChannelKind): Promise<OutgoingData> {
    for (;;) {
      const path = this.#path;
      if (path === undefined) {
        throw new CallError('invalid_state', 'The call has ended.');
      }
      const opening = this.#opened.get(channel) ?? this.#open(path, channel);
      this.#opened.set(channel, opening);
      try {
        const outgoing = await opening;
        if (path === this.#path) {
          return outgoing;
        }
      } catch (error) {
        if (path === this.#path) {
          // The next message tries again.
          this.#opened.delete(channel);
          throw toCallError(error);
        }
      }
    }
  }

  async #open({ session, transportId }: SendPath, channel: DataChannelKind): Promise<OutgoingData> {
    const { callId, request } = this.#options;
    const outgoing = await session.sendData(channel);
    this.#outgoing.add(outgoing);
    try {
      const { sctpStreamParameters } = outgoing;
      await request('produceData', { callId, transportId, channel, sctpStreamParameters });
      await outgoing.opened;

      return outgoing;
    } catch (error) {
      this.#outgoing.delete(outgoing);
      outgoing.close();
      throw error;
    }
  }
}
