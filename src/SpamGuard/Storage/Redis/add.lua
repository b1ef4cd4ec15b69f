-- add: adds to totals over very many addresses that fade by a tenth a day, and answers them. The same as FadingCounts.cs, to 1e-9.
--
-- Why a script: many processes add to the same totals every second; a read and a write apart would lose what came between.
--
-- KEYS    aggregates, in a cluster all of one slot
-- ARGV    per key three numbers as text: spam, ham, events. All three 0: the totals are only read, and nothing is written.
-- Returns per key a text of six numbers: day (since 1970), spam, ham, older, yesterday, today, rolled to today.
-- The value is that same text: 17 digits give every double back, on both engines. What is no such text reads as absent and is replaced: left
-- alone, it would keep an aggregate dark for a month. A day further ahead than a value can live is no day: it would never fade.
local FADE, DAY, LIFE = 0.9, 86400, 30 * 86400
local LARGEST = 2 ^ 53
local TEXT = '%d %.17g %.17g %.17g %.17g %.17g'
local today, totals, changed = floor(now / DAY), {}, {}

local function read(held)
  local numbers = {}
  if held then
    for word in string.gmatch(held, '%S+') do
      local number = tonumber(word)
      if not number or not (number >= 0 and number < LARGEST) then return today, 0, 0, 0, 0, 0 end -- what is not a number is neither
      numbers[#numbers + 1] = number
    end
  end
  if #numbers == 6 and numbers[1] % 1 == 0 and numbers[1] <= today + 30 then return numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6] end
  return today, 0, 0, 0, 0, 0
end

local values = redis.call('MGET', (table.unpack or unpack)(KEYS))
for index = 1, #KEYS do
  local more_spam, more_ham, events = tonumber(ARGV[3 * index - 2]), tonumber(ARGV[3 * index - 1]), tonumber(ARGV[3 * index])
  local day, spam, ham, older, yesterday, current = read(values[index])
  local gap = today - day
  if gap > 0 then -- a clock that steps back changes nothing
    local fade = FADE ^ gap
    if gap == 1 then
      older, yesterday = (older + yesterday) * fade, current * fade
    else
      older, yesterday = (older + yesterday + current) * fade, 0
    end
    day, spam, ham, current = today, spam * fade, ham * fade, 0
  end
  totals[index] = format(TEXT, day, spam + more_spam, ham + more_ham, older, yesterday, current + events)
  if more_spam ~= 0 or more_ham ~= 0 or events ~= 0 then changed[index] = life(KEYS[index], now + LIFE) end
end
for index, milliseconds in pairs(changed) do write(KEYS[index], milliseconds, totals[index]) end
return totals
