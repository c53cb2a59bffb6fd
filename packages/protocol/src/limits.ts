/** What one limit counts, and where it begins and ends. */
export interface LimitDescription {
  readonly standard: number;
  readonly max: number;
  readonly meaning: string;
}

/**
 * The limits of an application. The operator sets them (`PATCH /v1/applications/{id}`); nothing switches one off,
 * load tests raise those of an application of their own.
 */
export const limitTable = {
  requestsPerMinute: {
    standard: 6_000,
    max: 10_000_000,
    meaning: 'REST requests a minute with one API key, or of one administrator.',
  },
  userRequestsPerMinute: {
    standard: 600,
    max: 1_000_000,
    meaning: 'REST requests a minute with the tokens of one user.',
  },
  signInsPerMinute: {
    standard: 120,
    max: 10_000_000,
    meaning: 'Requests a minute to the token endpoint from one address.',
  },
  failedSignIns: {
    standard: 10,
    max: 1_000_000,
    meaning: 'Failed sign-ins of one user from one address within 15 minutes; from then on, one a minute.',
  },
  visitorsPerMinute: {
    standard: 120,
    max: 10_000_000,
    meaning: 'Guest sessions, and exchanges of access tokens, a minute from one address.',
  },
  connectionsPerUser: {
    standard: 20,
    max: 100_000,
    meaning: 'Devices of one user connected at a time.',
  },
  callsPerDevice: {
    standard: 8,
    // The resume tokens of all of them go into the payload of a connection.
    max: 100,
    meaning: 'Calls one device takes part in at a time.',
  },
  participantsPerCall: {
    standard: 1_000,
    max: 100_000,
    meaning: 'Participants of one call, those who ring included.',
  },
  signalingRequestsPerSecond: {
    standard: 50,
    max: 100_000,
    meaning:
      'Signaling requests a second of one connection; four times as many in a burst, and twice as many of one user.',
  },
} as const satisfies Record<string, LimitDescription>;

export type LimitName = keyof typeof limitTable;

export type Limits = Readonly<Record<LimitName, number>>;

export const limitNames = Object.keys(limitTable) as [LimitName, ...LimitName[]];

/** The standard limits with some of them replaced. */
export function limitsWith(changed: Partial<Limits> = {}): Limits {
  const standard = Object.fromEntries(
    limitNames.map((name) => [name, limitTable[name].standard]),
  ) as unknown as Limits;

  return { ...standard, ...changed };
}
