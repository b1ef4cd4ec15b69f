-- override-ids: brings the list of overrides up to date: takes ids out, and with them what is past, and adds others.
--
-- Why a script: two desks may do so at the same moment, and who reads the list must never see a replaced override beside the new one, nor neither.
--
-- KEYS 1  the list
-- ARGV 1  entries to add, 13 bytes each: letter of the class, number (8), I4 unix second of its end; may be empty
-- ARGV 2  ids to take out, 9 bytes each: letter of the class, number; may be empty
-- Returns how many there are after that; -1 where there would be more than MOST: then nothing is changed.
-- The value is format (1) and the entries, and lives as long as the last of them. What is no list is replaced; so is an entry that nobody can have
-- made, for it would outlive the list's cap.
local FORMAT, ID, ENTRY, MOST = '\1', 9, 13, 1000
local held, gone, kept, last = redis.call('GET', KEYS[1]), {}, {FORMAT}, 0
if not held or #held % ENTRY ~= 1 or sub(held, 1, 1) ~= FORMAT then held = FORMAT end

local function keep(entries)
  for at = 1, #entries, ENTRY do
    local id, deadline = sub(entries, at, at + ID - 1), struct.unpack('<I4', entries, at + ID)
    if not gone[id] and deadline > now and deadline * 1000 - now_ms <= cap(KEYS[1]) then
      gone[id] = true -- never twice, where a call is sent again
      kept[#kept + 1] = sub(entries, at, at + ENTRY - 1)
      if deadline > last then last = deadline end
    end
  end
end

for at = 1, #ARGV[2], ID do gone[sub(ARGV[2], at, at + ID - 1)] = true end
keep(sub(held, 2))
keep(ARGV[1])
if #kept - 1 > MOST then return -1 end
if last > 0 then
  write(KEYS[1], life(KEYS[1], last), table.concat(kept))
else
  write(KEYS[1], 1000, FORMAT) -- or WAIT would not know what to wait for, as in erase.lua
  redis.call('UNLINK', KEYS[1])
end
return #kept - 1
