import type { ErrorCode } from '@parley/protocol';

/** What a test does one after another; `Finished` is told once, also after it was aborted. */
export type PreCallStage = 'Browser' | 'Devices' | 'Reachability' | 'Relay' | 'Media' | 'Finished';

export interface PreCallTestOptions {
  /** Ends the test early: what is not known by then is told with the cause `aborted`. */
  readonly signal?: AbortSignal;
  /** Called as each stage begins, never before `startPreCallTest` has returned. What it throws breaks nothing. */
  readonly onProgress?: (stage: PreCallStage) => void;
}

export type PreCallQuality = 'Bad' | 'Average' | 'Good';

/**
 * Why something is not as it should be, or not known. `timed_out`: no path was found in time, as behind a firewall that drops
 * packets. `failed`: the browser gave up before. `no_candidate`: the server offers no such way, and `no_turn_server`: it has no
 * TURN server. `relay_only`: the client's `iceTransportPolicy` rules the way out. `call_in_progress`: what it needs would take
 * bandwidth from a call. `no_media`: the page could make no picture, or nothing of it came back. `aborted`: by the `signal`.
 * Otherwise the code of a `CallError`, such as `unavailable` when the connection was lost, `too_many_requests` after many
 * tests, and `not_supported` of a server or a browser that cannot do this.
 */
export type PreCallCause =
  | ErrorCode
  | 'timed_out'
  | 'failed'
  | 'no_candidate'
  | 'no_turn_server'
  | 'relay_only'
  | 'call_in_progress'
  | 'no_media'
  | 'aborted';

export interface WayReachability {
  readonly state: 'Reachable' | 'NotReachable' | 'NotOffered' | 'NotTested';
  /** Until media could flow that way, ICE and DTLS included; undefined unless `Reachable`. Milliseconds. */
  readonly timeToConnectMs: number | undefined;
  /** Undefined when `Reachable`. */
  readonly cause: PreCallCause | undefined;
}

/** The ways to the media server. One of them is enough for a call; `udp` is the best. */
export interface Reachability {
  readonly udp: WayReachability;
  readonly tcp: WayReachability;
  /** Through a TURN server. */
  readonly relay: WayReachability;
}

export interface BandwidthFigure {
  /** Kilobits per second. */
  readonly kbps: number;
  readonly rating: PreCallQuality;
}

export interface Bandwidth {
  /** To the server; undefined when it is not known. */
  readonly up: BandwidthFigure | undefined;
  /**
   * From the server. What comes back is what was sent, so it is at least this much, and cannot be found to be more than what
   * the way up carries, or than about 2500.
   */
  readonly down: BandwidthFigure | undefined;
  /** Undefined when both are known. */
  readonly cause: PreCallCause | undefined;
}

export interface BrowserSupport {
  /** `NotSupported` without what calls need. */
  readonly browser: 'Supported' | 'NotSupported';
  /** Names of what the browser, or a page that is not secure, lacks. */
  readonly missing: readonly string[];
}

/** What the page may use as it is now; nobody is asked. */
export interface PreCallDeviceAccess {
  readonly audio: boolean;
  readonly video: boolean;
}

export interface DeviceEnumeration {
  readonly microphone: 'Available' | 'NotAvailable';
  readonly camera: 'Available' | 'NotAvailable';
  readonly speaker: 'Available' | 'NotAvailable';
}

/** Of media that went to the server and came back. */
export interface LoopStatistics {
  /** Of RFC 3550, of what came back. Milliseconds. */
  readonly jitterMs: number;
  /** Of what was sent, how much did not come back, on both ways together; 0 to 1. */
  readonly packetLoss: number;
  /** To the server and back; undefined where the browser does not say. Milliseconds. */
  readonly roundTripTimeMs: number | undefined;
}

export interface CallMediaStatistics {
  /** Undefined when nothing came back, and in a page that nobody has touched: browsers let it make no sound. */
  readonly audio: LoopStatistics | undefined;
  /** Undefined when nothing came back, and while there is a call. */
  readonly video: LoopStatistics | undefined;
  /** The way that the media took; undefined when it took none. */
  readonly path: { readonly protocol: 'udp' | 'tcp'; readonly isRelayed: boolean } | undefined;
}

export interface LoopQuality {
  readonly jitter: PreCallQuality;
  readonly packetLoss: PreCallQuality;
  /** Undefined where the browser does not say. */
  readonly rtt: PreCallQuality | undefined;
}

export interface InCallDiagnostics {
  /** Whether media came through, as that of a call would. */
  readonly connected: boolean;
  /** The worse of both ways; undefined when it is not known. */
  readonly bandWidth: PreCallQuality | undefined;
  readonly diagnostics: {
    readonly audio: LoopQuality | undefined;
    readonly video: LoopQuality | undefined;
  };
  /** Why it did not come through; undefined when it did. */
  readonly cause: PreCallCause | undefined;
}

/** A test that goes on. Each promise resolves as soon as its part is known, and none rejects. */
export interface PreCallTest {
  /** Names this test, as in a report to your support. */
  readonly id: string;
  readonly browserSupport: Promise<BrowserSupport>;
  readonly deviceAccess: Promise<PreCallDeviceAccess>;
  readonly deviceEnumeration: Promise<DeviceEnumeration>;
  readonly reachability: Promise<Reachability>;
  readonly bandwidth: Promise<Bandwidth>;
  readonly inCallDiagnostics: Promise<InCallDiagnostics>;
  readonly callMediaStatistics: Promise<CallMediaStatistics>;
}
