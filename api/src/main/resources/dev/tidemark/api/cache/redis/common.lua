-- What all scripts share. An entry begins with one line of fields, with tabs between:
--   1 version, 2 epoch, 3 oldest, 4 next, 5 running, 6 fetched, 7 expires, 8 encoding, 9 etag,
--   10 and on: groups, and entities that were found in it.
-- 3 to 5 are the snapshot that it was read in.
-- The state is one hash, so that it goes as a whole or not at all: log, epoch, p<partition> (how far
-- the log has been taken in), and of each target of late the transactions that made it untrue:
-- m<target> = '<milliseconds> <floor> <transaction>,<transaction>'.
local CYCLE = 4294967296
local MOST = 32

local function fields(text, separator)
  local all = {}
  for field in string.gmatch(text .. separator, '(.-)' .. separator) do
    all[#all + 1] = field
  end
  return all
end

local function sight(oldest, next, running)
  local seen = {oldest = tonumber(oldest), next = tonumber(next), running = {}}
  if running ~= '' then
    for id in string.gmatch(running, '[^,]+') do
      seen.running[tonumber(id)] = true
    end
  end
  return seen
end

-- Transactions come from the log with 32 bits: the nearest to the snapshot is meant.
local function widen(id, seen)
  local wide = seen.next - seen.next % CYCLE + id % CYCLE
  if wide - seen.next > CYCLE / 2 then
    return wide - CYCLE
  end
  if seen.next - wide > CYCLE / 2 then
    return wide + CYCLE
  end
  return wide
end

local function shows(seen, id)
  local wide = widen(id, seen)
  return wide < seen.oldest or (wide < seen.next and not seen.running[wide])
end

local function later(one, other)
  if one == 0 then
    return other
  end
  if other == 0 or (one - other) % CYCLE < CYCLE / 2 then
    return one
  end
  return other
end

local function allows(mark, seen)
  if not mark then
    return true
  end
  local _, floor, list = string.match(mark, '^(%d+) (%d+) (.*)$')
  if floor ~= '0' and widen(tonumber(floor), seen) >= seen.oldest then
    return false
  end
  for id in string.gmatch(list, '[^,]+') do
    if not shows(seen, tonumber(id)) then
      return false
    end
  end
  return true
end

local function header(entry)
  local line = string.match(entry, '^([^\n]*)\n')
  if not line then
    return nil
  end
  local all = fields(line, '\t')
  if all[1] ~= '1' or #all < 9 then
    return nil
  end
  return all
end

-- Whether nothing that is known of made an entry untrue. As a rule nothing is, and then its snapshot
-- need not be read.
local function holds(state, epoch, key, head)
  if epoch ~= head[2] then
    return false
  end
  local seen
  local asked = {'m' .. key}
  for i = 10, #head do
    asked[#asked + 1] = 'm' .. head[i]
  end
  local at = 1
  while at <= #asked do
    local marks = redis.call('HMGET', state, unpack(asked, at, math.min(at + 999, #asked)))
    for i = 1, #marks do
      if marks[i] then
        seen = seen or sight(head[3], head[4], head[5])
        if not allows(marks[i], seen) then
          return false
        end
      end
    end
    at = at + 1000
  end
  return true
end

local function milliseconds()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function digits(number)
  return string.format('%.0f', number)
end
