-- report: counts reports (spam or legitimate) on the records of an earlier event's subjects, and answers what those were before.
--
-- Why a script: as observe; and whether it was reported before, whether the address is still there, and the counting are one.
--
-- KEYS    current records, previous records (only read), report lists: each named by its index from 1. In a cluster all of one slot.
-- ARGV 1  packed, little-endian: I2 number of reports, then per report
--           B items, B 1 spam or 2 legitimate, B 1 where the first item decides, I2 index of its report list (0: none), I4 its deadline,
--           12 bytes its id: who or what it is that is not counted twice
--           per item 21 bytes as in observe (charges 0)
-- Returns per report: status, bytes. bytes begin with I4 store time (unix s); then
--   0 counted      per item the current and the previous record as they were before the report, 33 bytes each, zeros for none
--   3 duplicate    nothing: this label was reported under this id before
--   4 gone         nothing: the first item decides, may not be created and is not there
-- A report list holds I4 the second of its end, then the newest last 13 bytes each: id || B labels (1 spam, 2 legitimate, 3 both). It ends
-- with the first of its entries, so that none is kept for longer than its own deadline says. Of more than MOST the oldest ROOM are forgotten.
local HEAD, ID, ENTRY, MOST, ROOM = 4, 12, 13, 1024, 64

-- A report list and its end; nil where there is none, or what is none: that is replaced.
local function reported(value)
  if not value or #value < HEAD or (#value - HEAD) % ENTRY ~= 0 then return nil end
  local ends = unpack('<I4', value)
  if ends <= now then return nil end
  return value, ends
end

-- Where an id's entry begins; nil where it has none. The bytes of an id may stand across two entries too: only a place between them counts.
local function place_of(list, id)
  local place = string.find(list, id, HEAD + 1, true)
  while place and (place - HEAD - 1) % ENTRY ~= 0 do place = string.find(list, id, place + 1, true) end
  return place
end

-- One engine hashes every string that it makes, 25 microseconds for a full list: so nearly every entry is a mere appending.
local function entered(list, ends, place, id, labels)
  local head, entry = pack('<I4', ends), id .. string.char(labels)
  if not list then return head .. entry end
  if place then return head .. sub(list, HEAD + 1, place - 1) .. entry .. sub(list, place + ENTRY) end
  if #list >= HEAD + MOST * ENTRY then return head .. sub(list, HEAD + ROOM * ENTRY + 1) .. entry end
  if sub(list, 1, HEAD) == head then return list .. entry end
  return head .. sub(list, HEAD + 1) .. entry
end

local states, lives, replies = redis.call('MGET', spread(KEYS)), {}, {}
local packed = ARGV[1]
local reports, at = unpack('<I2', packed)
for report = 1, reports do
  local items, label, decides, guard, deadline
  items, label, decides, guard, deadline, at = unpack('<BBBI2I4', packed, at)
  local id = sub(packed, at, at + ID - 1)
  at = at + ID
  local status, labels, list, ends, place, bytes = 0, 0, nil, nil, nil, nil
  if guard > 0 then
    life(KEYS[guard], deadline)
    list, ends = reported(states[guard])
    if list then
      place = place_of(list, id)
      if place then labels = string.byte(list, place + ID) end
      if ends < deadline then deadline = ends end
    end
  end
  if floor(labels / label) % 2 == 1 then
    status = 3
  elseif decides == 1 then
    local first, _, may_create = unpack('<I2I2B', packed, at)
    if may_create == 0 and shown(states[first]) == NONE then status = 4 end
  end
  bytes, at = apply(packed, at, items, label, status == 0, states, lives)
  if status == 0 and guard > 0 then
    states[guard], lives[guard] = entered(list, deadline, place, id, labels + label), life(KEYS[guard], deadline)
  end
  replies[2 * report - 1], replies[2 * report] = status, bytes
end
write_all(states, lives)
return replies
