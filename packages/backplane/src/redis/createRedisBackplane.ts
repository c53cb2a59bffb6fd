import { systemClock, type Clock } from '@parley/kit';
import type { Backplane } from '../Backplane.ts';
import type { EventStore } from '../events/EventStore.ts';
import { Ownership } from './Ownership.ts';
import { RedisAdmission } from './RedisAdmission.ts';
import { RedisCallDirectory } from './RedisCallDirectory.ts';
import { RedisCallEvents } from './RedisCallEvents.ts';
import { RedisLink } from './RedisLink.ts';
import { RedisNodeCommands } from './RedisNodeCommands.ts';
import { RedisNodes } from './RedisNodes.ts';
import { RedisPresence } from './RedisPresence.ts';

const standardLeaseMs = 5_000;

export interface RedisBackplaneOptions {
  /** `redis://` or `rediss://`, with user and password if it needs them; Redis 7 or later, no cluster. */
  readonly url: string;
  /** Begins every key: platforms of different prefixes share a server and know nothing of each other. */
  readonly prefix?: string;
  /** Where call events wait until they are recorded. */
  readonly events: EventStore;
  /**
   * Told what a listener or the consumer of call events threw, and once of every outage; the others are told of the
   * event all the same.
   */
  readonly onError: (error: unknown) => void;
  readonly clock?: Clock;
  /** A process that says nothing for so long is taken for dead; 5 s unless a test is in a hurry. */
  readonly leaseMs?: number;
  /** How long a Redis that was started is left to those who hold rooms; as long as a silent node counts as alive. */
  readonly settleMs?: number;
}

/**
 * The backplane of several processes. Rejects with a sentence when Redis does not answer within 5 s; when it goes away
 * later, what depends on it fails with `unavailable` within 2 s, and what was put is put again when it is back.
 */
export async function createRedisBackplane(options: RedisBackplaneOptions): Promise<Backplane> {
  const { url, prefix = 'parley', events, onError, clock = systemClock } = options;
  const { leaseMs = standardLeaseMs, settleMs = leaseMs } = options;
  const link = new RedisLink({ url, prefix, clock, onError });
  // In the order in which they find their own again: who lives, where, and what that one holds.
  const ownership = new Ownership(link, clock, leaseMs);
  const nodes = new RedisNodes(link, ownership);
  const callDirectory = new RedisCallDirectory({ link, ownership, settleMs, onListenerError: onError });
  const presence = new RedisPresence(link, ownership);
  const admission = new RedisAdmission(link, clock, onError);
  const nodeCommands = new RedisNodeCommands(link, clock);
  const callEvents = new RedisCallEvents({ link, store: events, clock, onError });
  await link.open();

  return {
    admission,
    nodes,
    callDirectory,
    presence,
    nodeCommands,
    callEvents,
    get isUp() {
      return link.isUp;
    },
    async close() {
      await callEvents.close();
      ownership.close();
      link.close();
    },
  };
}
