import type { Disposable } from '@parley/kit';
import type { NodeRegistry, SfuNode } from '../nodes.ts';
import { OwnEntries } from './OwnEntries.ts';
import type { Ownership } from './Ownership.ts';
import type { RedisLink } from './RedisLink.ts';
import { script } from './script.ts';

const put = script(`
local present = redis.call('HGET', key('nodes'), ARGV[1])
redis.call('HSET', key('nodes'), ARGV[1], ARGV[2])
return present`);

/**
 * Puts the node unless another process is it: one that says that it lives, and hears what it is answered. A process that
 * was killed does not any more, at once, so that the next need not wait until it is taken for dead.
 */
const claim = script(`
local present = redis.call('HGET', key('nodes'), ARGV[1])
if present then
  local holder = cjson.decode(present)
  local isHearing = redis.call('PUBSUB', 'NUMSUB', key('answers:' .. holder.owner))[2] > 0
  if holder.owner ~= ARGV[3] and lives(holder.owner) and isHearing then return holder.url end
end
redis.call('HSET', key('nodes'), ARGV[1], ARGV[2])`);

const remove = script(`
local present = redis.call('HGET', key('nodes'), ARGV[1])
if present and cjson.decode(present).owner == ARGV[2] then redis.call('HDEL', key('nodes'), ARGV[1]) end`);

const list = script(`
local found = {}
local all = redis.call('HGETALL', key('nodes'))
for i = 1, #all, 2 do
  if lives(cjson.decode(all[i + 1]).owner) then
    found[#found + 1] = all[i + 1]
  else
    redis.call('HDEL', key('nodes'), all[i])
  end
end
return found`);

/** `NodeRegistry` for several processes. */
export class RedisNodes implements NodeRegistry {
  readonly #link: RedisLink;
  readonly #own: OwnEntries<SfuNode>;

  constructor(link: RedisLink, ownership: Ownership) {
    this.#link = link;
    this.#own = new OwnEntries<SfuNode>(ownership, {
      put: async (node) => {
        await link.run(put, node.nodeId, this.#entry(node));
      },
      remove: async ({ nodeId }) => {
        await link.run(remove, nodeId, link.owner);
      },
    });
  }

  async announce(node: SfuNode): Promise<Disposable> {
    const { nodeId } = node;
    // While Redis is away nobody knows, and it is put when Redis is back.
    const holder = await this.#link.run(claim, nodeId, this.#entry(node), this.#link.owner).catch(() => null);
    if (typeof holder === 'string') {
      throw new Error(
        `The node id ${nodeId} is in use by the process at ${holder}: give each process its own PARLEY_NODE_ID.`,
      );
    }
    await this.#own.put(nodeId, node);

    return () => {
      // Taken back twice, it must not end the node's next start.
      if (this.#own.get(node.nodeId) === node) {
        void this.#own.remove(node.nodeId, node);
      }
    };
  }

  async find(nodeId: string): Promise<SfuNode | undefined> {
    return (await this.list()).find((node) => node.nodeId === nodeId);
  }

  async list(): Promise<readonly SfuNode[]> {
    const found = (await this.#link.run(list)) as string[];

    return found.map((text) => {
      const { nodeId, url } = JSON.parse(text) as SfuNode;

      return { nodeId, url };
    });
  }

  #entry(node: SfuNode): string {
    return JSON.stringify({ ...node, owner: this.#link.owner });
  }
}
