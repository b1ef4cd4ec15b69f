-- The record of one subject in one epoch and its update: the same bytes as SignalRecord.cs, which holds the table of the fields.
-- Whole numbers below 2^53 only, and no bit library: one engine's is wrong (bit.lshift(1, 16) gives 1).
local LAYOUT, SIZE, DAY, FULL, CEILING = '<BI2I4I4I2I2I2I2I2I4I4I4', 33, 86400, 4294967295, 65535
local FORMAT, NONE = '\1', string.rep('\0', 33)
local EVENT, SPAM = 0, 1
local pack, unpack, concat = struct.pack, struct.unpack, table.concat
local spread = table.unpack or _G.unpack -- one engine speaks Lua 5.4, the other 5.1
local today = floor(now / DAY)

-- A record as the reply shows it: zeros where there is none, or one of another format.
local function shown(state)
  if state and #state == SIZE and sub(state, 1, 1) == FORMAT then return state end
  return NONE
end

-- Enters a member in a bitmap; returns the bitmap and the units that stand for it: none for a known member, more for a new one as the
-- bitmap fills, because others hid behind bits set before.
local function mark(bitmap, member)
  if member == 0 or bitmap == FULL then return bitmap, 1 end
  if bitmap == 0 then return member, 1 end
  if floor(bitmap / member) % 2 == 1 then return bitmap, 0 end
  local zeros, rest = 32, bitmap
  while rest > 0 do
    local bit = rest % 2
    zeros, rest = zeros - bit, (rest - bit) / 2
  end
  return bitmap + member, floor((64 + zeros) / (2 * zeros))
end

local function charged(bucket, charge)
  if bucket < now then bucket = now end
  bucket = bucket + charge
  if bucket < now then return now end
  if bucket > FULL then return FULL end
  return bucket
end

local function capped(count)
  if count > CEILING then return CEILING end
  return count
end

-- Counts an event or a report on a record (NONE where there is none). Returns the new record, or nil where the member was known already:
-- then nothing has changed and nothing need be written.
local function count(state, what, member, fast_charge, slow_charge)
  local _, day, fast, slow, spam, ham, older, yesterday, current, met, blamed, praised = unpack(LAYOUT, state)
  local gap = today - day
  if gap > 0 then -- a clock that steps back changes nothing
    older = older + yesterday
    if gap == 1 then yesterday = current else older, yesterday = older + current, 0 end
    day, current, met = today, 0, 0
  end
  local units
  if what == EVENT then
    met, units = mark(met, member)
    if units == 0 then return nil end
    current = current + units
    if fast_charge ~= 0 then fast = charged(fast, fast_charge * units) end
    if slow_charge ~= 0 then slow = charged(slow, slow_charge * units) end
  elseif what == SPAM then
    blamed, units = mark(blamed, member)
    if units == 0 then return nil end
    spam = spam + units
  else
    praised, units = mark(praised, member)
    if units == 0 then return nil end
    ham = ham + units
  end
  return pack(LAYOUT, 1, day, fast, slow, capped(spam), capped(ham), capped(older), capped(yesterday), capped(current),
    met, blamed, praised)
end

-- What the items of one event or report find and change. They stand in `packed` from `at` on, 21 bytes each. `states` holds the value of
-- every key and takes the new ones, so that the next event of the call sees them; `lives` takes how long each changed one may live.
-- Returns the records as they were, current and previous, and where the next event begins. With `counted` false nothing is changed, but
-- a bad deadline still fails.
local function apply(packed, at, items, what, counted, states, lives)
  local before = {pack('<I4', now)}
  for item = 1, items do
    local current, previous, may_create, deadline, member, fast, slow
    current, previous, may_create, deadline, member, fast, slow, at = unpack('<I2I2BI4I4i4i4', packed, at)
    local milliseconds = life(KEYS[current], deadline)
    if counted then
      local found = states[current]
      local state = shown(found)
      before[2 * item] = state
      before[2 * item + 1] = previous == 0 and NONE or shown(states[previous])
      if state ~= NONE or (not found and may_create == 1) then
        local changed = count(state, what, member, fast, slow)
        if changed then states[current], lives[current] = changed, milliseconds end
      end
    end
  end
  return concat(before), at
end

-- Everything is written at the very end, once per key, when no deadline can fail any more.
local function write_all(states, lives)
  for index, milliseconds in pairs(lives) do write(KEYS[index], milliseconds, states[index]) end
end
