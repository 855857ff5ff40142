-- KEYS: state. ARGV: log, a new epoch, whether to forget all answers (1 or 0), then partitions with
-- their positions. Returns partitions with the positions to go on from.
local state = KEYS[1]
if ARGV[3] == '1' or redis.call('HGET', state, 'log') ~= ARGV[1]
    or not redis.call('HGET', state, 'epoch') then
  redis.call('UNLINK', state)
  redis.call('HSET', state, 'log', ARGV[1], 'epoch', ARGV[2])
end
local positions = {}
for i = 4, #ARGV, 2 do
  redis.call('HSETNX', state, 'p' .. ARGV[i], ARGV[i + 1])
  positions[#positions + 1] = ARGV[i]
  positions[#positions + 1] = redis.call('HGET', state, 'p' .. ARGV[i])
end
return positions
