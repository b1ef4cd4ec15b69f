-- add: adds to totals over very many addresses that fade by a tenth a day, and answers them. The same as FadingCounts.cs, to 1e-9.
--
-- Why a script: many processes add to the same totals every second; a read and a write apart would lose what came between.
--
-- KEYS    aggregates, in a cluster all of one slot
-- ARGV    per key three numbers as text: spam, ham, events. All three 0: the totals are only read, and nothing is written.
-- Returns per key a text of six numbers: day (since 1970), spam, ham, older, yesterday, today, rolled to today.
-- The value is that same text: 17 digits give every double back, on both engines.
local FADE, DAY, LIFE = 0.9, 86400, 30 * 86400
local TEXT = '%d %.17g %.17g %.17g %.17g %.17g'
local today, totals = floor(now / DAY), {}
for index, key in ipairs(KEYS) do
  local more_spam, more_ham, events = tonumber(ARGV[3 * index - 2]), tonumber(ARGV[3 * index - 1]), tonumber(ARGV[3 * index])
  local day, spam, ham, older, yesterday, current = today, 0, 0, 0, 0, 0
  local held = redis.call('GET', key)
  if held then
    local number = string.gmatch(held, '%S+')
    day, spam, ham = tonumber(number()), tonumber(number()), tonumber(number())
    older, yesterday, current = tonumber(number()), tonumber(number()), tonumber(number())
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
  end
  local total = format(TEXT, day, spam + more_spam, ham + more_ham, older, yesterday, current + events)
  if more_spam ~= 0 or more_ham ~= 0 or events ~= 0 then write(key, life(key, now + LIFE), total) end
  totals[index] = total
end
return totals
