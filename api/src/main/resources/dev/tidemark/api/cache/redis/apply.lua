-- KEYS: state. ARGV: log, partition, from, to, what keys of entries begin with, a new epoch, then of
-- each invalidation its offset, k for a single answer or g for others, its target, its transaction.
local state = KEYS[1]
if redis.call('HGET', state, 'log') ~= ARGV[1] then
  return {'lost'}
end
local place = 'p' .. ARGV[2]
local at = tonumber(redis.call('HGET', state, place) or '-1')
local from, to = tonumber(ARGV[3]), tonumber(ARGV[4])
if at < from then
  return {'behind'}
end
if at >= to then
  return {'done', digits(at)}
end
local now = digits(milliseconds())

local function mark(target, transaction)
  local field = 'm' .. target
  local known = redis.call('HGET', state, field)
  if not known then
    redis.call('HSET', state, field, now .. ' 0 ' .. transaction)
    return
  end
  local _, floor, list = string.match(known, '^(%d+) (%d+) (.*)$')
  local all = fields(list, ',')
  local isNew = true
  for i = 1, #all do
    if all[i] == transaction then
      isNew = false
    end
  end
  if isNew then
    all[#all + 1] = transaction
    if #all > MOST then
      floor = digits(later(tonumber(floor), tonumber(all[1])))
      table.remove(all, 1)
    end
  end
  redis.call('HSET', state, field, now .. ' ' .. floor .. ' ' .. table.concat(all, ','))
end

for i = 7, #ARGV, 4 do
  if tonumber(ARGV[i]) >= at then
    local target, transaction = ARGV[i + 2], ARGV[i + 3]
    if transaction == '0' then
      redis.call('HSET', state, 'epoch', ARGV[6])
    else
      mark(target, transaction)
      if ARGV[i + 1] == 'k' then
        local entry = ARGV[5] .. target
        -- The first line is short but for many dependencies; then the entry goes on doubt.
        local line = string.match(redis.call('GETRANGE', entry, 0, 2047), '^([^\n]*)\n?')
        if line ~= '' then
          local all = fields(line, '\t')
          if #all < 6 or not shows(sight(all[3], all[4], all[5]), tonumber(transaction)) then
            redis.call('UNLINK', entry)
          end
        end
      end
    end
  end
end
redis.call('HSET', state, place, ARGV[4])
return {'done', ARGV[4]}
