-- Retention: no script writes a value without asking `life` how long it may live. Part of every script; see also Keys.cs.
local format, sub, floor = string.format, string.sub, math.floor

-- The only reading of a clock. It is the store's: processes whose clocks differ still agree on days, buckets and ends.
local time = redis.call('TIME')
local now = tonumber(time[1])
local now_ms = now * 1000 + floor(time[2] / 1000)

-- Longest lives, by the letter after `sg:`. Constants here and in Keys.cs, so that no argument can stretch them.
local ADDRESS_CAP, NETWORK_CAP, AGGREGATE_CAP = 7 * 86400000, 30 * 86400000, 30 * 86400000
local SALT_GRACE, REPLAY_LIFE = 15 * 60000, 60000

local function cap(key)
  local kind = sub(key, 4, 4)
  if kind == 'a' or kind == 'd' or kind == 'f' then return ADDRESS_CAP end
  if kind == 'n' or kind == 'r' or kind == 'c' then return NETWORK_CAP end
  if kind == 'w' then return AGGREGATE_CAP end
  if kind == 'q' then return REPLAY_LIFE end
  if kind == 'e' or kind == 'x' then
    local class, grace = sub(key, 6, 6), 0
    if kind == 'e' then grace = SALT_GRACE end
    if class == 'a' then return ADDRESS_CAP + grace end
    if class == 'n' then return NETWORK_CAP + grace end
  end
  error('a key of a kind that has no class of retention') -- never the key itself: errors end up in logs
end

-- Turns a deadline (unix seconds) into milliseconds to live. An error before the first write: then nothing at all is written.
local function life(key, deadline)
  local left = deadline * 1000 - now_ms
  if left <= 0 then error('a deadline is past') end
  if left > cap(key) then error('a deadline is beyond the cap of its kind') end
  return left
end

-- `%d`: the second engine refuses a time to live that reads `5000.0`.
local function write(key, milliseconds, value)
  redis.call('PSETEX', key, format('%d', milliseconds), value)
end
