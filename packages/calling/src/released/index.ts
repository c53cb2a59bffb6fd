/**
 * The released SDK's ways in, for applications that were written for it. What they give are the objects of the core with a few
 * names more, never wrappers of them; docs/aliases.md has the names, and where the two differ.
 *
 * @module
 */
export { AzureCommunicationTokenCredential } from './AzureCommunicationTokenCredential.ts';
export { CallClient } from './CallClient.ts';
export { VideoStreamRenderer } from './VideoStreamRenderer.ts';
/** What the seed's sample calls them. */
export type { CallEndReason as AcsError, DeviceAccess as IDeviceAccess } from '../index.ts';
export type {
  CallAgent,
  CallAgentOptions,
  CreateViewOptions,
  TokenCredentialOptions,
  VideoStreamRendererView,
} from './releasedTypes.ts';
