/** What the process of the load and the process of the servers tell each other. */

/** Begins: the servers are to work on this database. */
export interface Opening {
  readonly databaseUrl: string;
}

/** The servers listen. */
export interface Opened {
  /** Parley itself. */
  readonly parley: string;
  /** A bare Express handler that signs the same token and does nothing else. */
  readonly bare: string;
  /** The same handler, with one Prisma create a request before the answer. */
  readonly prismaCreate: string;
  readonly operatorKey: string;
}

/** What is measured inside the servers' process, without HTTP. */
export const innerMeasurements = ['signatures', 'verifications', 'passwordChecks'] as const;

export type InnerMeasurement = (typeof innerMeasurements)[number];

export interface InnerRequest {
  readonly measure: InnerMeasurement;
  readonly seconds: number;
}

export interface InnerResult {
  readonly perSecond: number;
}
