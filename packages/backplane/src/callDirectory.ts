/** A live call and the node that is its home. */
export interface LiveCall {
  readonly applicationId: string;
  readonly callId: string;
  readonly nodeId: string;
  /** Set for the call of a room. */
  readonly roomId?: string;
  /** Users who are connected in the call: they are busy. */
  readonly userIds: readonly string[];
}

/** Which calls are live, and where. Each call is put by its home node whenever who is in it changes. */
export interface CallDirectory {
  put(call: LiveCall): Promise<void>;
  remove(call: Pick<LiveCall, 'applicationId' | 'callId'>): Promise<void>;
  find(applicationId: string, callId: string): Promise<LiveCall | undefined>;
  /** Those of the users who are connected in a call. */
  busyAmong(applicationId: string, userIds: readonly string[]): Promise<ReadonlySet<string>>;
}
