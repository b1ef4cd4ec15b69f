-- observe: counts events on the records of their subjects, and answers what those were before.
--
-- Why a script: the update reads a record, computes and writes it back with its deadline; two events on one address at the same moment
-- would lose one, and a round trip per subject would be three.
--
-- KEYS    current records, previous records (only read), replay keys: in any order, each named by its index from 1. In a cluster all of
--         one slot. A key that stands twice under one index is read and written once.
-- ARGV 1  packed, little-endian: I2 number of events, then per event
--           B items, I2 index of its replay key (0: none)
--           per item, 21 bytes: I2 index of the current record, I2 of the previous (0: none), B 1 may create or 0 update only,
--           I4 deadline (unix s), I4 member mask (0: nobody), i4 fast charge, i4 slow charge (s)
-- ARGV 2+ per event with a replay key, in order: fingerprint (8 bytes) || the caller's context
-- Returns per event: status, bytes. bytes begin with I4 store time (unix s); then
--   0 counted      per item the current and the previous record as they were before the event, 33 bytes each, zeros for none
--   1 replayed     instead: I2 length || the first call's bytes, its time included || the first call's context
--   2 other event  nothing: the request id belongs to another event
-- A replay key holds fingerprint (8) || I2 length || bytes || context for a minute.
local states, lives, replies = redis.call('MGET', spread(KEYS)), {}, {}
local packed, guards = ARGV[1], 1
local events, at = unpack('<I2', packed)
for event = 1, events do
  local items, guard
  items, guard, at = unpack('<BI2', packed, at)
  local kept, status, bytes = guard > 0 and states[guard], 0, nil
  bytes, at = apply(packed, at, items, EVENT, not kept, states, lives)
  if guard > 0 then
    guards = guards + 1
    local argument = ARGV[guards]
    if not kept then
      states[guard] = sub(argument, 1, 8) .. pack('<I2', #bytes) .. bytes .. sub(argument, 9)
      lives[guard] = REPLAY_LIFE
    elseif sub(kept, 1, 8) == sub(argument, 1, 8) then
      status, bytes = 1, sub(kept, 9)
    else
      status = 2
    end
  end
  replies[2 * event - 1], replies[2 * event] = status, bytes
end
write_all(states, lives)
return replies
