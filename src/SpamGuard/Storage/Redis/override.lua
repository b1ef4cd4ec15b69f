-- override: writes what an operator says of one subject, until its end.
--
-- Why a script: the life is computed from the store's own clock, and refused where it is longer than its class may be kept.
--
-- KEYS 1  the override's key
-- ARGV 1  deadline (unix s)
-- ARGV 2  what is said, packed as OperatorOverride.cs does
-- Returns nothing.
write(KEYS[1], life(KEYS[1], tonumber(ARGV[1])), ARGV[2])
