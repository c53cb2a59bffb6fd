/** One connected device of a user. */
export interface Endpoint {
  readonly applicationId: string;
  readonly userId: string;
  readonly endpointId: string;
  /** The sfu node that holds its connection. */
  readonly nodeId: string;
}

/** Which devices of a user are connected, and where. */
export interface Presence {
  enter(endpoint: Endpoint): Promise<void>;
  leave(endpoint: Endpoint): Promise<void>;
  endpointsOf(applicationId: string, userId: string): Promise<readonly Endpoint[]>;
  /** Those of the users who have a device connected. */
  connectedAmong(applicationId: string, userIds: readonly string[]): Promise<ReadonlySet<string>>;
}
