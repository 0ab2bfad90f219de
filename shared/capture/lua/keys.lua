-- Reads a file of keys (docs/captures.md), as far as it is one: whoever has it open looks at packets, and a line that is no good
-- must not be in the way of the others.
local LONGEST_FILE = 16 * 1024 * 1024
local MOST_LINES = 100000

local keys = {}

-- No key at all.
function keys.none()
  return { by_connection = {}, opened = {}, bad_lines = 0 }
end

-- What the lines say. `by_connection`: by the id of a connection, or `*` for all, keys by their symbols, a list for each.
-- `opened`: plaintexts by the hashes of their ciphertexts. `bad_lines`: how many lines were none.
function keys.read(content)
  local found = keys.none()
  local lines = 0
  for line in content:gmatch('[^\r\n]+') do
    lines = lines + 1
    if lines > MOST_LINES then break end
    local symbol, connection, key = line:match('^key +([%w_]+) +([%x*]+) +(%x+) *$')
    local hash, plaintext = line:match('^opened +(%x+) +(%x*) *$')
    local bytes = text.unhex(key or plaintext or '?')
    if bytes and symbol then
      connection = connection:lower()
      local by_symbol = found.by_connection[connection] or {}
      found.by_connection[connection] = by_symbol
      by_symbol[symbol] = by_symbol[symbol] or {}
      table.insert(by_symbol[symbol], bytes)
    elseif bytes and hash then
      found.opened[hash:lower()] = bytes
    elseif not line:find('^ *#') and not line:find('^ *$') and not line:find('^handshake%-lab%-keys ') then
      found.bad_lines = found.bad_lines + 1
    end
  end
  return found
end

-- Reads the file at a path. The second result says in words what is wrong with it, if anything is.
function keys.load(path)
  if path == '' then return keys.none(), nil end
  local file = io.open(path, 'rb')
  local content = file and file:read(LONGEST_FILE)
  if file then file:close() end
  if not content then return keys.none(), 'The keys file can’t be read: ' .. path end
  if not content:find('^handshake%-lab%-keys 1[\r\n]') then
    return keys.none(), 'The file of this name is no keys file of version 1: ' .. path
  end
  local found = keys.read(content)
  local bad = found.bad_lines
  return found, bad > 0 and ('Lines of the keys file that are none: %d'):format(bad) or nil
end

return keys
