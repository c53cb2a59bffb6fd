/** Where the tokens for the connections come from. */
export interface TokenSource {
  readonly canRefresh: boolean;
  getToken(): Promise<string>;
  /** Another one than this, which stays the present one until that has come. */
  renew(token: string): Promise<string>;
  /** The server refused it. */
  discard(token: string): void;
}
