import type {
  Call,
  CallClient,
  DeviceManager,
  EndReasonName,
  IncomingCall,
  LocalVideoStream,
  RemoteParticipant,
  RemoteVideoStream,
} from '@parley/calling';

type Listener = (...args: never[]) => void;

/** The listening half of an SDK object, with an `emit` for the test. */
export class FakeSource {
  readonly #listeners = new Map<string, Set<Listener>>();

  on(name: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(name, listeners);

    return () => listeners.delete(listener);
  }

  once(name: string, listener: Listener): () => void {
    const dispose = this.on(name, (...args) => {
      dispose();
      listener(...args);
    });

    return dispose;
  }

  emit(name: string, ...args: unknown[]): void {
    for (const listener of Array.from(this.#listeners.get(name) ?? [])) {
      (listener as (...args: unknown[]) => void)(...args);
    }
  }

  get listenerCount(): number {
    return Array.from(this.#listeners.values()).reduce((sum, { size }) => sum + size, 0);
  }
}

/**
 * SDK objects made of what a test needs of them. The page uses a narrow part of wide interfaces, hence the casts;
 * what a test did not give is missing and fails loudly.
 */
const withEvents = (parts: object): FakeSource => Object.assign(new FakeSource(), parts);

export const fakeDevices = (parts: object = {}) => withEvents(parts) as unknown as DeviceManager & FakeSource;

export const fakeStream = (id: string, isAvailable: boolean) =>
  withEvents({ id, isAvailable }) as unknown as RemoteVideoStream & FakeSource;

export const fakeLocalStream = (parts: object) =>
  withEvents(parts) as unknown as LocalVideoStream & FakeSource;

export const fakeParticipant = (parts: object = {}) =>
  withEvents({
    endpointId: 'p1',
    displayName: 'Bob',
    identity: { id: 'bob', type: 'user' },
    state: 'Connected',
    isMuted: false,
    isSpeaking: false,
    videoStreams: [],
    screenSharingStreams: [],
    ...parts,
  }) as unknown as RemoteParticipant & FakeSource;

export const fakeClient = (parts: object = {}) =>
  withEvents({
    identity: { id: 'alice', displayName: 'Alice', type: 'user' },
    connectionState: 'Connected',
    disconnectReason: undefined,
    ...parts,
  }) as unknown as CallClient & FakeSource;

export const fakeIncomingCall = (parts: object = {}) =>
  withEvents({
    id: 'c1',
    kind: 'direct',
    callerInfo: { identity: { id: 'bob', type: 'user' }, displayName: 'Bob' },
    ...parts,
  }) as unknown as IncomingCall & FakeSource;

/** With an `end` that does what the end of a call does. */
export function fakeCall(parts: object = {}) {
  const call = withEvents({
    state: 'None',
    callEndReason: undefined,
    localVideoStreams: [],
    remoteParticipants: [],
    ...parts,
  });
  const end = (name: EndReasonName): void => {
    Object.assign(call, { state: 'Disconnected', callEndReason: { name } });
    call.emit('stateChanged');
  };

  return Object.assign(call, { end }) as unknown as Call & FakeSource & { end: typeof end };
}
