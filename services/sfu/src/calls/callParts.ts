import type { CallKind, CallSnapshot, EndReasonName } from '@parley/protocol';
import type { CallMedia } from '../media/mediaTypes.ts';
import { AloneTimer } from './AloneTimer.ts';
import type { CallEndpoint } from './CallEndpoint.ts';
import { CallReporter } from './CallReporter.ts';
import { isLive, type CallMachineState } from './callMachine.ts';
import type { CallDependencies, CallOptions } from './callTypes.ts';
import { Departures } from './Departures.ts';
import { EntranceRate } from './EntranceRate.ts';
import { Entrances } from './Entrances.ts';
import { Excesses } from './Excesses.ts';
import { CallFeatures } from './features/CallFeatures.ts';
import { Members } from './Members.ts';
import { Beginnings } from './participants/Beginnings.ts';
import { CallRate } from './participants/CallRate.ts';
import { CallRoles } from './participants/CallRoles.ts';
import type { Participant } from './participants/Participant.ts';
import { Roster } from './participants/Roster.ts';
import { Siblings } from './participants/Siblings.ts';
import { SlotOccupants } from './participants/SlotOccupants.ts';
import { Speakers } from './participants/Speakers.ts';
import { Uplinks } from './participants/Uplinks.ts';
import { CallKeeper } from './recovery/CallKeeper.ts';
import { Reconnects } from './recovery/Reconnects.ts';
import { ReentryRate } from './ReentryRate.ts';
import { Removals } from './Removals.ts';
import { requireStanding } from './requireStanding.ts';
import { Ringing } from './ringing/Ringing.ts';
import { Lobby } from './rooms/Lobby.ts';

/** What the parts of a call ask of it, and tell it. */
export interface CallHooks {
  readonly kind: () => CallKind;
  readonly state: () => CallMachineState;
  readonly snapshotFor: (participant: Participant) => CallSnapshot;
  /** The endpoint has taken the participant's place. */
  readonly onConnected: (participant: Participant, endpoint: CallEndpoint) => void;
  /** One who was rung is in the call. */
  readonly onAnswered: (participant: Participant) => void;
  readonly end: (reason: EndReasonName) => void;
}

export type CallParts = ReturnType<typeof createCallParts>;

/** What a call is made of; the call alone decides when it is over. */
export function createCallParts(
  options: CallOptions,
  deps: CallDependencies,
  media: CallMedia,
  hooks: CallHooks,
) {
  const { id: callId, roomId, door, settings, customData = {} } = options;
  const { clock, directory, endedPlaces, iceServersFor, limits } = deps;
  const graceMs = settings.reconnectSeconds * 1000;
  const roster = new Roster((notification) => keeper?.hear(notification));
  const members = new Members(options.kind);
  const removals = new Removals();
  const siblings = new Siblings();
  const excesses = new Excesses(clock);
  const reporter = new CallReporter(options, deps);
  const roles = new CallRoles({
    callId,
    roster,
    reporter,
    removals,
    rules: () => door?.rules,
    onChanged: (participant, before) => {
      members.note(participant);
      lobby.roleChanged(participant, before);
    },
  });
  const rate = new CallRate({
    perSecond: limits.actionsPerSecond,
    audience: () => roster.size,
    clock,
  });
  const beginnings = new Beginnings({ perMinute: limits.beginningsPerMinute, clock });
  const features = new CallFeatures({
    callId,
    roster,
    roles,
    rate,
    clock,
    customData,
    onSpotlight: (participantIds) => media.setSpotlight(participantIds),
  });
  const reconnects = new Reconnects({
    callId,
    roster,
    reporter,
    media,
    directory,
    endedPlaces,
    clock,
    limits,
    graceMs,
    iceServersFor,
    snapshotFor: hooks.snapshotFor,
    requireNoPlaceBut: (own, endpoint) => entrances.requireNoPlaceBut(own, endpoint),
    onResumed: () => keeper?.touch(),
    onExpired: ({ id }) => departures.leave(id, 'connection_lost'),
  });
  const alone = new AloneTimer({
    clock,
    timeoutMs: settings.aloneTimeoutSeconds * 1000,
    onExpired: () => hooks.end('alone'),
  });
  const ringing = new Ringing({
    callId,
    roster,
    members,
    removals,
    reporter,
    clock,
    timeoutMs: settings.ringingTimeoutSeconds * 1000,
    call: () => ({ callId, kind: hooks.kind(), customData: features.customData.items }),
    onRinging: (device, isRinging) => directory.setRinging(device, callId, isRinging),
    home: {
      applicationId: options.applicationId,
      nodeId: deps.nodeId,
      backplane: deps.backplane,
      logger: deps.logger,
    },
    onRung: () => alone.update(false),
    onRefused: (participantId, reason) => departures.leave(participantId, reason),
  });
  const lobby: Lobby = new Lobby({
    call: { id: callId, ...(roomId === undefined ? {} : { roomId }) },
    roster,
    reporter,
    roles,
    directory,
    endedPlaces,
    clock,
    limits,
    graceMs,
    iceServersFor,
    enter: (entrant, onJoined) => entrances.enter(entrant, { onJoined }),
    onGone: (reason) => departures.endIfOver(reason),
    onChanged: () => keeper?.touch(),
  });
  const entrances: Entrances = new Entrances({
    ...hooks,
    roster,
    roles,
    members,
    removals,
    siblings,
    excesses,
    rate: new EntranceRate(limits.joinsPerSecond, clock),
    reentries: new ReentryRate(limits.entrancesPerMinute, clock),
    ringing,
    lobby,
    reporter,
    media,
    door,
    hasEnded: () => !isLive(hooks.state()),
    requireStanding: (endpoint) => requireStanding(endpoint, deps),
    onReplacing: (participant) => departures.replaceSiblings(participant),
    onLost: (participant) => reconnects.lose(participant),
    onRefused: (reason, participant) => {
      if (participant !== undefined) {
        reporter.left(participant.id, reason);
        departures.leave(participant.id, reason);
      }
      departures.endIfOver(reason);
    },
  });
  const speakers = new Speakers(callId, roster);
  const departures: Departures = new Departures({
    ...hooks,
    callId,
    directEndsWithEither: settings.directEndsWithEither,
    roster,
    ringing,
    lobby,
    entrances,
    reconnects,
    features,
    speakers,
    removals,
    siblings,
    excesses,
    reporter,
    directory,
    alone,
  });
  const keeper: CallKeeper | undefined =
    deps.journal &&
    new CallKeeper(deps.journal, callId, () => ({
      id: callId,
      applicationId: options.applicationId,
      kind: hooks.kind(),
      state: hooks.state() === 'ringing' ? 'ringing' : 'connected',
      ...(roomId === undefined ? {} : { roomId }),
      settings,
      participants: roster.all,
      waiters: lobby.waiters,
      members: members.kept,
      removals: removals.kept,
      features: features.snapshot,
    }));

  return {
    keeper,
    roster,
    members,
    removals,
    siblings,
    reporter,
    roles,
    rate,
    beginnings,
    features,
    reconnects,
    alone,
    ringing,
    lobby,
    entrances,
    departures,
    speakers,
    uplinks: new Uplinks(callId, roster),
    audioSlots: new SlotOccupants(callId, roster),
  };
}
