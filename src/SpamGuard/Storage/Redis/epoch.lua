-- epoch: answers an epoch's record, planting the one given where there is none or one of a lower generation.
--
-- Why a script: of several processes that find none at the same moment, one must win, and a lost record must come back with its deadline.
--
-- KEYS 1  the epoch's key
-- ARGV 1  a record (45 bytes: format, generation big-endian in bytes 2-5, pepper id, salt), or '' to read only
-- ARGV 2  deadline (unix s)
-- Returns the record in force after that; nil where none was given and none is there. What is not 45 bytes long is never overwritten.
local SIZE = 45
local candidate, held = ARGV[1], redis.call('GET', KEYS[1])
if candidate == '' then return held end
if held and (#held ~= SIZE or struct.unpack('>I4', held, 2) >= struct.unpack('>I4', candidate, 2)) then return held end
write(KEYS[1], life(KEYS[1], tonumber(ARGV[2])), candidate)
return candidate
