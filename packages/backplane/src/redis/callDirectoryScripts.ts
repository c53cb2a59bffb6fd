import { script } from './script.ts';

/** The entry of a call is { call, owner }; a user in it has a field for it in `busy:…`, with the owner. */
const calls = `
local function entryOf(name)
  local text = redis.call('GET', key('call:' .. name))
  return text and cjson.decode(text)
end
local function withdraw(name, application, entry)
  for _, user in ipairs(entry.call.userIds) do
    redis.call('HDEL', key('busy:' .. application .. '/' .. user), name)
  end
  redis.call('DEL', key('call:' .. name))
end
`;

/** The home of a room is { nodeId, url, epoch, owner }, for as long as that process is that node. */
const homes = `
local function homeOf(room)
  local text = redis.call('GET', key('home:' .. room))
  return text and cjson.decode(text), text
end
local function isHeld(home)
  local node = redis.call('HGET', key('nodes'), home.nodeId)
  return node and cjson.decode(node).owner == home.owner and lives(home.owner)
end
`;

/** ARGV: call, application, owner, entry, ms, room or '', epoch or '', users… Answers 0 when it was superseded. */
export const put = script(`${calls}${homes}
local name, application, owner, entry, ms, room, epoch = unpack(ARGV, 1, 7)
local present = entryOf(name)
if present then withdraw(name, application, present) end
if room ~= '' and epoch ~= '' then
  local home = homeOf(room)
  if home and home.epoch > tonumber(epoch) then return 0 end
end
redis.call('SET', key('call:' .. name), entry, 'PX', ms)
for i = 8, #ARGV do
  local user = key('busy:' .. application .. '/' .. ARGV[i])
  redis.call('HSET', user, name, owner)
  redis.call('PEXPIRE', user, ms)
end
return 1`);

/** ARGV: call, application, owner. What another process that lives has put since stays. */
export const remove = script(`${calls}
local present = entryOf(ARGV[1])
if present and (present.owner == ARGV[3] or not lives(present.owner)) then
  withdraw(ARGV[1], ARGV[2], present)
end`);

/** ARGV: call. */
export const find = script(`${calls}
local present = entryOf(ARGV[1])
if not present or not lives(present.owner) then return false end
return redis.call('GET', key('call:' .. ARGV[1]))`);

/** ARGV: users… Answers 1 for each who is in a call of a process that lives. */
export const busy = script(`
local answer = {}
for _, name in ipairs(ARGV) do
  local user, count = key('busy:' .. name), 0
  local all = redis.call('HGETALL', user)
  for i = 1, #all, 2 do
    if lives(all[i + 1]) then count = 1 else redis.call('HDEL', user, all[i]) end
  end
  answer[#answer + 1] = count
end
return answer`);

/** By the clock of Redis, which is the same for everybody. */
const clock = `
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
`;

/** ARGV: run of Redis, ms. Somebody has met this start of Redis. */
export const meet = script(`${clock}
redis.call('SET', key('started:' .. ARGV[1]), now(), 'PX', ARGV[2], 'NX')`);

/**
 * ARGV: room, owner, node, url, run of Redis, ms to settle, ms. Answers the home, or nothing while it is not known.
 * Epochs follow the clock, so that they grow even when Redis has lost the last of them.
 */
export const claim = script(`${clock}${homes}
local room, owner, node, url, run, settle, ms = unpack(ARGV, 1, 7)
local home, text = homeOf(room)
if home and (isHeld(home) or home.owner == owner and home.nodeId == node) then return text end
local started = redis.call('GET', key('started:' .. run))
if tonumber(settle) > 0 and (not started or now() - started < tonumber(settle)) then return false end
local last = tonumber(redis.call('GET', key('epoch')) or '0')
local epoch = math.max(last + 1, now())
redis.call('SET', key('epoch'), string.format('%.0f', epoch))
local entry = cjson.encode({ nodeId = node, url = url, owner = owner, epoch = epoch })
redis.call('SET', key('home:' .. room), entry, 'PX', ms)
return entry`);

/** ARGV: room, epoch, entry, ms. Nothing happens when the room was claimed since. */
export const claimAgain = script(`${homes}
local home = homeOf(ARGV[1])
if not home or home.epoch <= tonumber(ARGV[2]) then
  redis.call('SET', key('home:' .. ARGV[1]), ARGV[3], 'PX', ARGV[4])
end`);

/** ARGV: room, epoch. */
export const release = script(`${homes}
local home = homeOf(ARGV[1])
if home and home.epoch == tonumber(ARGV[2]) then redis.call('DEL', key('home:' .. ARGV[1])) end`);
