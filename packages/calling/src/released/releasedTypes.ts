import type { CallClient } from '../client/clientTypes.ts';
import type { ScalingMode, VideoRenderer } from '../rendering/renderingTypes.ts';

/** Where tokens come from, as the released SDK has it. */
export interface TokenCredentialOptions {
  /** Fetches a fresh token; the signal says that nobody waits for it any more. */
  readonly tokenRefresher: (abortSignal?: AbortSignal) => Promise<string>;
  /** The token to begin with: the refresher is not asked first. */
  readonly token?: string;
  /** Has no meaning here: a token is always replaced before it runs out. */
  readonly refreshProactively?: boolean;
}

/** What a call agent is made with. */
export interface CallAgentOptions {
  /** Has no meaning here: the others see the name that the token carries, which the server vouches for. */
  readonly displayName?: string;
}

/** The client of the core. */
export type CallAgent = CallClient & {
  /** The same as `identity.displayName`. */
  readonly displayName: string;
};

/** How a picture is shown; each option may be left out. */
export interface CreateViewOptions {
  /** `Crop` by default. */
  readonly scalingMode?: ScalingMode;
  /** By default one's own camera is, and nothing else. */
  readonly isMirrored?: boolean;
}

/** The renderer that `render()` gives, in an element of its own: `target`, which the application puts into its page. */
export type VideoStreamRendererView = VideoRenderer & {
  readonly isMirrored: boolean;
  /** The same as `setScalingMode`. @throws TypeError for anything but a scaling mode. */
  updateScalingMode(scalingMode: ScalingMode): Promise<void>;
};
