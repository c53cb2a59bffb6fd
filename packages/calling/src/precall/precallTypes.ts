import type { ErrorCode } from '@parley/protocol';

/** What a test does one after another; `Finished` is told once, also after it was aborted. */
export type PreCallStage = 'Browser' | 'Devices' | 'Reachability' | 'Relay' | 'Media' | 'Finished';

/** How a test is made; each option may be left out. */
export interface PreCallTestOptions {
  /** Ends the test early: what is not known by then is told with the cause `aborted`. */
  readonly signal?: AbortSignal;
  /** Called as each stage begins, never before `startPreCallTest` has returned. What it throws breaks nothing. */
  readonly onProgress?: (stage: PreCallStage) => void;
}

/** How good something is for a call. */
export type PreCallQuality = 'Bad' | 'Average' | 'Good';

/**
 * Why something is not as it should be, or not known. `timed_out`: no path was found in time, as behind a firewall that drops
 * packets. `failed`: the browser gave up before. `no_candidate`: the server offers no such way, and `no_turn_server`: it has no
 * TURN server. `relay_only`: the client's `iceTransportPolicy` rules the way out. `call_in_progress`: what it needs would take
 * bandwidth from a call. `no_media`: the page could make no picture or too few, as in a tab that nobody sees, or
 * nothing of it came back. `aborted`: by the `signal`. Otherwise the code of a `CallError`, such as `unavailable` when the
 * connection was lost, `too_many_requests` after many tests, and `not_supported` of a server or a browser that cannot do this.
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

/** Whether the media server is reached by one way. */
export interface WayReachability {
  /** `NotOffered` by the server or ruled out, `NotTested` when the test had no chance to; `cause` says why. */
  readonly state: 'Reachable' | 'NotReachable' | 'NotOffered' | 'NotTested';
  /** Until media could flow that way, ICE and DTLS included; undefined unless `Reachable`. Milliseconds. */
  readonly timeToConnectMs: number | undefined;
  /** Undefined when `Reachable`. */
  readonly cause: PreCallCause | undefined;
}

/** The ways to the media server. One of them is enough for a call; `udp` is the best. */
export interface Reachability {
  /** Straight to the server over UDP. */
  readonly udp: WayReachability;
  /** Straight to the server over TCP, as through a firewall that lets no UDP pass. */
  readonly tcp: WayReachability;
  /** Through a TURN server. */
  readonly relay: WayReachability;
}

/** How much one direction carries. */
export interface BandwidthFigure {
  /** Kilobits per second. */
  readonly kbps: number;
  /** What that is good for. */
  readonly rating: PreCallQuality;
}

/** How much the network carries, by media sent to the server and back. */
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

/** Whether calls can be had in this browser. */
export interface BrowserSupport {
  /** `NotSupported` without what calls need. */
  readonly browser: 'Supported' | 'NotSupported';
  /** Names of what the browser, or a page that is not secure, lacks. */
  readonly missing: readonly string[];
}

/** What the page may use as it is now; nobody is asked. */
export interface PreCallDeviceAccess {
  /** Whether the page may use a microphone. */
  readonly audio: boolean;
  /** Whether the page may use a camera. */
  readonly video: boolean;
}

/** Whether the machine has each kind of device. */
export interface DeviceEnumeration {
  /** Whether there is a microphone. */
  readonly microphone: 'Available' | 'NotAvailable';
  /** Whether there is a camera. */
  readonly camera: 'Available' | 'NotAvailable';
  /** Whether the browser names a speaker; some name none. */
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

/** The figures of the media that was sent as a test. */
export interface CallMediaStatistics {
  /** Undefined when nothing came back, and in a page that nobody has touched: browsers let it make no sound. */
  readonly audio: LoopStatistics | undefined;
  /** Undefined when nothing came back, and while there is a call. */
  readonly video: LoopStatistics | undefined;
  /** The way that the media took, to the server or to the relay; undefined when it took none. */
  readonly path: { readonly protocol: 'udp' | 'tcp'; readonly isRelayed: boolean } | undefined;
}

/** What the figures of `LoopStatistics` are good for. */
export interface LoopQuality {
  /** By `jitterMs`. */
  readonly jitter: PreCallQuality;
  /** By `packetLoss`. */
  readonly packetLoss: PreCallQuality;
  /** Undefined where the browser does not say. */
  readonly rtt: PreCallQuality | undefined;
}

/** What a call would be like. */
export interface InCallDiagnostics {
  /** Whether media came through, as that of a call would. */
  readonly connected: boolean;
  /** The worse of both ways; undefined when it is not known. */
  readonly bandWidth: PreCallQuality | undefined;
  /** How good sound and pictures came through. */
  readonly diagnostics: {
    /** Undefined when no sound came back, and in a page that nobody has touched. */
    readonly audio: LoopQuality | undefined;
    /** Undefined when no picture came back, and while there is a call. */
    readonly video: LoopQuality | undefined;
  };
  /** Why it did not come through; undefined when it did. */
  readonly cause: PreCallCause | undefined;
}

/** A test that goes on. Each promise resolves as soon as its part is known, and none rejects. */
export interface PreCallTest {
  /** Names this test, as in a report to your support. */
  readonly id: string;
  /** Whether calls can be had in this browser. */
  readonly browserSupport: Promise<BrowserSupport>;
  /** What the page may use without asking. */
  readonly deviceAccess: Promise<PreCallDeviceAccess>;
  /** Which kinds of devices there are. */
  readonly deviceEnumeration: Promise<DeviceEnumeration>;
  /** By which ways the media server is reached. */
  readonly reachability: Promise<Reachability>;
  /** How much the network carries. */
  readonly bandwidth: Promise<Bandwidth>;
  /** What a call would be like, in a word for each part. */
  readonly inCallDiagnostics: Promise<InCallDiagnostics>;
  /** What that is judged by, in figures. */
  readonly callMediaStatistics: Promise<CallMediaStatistics>;
}
