/** Where the signaling client gets the token for each connection. */
export interface TokenSource {
  readonly canRefresh: boolean;
  getToken(): Promise<string>;
  /** The server refused it. */
  discard(token: string): void;
}
