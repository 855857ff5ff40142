-- KEYS: state. ARGV: cursor, how many, milliseconds for single answers, for others, and a snapshot:
-- oldest, next, running. Returns the next cursor and how many went.
local state = KEYS[1]
local now = milliseconds()
local settled = sight(ARGV[5], ARGV[6], ARGV[7])
local found = redis.call('HSCAN', state, ARGV[1], 'MATCH', 'm*', 'COUNT', ARGV[2])
local gone = 0
for i = 1, #found[2], 2 do
  local field, mark = found[2][i], found[2][i + 1]
  local at = tonumber(string.match(mark, '^(%d+) '))
  local single = not string.find(field, '[/*]')
  local old = now - at > tonumber(single and ARGV[3] or ARGV[4])
  if old and allows(mark, settled) then
    redis.call('HDEL', state, field)
    gone = gone + 1
  end
end
return {found[1], tostring(gone)}
