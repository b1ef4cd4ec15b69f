-- report: counts reports (spam or legitimate) on the records of an earlier event's subjects, and answers what those were before.
--
-- Why a script: as observe; and whether the decision was reported before, whether the address is still there, and the counting are one.
--
-- KEYS    current records, previous records (only read), report keys: each named by its index from 1. In a cluster all of one slot.
-- ARGV 1  packed, little-endian: I2 number of reports, then per report
--           B items, B 1 spam or 2 legitimate, B 1 where the first item decides, I2 index of its report key (0: none), I4 its deadline
--           per item 21 bytes as in observe (charges 0)
-- Returns per report: status, bytes. bytes begin with I4 store time (unix s); then
--   0 counted      per item the current and the previous record as they were before the report, 33 bytes each, zeros for none
--   3 duplicate    nothing: this label was reported on this decision before
--   4 gone         nothing: the first item decides, may not be created and is not there
-- A report key holds the labels reported on a decision, a letter each: s, h.
local states, lives, replies = redis.call('MGET', spread(KEYS)), {}, {}
local packed = ARGV[1]
local reports, at = unpack('<I2', packed)
for report = 1, reports do
  local items, label, decides, guard, deadline
  items, label, decides, guard, deadline, at = unpack('<BBBI2I4', packed, at)
  local letter = label == SPAM and 's' or 'h'
  local status, labels, guard_life, bytes = 0, '', nil, nil
  if guard > 0 then
    guard_life = life(KEYS[guard], deadline)
    labels = states[guard] or ''
  end
  if string.find(labels, letter, 1, true) then
    status = 3
  elseif decides == 1 then
    local first, _, may_create = unpack('<I2I2B', packed, at)
    if may_create == 0 and shown(states[first]) == NONE then status = 4 end
  end
  bytes, at = apply(packed, at, items, label, status == 0, states, lives)
  if status == 0 and guard > 0 then
    states[guard], lives[guard] = labels .. letter, guard_life
  end
  replies[2 * report - 1], replies[2 * report] = status, bytes
end
write_all(states, lives)
return replies
