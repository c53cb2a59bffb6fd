import type { CallOptions } from '@parley/calling';

/** What the person wants to come with: chosen before the call, kept from one to the next. */
export interface Choices {
  readonly microphone: boolean;
  readonly camera: boolean;
}

/** The stage shows everybody; more than these come a moment later. */
const expectedVideos = 9;

export function callOptions({ microphone, camera }: Choices): CallOptions {
  return { audioOptions: { muted: !microphone }, videoOptions: { camera, expectedVideos } };
}
