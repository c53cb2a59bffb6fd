import type { ForwardingRule } from '@parley/protocol';
import { largerViewport } from '../rendering/SightWatch.ts';
import type { ViewNeed } from '../rendering/RemoteViewRenderer.ts';
import type { Viewport } from './Subscription.ts';

/**
 * How much of a stream is needed: not at all, frozen because the application has said so, for the moment out of
 * everybody's sight, or playing.
 */
export type Need = 'nothing' | 'paused' | 'hidden' | 'playing';

export interface Demand {
  readonly need: Need;
  /** How large it is shown where it is shown largest; undefined where that does not matter, or is not known. */
  readonly viewport: Viewport | undefined;
}

interface View {
  readonly need: ViewNeed;
  readonly viewport: Viewport | undefined;
}

/** What several views of one stream need together, by the rules of the forwarding policy that are on. */
export function demandOf(views: readonly View[], rulesOff: ReadonlySet<ForwardingRule>): Demand {
  const viewport = rulesOff.has('layerBySize')
    ? undefined
    : views
        .filter(({ need }) => need === 'playing')
        .reduce<Viewport | undefined>((largest, view) => largerViewport(largest, view.viewport), undefined);

  return { need: needOf(views, rulesOff), viewport };
}

function needOf(views: readonly View[], rulesOff: ReadonlySet<ForwardingRule>): Need {
  const whenHidden = rulesOff.has('pauseHidden') ? 'playing' : 'hidden';
  if (views.length === 0) {
    return rulesOff.has('consumeOnRender') ? whenHidden : 'nothing';
  }
  if (views.some(({ need }) => need === 'playing')) {
    return 'playing';
  }

  return views.every(({ need }) => need === 'paused') ? 'paused' : whenHidden;
}
