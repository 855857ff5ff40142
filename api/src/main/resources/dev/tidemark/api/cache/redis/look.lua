-- KEYS: state, entry, lease. ARGV: key, token (empty: no lease is wanted), milliseconds of the lease.
local state, entry, lease = KEYS[1], KEYS[2], KEYS[3]
local epoch = redis.call('HGET', state, 'epoch')
if not epoch then
  return {'lost'}
end
local found = redis.call('GET', entry)
if found then
  local head = header(found)
  if head and holds(state, epoch, ARGV[1], head) then
    return {'found', found}
  end
  redis.call('UNLINK', entry)
end
if ARGV[2] == '' then
  return {'none'}
end
if redis.call('SET', lease, ARGV[2], 'NX', 'PX', ARGV[3]) then
  return {'lease', epoch}
end
return {'awaited'}
