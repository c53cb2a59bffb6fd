import { script } from './script.ts';

/** ARGV: producer, number of the last, events… */
export const append = script(`
for i = 3, #ARGV do
  local number = ARGV[2] - #ARGV + i
  redis.call('XADD', key('events'), '*', 'producer', ARGV[1], 'number', number, 'event', ARGV[i])
end
redis.call('PUBLISH', key('events:appended'), '')`);

/**
 * ARGV: reader, id to read behind ('0' for what was read and not confirmed), most. One process reads at a time, until
 * it stops or dies; answers 0 to the others.
 */
export const read = script(`
local reader = redis.call('GET', key('events:reader'))
if reader and reader ~= ARGV[1] and lives(reader) then return 0 end
redis.call('SET', key('events:reader'), ARGV[1])
redis.pcall('XGROUP', 'CREATE', key('events'), 'records', '0', 'MKSTREAM')
local found = redis.call(
  'XREADGROUP', 'GROUP', 'records', 'reader', 'COUNT', ARGV[3], 'STREAMS', key('events'), ARGV[2])
return found and found[1][2] or {}`);

/** ARGV: ms that the number is kept, ids of the stream as JSON, then each producer and its number. */
export const confirm = script(`
for _, id in ipairs(cjson.decode(ARGV[2])) do
  redis.call('XACK', key('events'), 'records', id)
  redis.call('XDEL', key('events'), id)
end
for i = 3, #ARGV, 2 do
  redis.call('SET', key('events:done:' .. ARGV[i]), ARGV[i + 1], 'PX', ARGV[1])
  redis.call('PUBLISH', key('events:done:' .. ARGV[i]), ARGV[i + 1])
end`);

/** ARGV: reader. */
export const stopReading = script(`
if redis.call('GET', key('events:reader')) == ARGV[1] then
  redis.call('DEL', key('events:reader'))
  redis.call('PUBLISH', key('events:appended'), '')
end`);
