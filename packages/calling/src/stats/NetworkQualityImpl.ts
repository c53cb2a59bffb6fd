import { EventSource } from '../events.ts';
import type { CallFeatureHost } from '../features/callFeatureTypes.ts';
import type { RemoteParticipant } from '../participants/participantTypes.ts';
import { judgeLook, type OriginatedFinding } from './judgeLook.ts';
import type {
  NetworkQuality,
  NetworkQualityEvents,
  ParticipantQuality,
  Quality,
} from './networkQualityTypes.ts';
import { StatsWatch, type StatsLook } from './StatsWatch.ts';
import { SteadyQuality, unknownQuality } from './SteadyQuality.ts';

const lookMs = 2_000;

export class NetworkQualityImpl extends EventSource<NetworkQualityEvents> implements NetworkQuality {
  readonly #host: CallFeatureHost;
  readonly #send = new SteadyQuality();
  readonly #receive = new SteadyQuality();
  readonly #participants = new Map<RemoteParticipant, SteadyQuality<OriginatedFinding>>();

  constructor(host: CallFeatureHost) {
    super();
    this.#host = host;
    const watch = new StatsWatch({ host, intervalMs: lookMs, onLook: (look) => this.#take(look) });
    host.onEnd(
      host.call.on('remoteParticipantsUpdated', ({ removed }) =>
        removed.forEach((participant) => this.#participants.delete(participant)),
      ),
    );
    host.onEnd(() => watch.stop());
    watch.start();
  }

  get send(): Quality {
    return this.#send.present;
  }

  get receive(): Quality {
    return this.#receive.present;
  }

  of(participant: RemoteParticipant): ParticipantQuality {
    if (typeof (participant as RemoteParticipant | undefined)?.identity !== 'object') {
      throw new TypeError('of() takes a participant of the call.');
    }

    return { origin: undefined, ...(this.#participants.get(participant)?.present ?? unknownQuality) };
  }

  #take(look: StatsLook | undefined): void {
    const { clock, network, call } = this.#host;
    const now = clock.now();
    const { send, receive, participants } = judgeLook(look, network);
    if (this.#send.take(send, now)) {
      this.emit('sendChanged');
    }
    if (this.#receive.take(receive, now)) {
      this.emit('receiveChanged');
    }
    for (const participant of call.remoteParticipants) {
      const quality = this.#participants.get(participant) ?? new SteadyQuality<OriginatedFinding>();
      this.#participants.set(participant, quality);
      if (quality.take(participants.get(participant), now)) {
        this.emit('participantQualityChanged', participant);
      }
    }
  }
}
