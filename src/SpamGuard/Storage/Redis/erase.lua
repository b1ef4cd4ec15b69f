-- erase: takes keys away, whatever they hold.
--
-- Why a script: all keys of one slot go in one step, and each of them says whether it was there. Only the desk's user may run it: it deletes.
--
-- KEYS    keys, in a cluster all of one slot
-- ARGV 1  '1' where replicas will be waited for, else '0'
-- Returns per key 1 where it was there, else 0.
-- WAIT asks which replicas have what its connection wrote last, and to take nothing away is no write: a repetition over a new connection would
-- be told of replicas that have not heard of the first attempt. Hence a value that nobody ever sees, for it goes in the same step.
local gone = {}
for index = 1, #KEYS do gone[index] = redis.call('UNLINK', KEYS[index]) end
if ARGV[1] == '1' then
  write(KEYS[1], 1000, '')
  redis.call('UNLINK', KEYS[1])
end
return gone
