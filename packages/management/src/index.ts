export { ManagementClient, type Credentials, type ManagementClientOptions } from './ManagementClient.ts';
export { ManagementError, type ManagementErrorCode } from './ManagementError.ts';
export type { Listing, Page } from './Listing.ts';
export type { RetryOptions } from './retry.ts';
export type { RevokeTokensOptions } from './resources/Tokens.ts';
export type { CreateOptions, RequestOptions } from './Transport.ts';
export type * from './models.ts';
