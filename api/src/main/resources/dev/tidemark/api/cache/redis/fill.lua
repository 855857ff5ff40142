-- KEYS: state, entry, lease. ARGV: key, token, epoch, milliseconds to live, the entry.
local state, entry, lease = KEYS[1], KEYS[2], KEYS[3]
if redis.call('GET', lease) ~= ARGV[2] then
  return 'expired'
end
redis.call('DEL', lease)
local head = header(ARGV[5])
if head[2] ~= ARGV[3] or not holds(state, redis.call('HGET', state, 'epoch'), ARGV[1], head) then
  return 'late'
end
redis.call('SET', entry, ARGV[5], 'PX', ARGV[4])
return 'kept'
