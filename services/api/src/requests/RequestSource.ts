/** Where a request came from, for the audit log. */
export interface RequestSource {
  readonly address: string | undefined;
  readonly requestId: string | undefined;
}
