import type { Endpoint, Presence } from '../presence.ts';
import { inBatches } from './inBatches.ts';
import { OwnEntries } from './OwnEntries.ts';
import { entryMs, type Ownership } from './Ownership.ts';
import type { RedisLink } from './RedisLink.ts';
import { script } from './script.ts';

const put = script(`
local user = key('presence:' .. ARGV[1])
redis.call('HSET', user, ARGV[2], ARGV[3])
redis.call('PEXPIRE', user, ARGV[4])`);

const remove = script(`
redis.call('HDEL', key('presence:' .. ARGV[1]), ARGV[2])`);

/** The endpoints of each user that is asked for; those of processes that died are taken away. */
const find = script(`
local answer = {}
for _, name in ipairs(ARGV) do
  local user, found = key('presence:' .. name), {}
  local all = redis.call('HGETALL', user)
  for i = 1, #all, 2 do
    if lives(cjson.decode(all[i + 1]).owner) then
      found[#found + 1] = all[i + 1]
    else
      redis.call('HDEL', user, all[i])
    end
  end
  answer[#answer + 1] = found
end
return answer`);

/** `Presence` for several processes. */
export class RedisPresence implements Presence {
  readonly #link: RedisLink;
  readonly #own: OwnEntries<Endpoint>;

  constructor(link: RedisLink, ownership: Ownership) {
    this.#link = link;
    this.#own = new OwnEntries<Endpoint>(ownership, {
      put: async (endpoint) => {
        const entry = JSON.stringify({ ...endpoint, owner: link.owner });
        await link.run(put, userOf(endpoint), endpoint.endpointId, entry, entryMs);
      },
      remove: async (endpoint) => {
        await link.run(remove, userOf(endpoint), endpoint.endpointId);
      },
    });
  }

  enter(endpoint: Endpoint): Promise<void> {
    return this.#own.put(keyOf(endpoint), endpoint);
  }

  leave(endpoint: Endpoint): Promise<void> {
    return this.#own.remove(keyOf(endpoint), endpoint);
  }

  async endpointsOf(applicationId: string, userId: string): Promise<readonly Endpoint[]> {
    const [found = []] = await this.#find(applicationId, [userId]);

    return found.map((text) => {
      const { owner: _owner, ...endpoint } = JSON.parse(text) as Endpoint & { owner: string };

      return endpoint;
    });
  }

  async connectedAmong(applicationId: string, userIds: readonly string[]): Promise<ReadonlySet<string>> {
    const found = await this.#find(applicationId, userIds);

    return new Set(userIds.filter((_, index) => (found[index]?.length ?? 0) > 0));
  }

  #find(applicationId: string, userIds: readonly string[]): Promise<string[][]> {
    return inBatches(
      userIds.map((userId) => userOf({ applicationId, userId })),
      async (users) => (await this.#link.run(find, ...users)) as string[][],
    );
  }
}

/** A slash occurs in neither an application's id nor a user's. */
function userOf({ applicationId, userId }: Pick<Endpoint, 'applicationId' | 'userId'>): string {
  return `${applicationId}/${userId}`;
}

function keyOf(endpoint: Endpoint): string {
  return `${userOf(endpoint)}/${endpoint.endpointId}`;
}
