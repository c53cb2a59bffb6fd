import type { AudioSlot, DataChannelKind, ForwardingRule, MediaParameters } from '@parley/protocol';
import { allAutomatic } from '../automatic.ts';
import type { AutomaticCallBehaviours } from '../automaticTypes.ts';
import { CallMedia } from '../call/CallMedia.ts';
import { silentLogger } from '../logger.ts';
import type { PathState } from '../media/pathState.ts';
import { AudioOutput } from '../rendering/AudioOutput.ts';
import { FakeMedia } from './FakeMedia.ts';
import { FakePage } from './fakePage.ts';
import { FakeRequests } from './FakeRequests.ts';
import { consumerOf, FakeClock, joined } from './FakeServer.ts';

interface Changes {
  parameters?: Partial<MediaParameters>;
  audioSlots?: AudioSlot[];
  rulesOff?: ForwardingRule[];
  automatic?: AutomaticCallBehaviours;
}

/** The media of one call on fakes of its browser and its server. */
export function createTestCallMedia({
  parameters = {},
  audioSlots = [],
  rulesOff = [],
  automatic = {},
}: Changes = {}) {
  const fakeMedia = new FakeMedia();
  const clock = new FakeClock();
  const page = new FakePage();
  const server = new FakeRequests();
  server.on('produce', ({ source }) => ({ producerId: `own-${source}` }));
  server.on('consume', ({ producerIds }) => ({ consumers: producerIds.map(consumerOf) }));
  const audioOutput = new AudioOutput(() => page.asDocument());
  const room = joined('room', 'connected');
  const told = {
    opened: 0,
    paths: [] as PathState[],
    lost: [] as string[],
    received: [] as { participantId: string; text: string; channel: DataChannelKind }[],
  };
  const media = new CallMedia({
    snapshot: { ...room.call, audioSlots, settings: { ...room.call.settings, rulesOff } },
    parameters: { ...room.media, ...parameters },
    iceServers: [],
    request: server.request,
    openMedia: (options) => fakeMedia.open(options),
    playAudio: (stream) => audioOutput.play(stream),
    automatic: { ...allAutomatic, ...automatic },
    clock,
    logger: silentLogger,
    onPathOpened: () => (told.opened += 1),
    onPathChanged: (state) => told.paths.push(state),
    onPublicationLost: (producerId) => told.lost.push(producerId),
    onDataReceived: ({ participantId, payload }, channel) =>
      told.received.push({ participantId, text: new TextDecoder().decode(payload), channel }),
  });

  return { media, fakeMedia, clock, page, server, told, parametersAfterLoss };
}

/** What the server gives in place of lost transports. */
function parametersAfterLoss(changes: Partial<MediaParameters> = {}): MediaParameters {
  const { sendTransport, receiveTransport } = joined('room', 'connected').media;

  return {
    sendTransport: { ...sendTransport, id: 'send-transport-2' },
    receiveTransport: { ...receiveTransport, id: 'receive-transport-2' },
    consumers: [],
    dataConsumers: [],
    ...changes,
  };
}
