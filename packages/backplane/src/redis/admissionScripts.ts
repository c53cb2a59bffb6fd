import { script } from './script.ts';

/**
 * What was changed is told in the same step, so that everybody hears of changes in one order; behind it comes the
 * mark of who made them.
 */
const tell = `
local function tell(message) redis.call('PUBLISH', key('admission'), message) end
local function tellMark(mark) tell(cjson.encode({ mark = mark })) end
`;

/** ARGV: application, record. */
export const putApplication = script(`
redis.call('SADD', key('tenants'), ARGV[1])
redis.call('HSET', key('applications'), ARGV[1], ARGV[2])`);

/** ARGV: mark, application. */
export const removeApplication = script(`${tell}
local application = ARGV[2]
local rooms = redis.call('HKEYS', key('rooms:' .. application))
redis.call('SREM', key('tenants'), application)
redis.call('HDEL', key('applications'), application)
redis.call('DEL', key('users:' .. application), key('numbers:' .. application), key('rooms:' .. application))
for _, room in ipairs(rooms) do
  tell(cjson.encode({ room = { applicationId = application, roomId = room } }))
end
tell(cjson.encode({ application = application }))
tellMark(ARGV[1])`);

const numbers = `
local function freeNumbers(application, user)
  local numbers = key('numbers:' .. application)
  local text = redis.call('HGET', key('users:' .. application), user)
  if not text then return end
  for _, number in ipairs(cjson.decode(text).phoneNumbers) do
    -- It may have moved to somebody else, whose record arrived first.
    if redis.call('HGET', numbers, number) == user then redis.call('HDEL', numbers, number) end
  end
end
`;

/** ARGV: application, user, record, numbers… */
export const putUser = script(`${numbers}
local application, user = ARGV[1], ARGV[2]
freeNumbers(application, user)
redis.call('SADD', key('tenants'), application)
redis.call('HSET', key('users:' .. application), user, ARGV[3])
for i = 4, #ARGV do redis.call('HSET', key('numbers:' .. application), ARGV[i], user) end`);

/** ARGV: application, user. */
export const removeUser = script(`${numbers}
freeNumbers(ARGV[1], ARGV[2])
redis.call('HDEL', key('users:' .. ARGV[1]), ARGV[2])`);

/** ARGV: application, number. */
export const userOfNumber = script(`
local user = redis.call('HGET', key('numbers:' .. ARGV[1]), ARGV[2])
return user and redis.call('HGET', key('users:' .. ARGV[1]), user)`);

/** ARGV: mark, application, room, record. */
export const putRoom = script(`${tell}
local application, room, record = unpack(ARGV, 2, 4)
redis.call('SADD', key('tenants'), application)
redis.call('HSET', key('rooms:' .. application), room, record)
tell('{"room":{"applicationId":' .. cjson.encode(application) .. ',"roomId":' .. cjson.encode(room)
  .. ',"record":' .. record .. '}}')
tellMark(ARGV[1])`);

/** ARGV: mark, application, room. */
export const removeRoom = script(`${tell}
local application, room = unpack(ARGV, 2, 3)
if redis.call('HDEL', key('rooms:' .. application), room) == 1 then
  tell(cjson.encode({ room = { applicationId = application, roomId = room } }))
end
tellMark(ARGV[1])`);

/** ARGV: mark, ms that a revocation matters, then subject and moment of each. A moment never moves back. */
export const putRevocations = script(`${tell}
local list, newest = key('revocations'), 0
for i = 3, #ARGV, 2 do
  local subject, before = ARGV[i], ARGV[i + 1]
  newest = math.max(newest, tonumber(before))
  if redis.call('ZADD', list, 'GT', 'CH', before, subject) == 1 then
    tell('{"revoked":[' .. cjson.encode(subject) .. ',' .. before .. ']}')
  end
end
local oldest = newest - tonumber(ARGV[2])
if oldest > 0 then redis.call('ZREMRANGEBYSCORE', list, '-inf', string.format('(%.0f', oldest)) end
tellMark(ARGV[1])`);

/** ARGV: mark. From here on what is not there does not exist. */
export const complete = script(`${tell}
redis.call('SET', key('complete'), 1)
tell('{"complete":true}')
tellMark(ARGV[1])`);
