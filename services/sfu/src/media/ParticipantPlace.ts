import { createDeferred, type Deferred } from '@parley/kit';
import { ProtocolError, type RestartedIce } from '@parley/protocol';
import type { CallSite } from './CallSite.ts';
import { askWorker } from './mediaError.ts';
import type { ParticipantTransports } from './ParticipantTransports.ts';
import type { SendTransport } from './SentStreams.ts';

/** Transports, and the site that they are at. */
interface Attachment {
  readonly site: CallSite;
  readonly transports: ParticipantTransports;
}

/** `told` resolves when the client knows of its transports. */
type State =
  | { readonly name: 'moving'; readonly told: Deferred<void> }
  | (Attachment & { readonly name: 'arriving'; readonly told: Deferred<void> })
  | (Attachment & { readonly name: 'attached' })
  | { readonly name: 'closed' };

/**
 * Where one participant is, and over what they are there.
 *
 *             arrive             run
 *     moving ────────► arriving ─────► attached          all ── close ──► closed
 *        ▲     leave      │    leave      │
 *        └────────────────┴───────────────┘
 */
export class ParticipantPlace {
  #state: State = { name: 'moving', told: createDeferred() };

  get isClosed(): boolean {
    return this.#state.name === 'closed';
  }

  /** Whether the client knows where it is. */
  get isAttached(): boolean {
    return this.#state.name === 'attached';
  }

  /** Another one after each transition. */
  get version(): object {
    return this.#state;
  }

  /** Undefined while they are on the way from one site to another. */
  get attachment(): Attachment | undefined {
    return 'site' in this.#state ? this.#state : undefined;
  }

  /** Settles when the client knows of its transports, or is gone; undefined while there is nothing to wait for. */
  get moving(): Promise<void> | undefined {
    return 'told' in this.#state ? this.#state.told.promise : undefined;
  }

  /** What the client knows of. Throws `unavailable` while it is to be told, and `call_not_found` when it is gone. */
  get known(): Attachment {
    if (this.#state.name === 'attached') {
      return this.#state;
    }
    throw this.isClosed
      ? new ProtocolError('call_not_found')
      : new ProtocolError('unavailable', 'The media is being moved.');
  }

  /** Answers whether anybody was on the way. */
  arrive({ site, transports }: Attachment): boolean {
    if (this.#state.name !== 'moving') {
      return false;
    }
    this.#state = { name: 'arriving', site, transports, told: this.#state.told };

    return true;
  }

  /** The client is told in this turn. Answers whether there is anything to tell it. */
  run(): boolean {
    if (this.#state.name !== 'arriving') {
      return false;
    }
    const { site, transports, told } = this.#state;
    this.#state = { name: 'attached', site, transports };
    told.resolve();

    return true;
  }

  /** Answers what is left behind, if they were anywhere. */
  leave(): Attachment | undefined {
    const { attachment } = this;
    if (attachment !== undefined) {
      this.#state = { name: 'moving', told: 'told' in this.#state ? this.#state.told : createDeferred() };
    }

    return attachment;
  }

  /**
   * Has something sent over that transport. While it is replaced, the client hears of the new one before it hears that the
   * old one is gone: rejects with `invalid_state` then.
   */
  async sendOver<T>(transportId: string, send: (over: SendTransport) => Promise<T>): Promise<T> {
    const over = await this.#sendTransport(transportId);
    try {
      return await send(over);
    } catch (error) {
      await this.#sendTransport(transportId);
      throw error;
    }
  }

  /** Of the transports that the client knows; of those that replace them when they are gone before it is done. */
  async restartIce(): Promise<RestartedIce> {
    const { transports } = await this.#toldOf();
    try {
      return await askWorker(() => transports.restartIce());
    } catch (error) {
      if (this.attachment?.transports !== transports) {
        return await this.restartIce();
      }
      throw error;
    }
  }

  /** Answers what is left behind, as `leave` does. */
  close(): Attachment | undefined {
    const before = this.#state;
    this.#state = { name: 'closed' };
    if ('told' in before) {
      before.told.resolve();
    }

    return 'site' in before ? before : undefined;
  }

  async #sendTransport(transportId: string): Promise<SendTransport> {
    const { site, transports } = await this.#toldOf();
    if (transportId !== transports.send.id) {
      throw new ProtocolError('invalid_state', 'That is not the present send transport.');
    }

    return { site, send: transports.send };
  }

  /** As `known`, once the client has been told. */
  async #toldOf(): Promise<Attachment> {
    while (this.moving !== undefined) {
      await this.moving;
    }

    return this.known;
  }
}
