import type { TokenResponse } from '@parley/protocol/rest';

/** What a grant type has found good: it makes the tokens once the library has been through the request. */
export interface Grant {
  /** Throws `InvalidScopeError` when nothing of what is asked for may be given. */
  issue(requested: readonly string[]): Promise<TokenResponse>;
}
