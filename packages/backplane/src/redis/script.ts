/** What every script may use. A process that has not said for some seconds that it lives does not. */
const common = `
local prefix = KEYS[1]
local function key(name) return prefix .. ':' .. name end
local function lives(owner) return redis.call('EXISTS', key('owner:' .. owner)) == 1 end
`;

/** A Lua script, which Redis runs as one step. KEYS[1] is the prefix of all keys, ARGV what it is given. */
export function script(lua: string): string {
  return common + lua;
}
