/** Where the tokens for the connections come from. */
export interface TokenSource {
  readonly canRefresh: boolean;
  getToken(): Promise<string>;
  /** The server refused it, or will soon. */
  discard(token: string): void;
}
