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
export type InnerMeasurement = 'signatures' | 'verifications' | 'passwordChecks';

export type Request = { readonly measure: InnerMeasurement; readonly seconds: number } | 'cpu';

/** How often a second it was done; or, to `cpu`, the seconds that the process has been at work so far. */
export interface Answer {
  readonly value: number;
}
