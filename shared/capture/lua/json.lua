-- Reads a JSON object (RFC 8259) for its members: where each stands, and what its value is. It takes one look at each byte,
-- whatever they say, and goes no deeper with what is inside than to find its end.
local ESCAPES = { b = '\b', f = '\f', n = '\n', r = '\r', t = '\t', ['"'] = '"', ['\\'] = '\\', ['/'] = '/' }

-- Where a string that begins with the quote at `at` ends, behind its last quote; nil for none.
local function string_end(source, at)
  at = at + 1
  while true do
    at = source:find('["\\\0-\31]', at)
    if not at then return nil end
    local letter = source:sub(at, at)
    if letter == '"' then return at + 1 end
    if letter ~= '\\' then return nil end
    local escaped = source:sub(at + 1, at + 1)
    if escaped == 'u' then
      if not source:find('^%x%x%x%x', at + 2) then return nil end
      at = at + 6
    elseif ESCAPES[escaped] then
      at = at + 2
    else
      return nil
    end
  end
end

-- Where a number that begins at `at` ends; nil for none.
local function number_end(source, at)
  local behind = source:match('^%-?0()', at) or source:match('^%-?[1-9]%d*()', at)
  if not behind then return nil end
  behind = source:match('^%.%d+()', behind) or behind
  return source:match('^[eE][+-]?%d+()', behind) or behind
end

local function literal_end(source, at)
  return source:match('^true()', at) or source:match('^false()', at) or source:match('^null()', at)
end

local function scalar_end(source, at)
  if source:sub(at, at) == '"' then return string_end(source, at) end
  return number_end(source, at) or literal_end(source, at)
end

-- The characters of a string between its quotes.
local function unescape(raw)
  if not raw:find('\\', 1, true) then return raw end
  local parts, at = {}, 1
  while true do
    local slash = raw:find('\\', at, true)
    if not slash then break end
    parts[#parts + 1] = raw:sub(at, slash - 1)
    local letter = raw:sub(slash + 1, slash + 1)
    if letter == 'u' then
      local code = tonumber(raw:sub(slash + 2, slash + 5), 16)
      at = slash + 6
      local low = code >= 0xd800 and code < 0xdc00 and raw:match('^\\u([dD][c-fC-F]%x%x)', at)
      if low then
        code = 0x10000 + (code - 0xd800) * 0x400 + tonumber(low, 16) - 0xdc00
        at = at + 6
      elseif code >= 0xd800 and code < 0xe000 then
        -- Half of a pair is no character.
        code = 0xfffd
      end
      parts[#parts + 1] = text.utf8(code)
    else
      parts[#parts + 1] = ESCAPES[letter]
      at = slash + 2
    end
  end
  return table.concat(parts) .. raw:sub(at)
end

local function value_of(source, at, behind)
  local first = source:sub(at, at)
  if first == '"' then return 'string', unescape(source:sub(at + 1, behind - 2)) end
  if first:find('[-%d]') then return 'number', source:sub(at, behind - 1) end
  if first == '{' or first == '[' then return 'nested', '' end
  return 'literal', source:sub(at, behind - 1)
end

local json = {}

-- The members in their order: `name`, `start` and `stop` in bytes from 0, `stop` behind the value, `kind` (string, number,
-- literal, nested) and `value`, a text. nil for what is no object in UTF-8.
function json.members(source)
  if not text.is_utf8(source) then return nil end
  local members, closers = {}, {}
  local expected = 'value'
  local name, name_at, value_at
  local at = 1
  local is_object = false

  local function ended()
    expected = #closers == 0 and 'nothing' or 'comma'
    if #closers ~= 1 or not is_object then return end
    local kind, value = value_of(source, value_at, at)
    members[#members + 1] = { name = name, start = name_at - 1, stop = at - 1, kind = kind, value = value }
  end

  while true do
    at = source:match('^[ \t\r\n]*()', at)
    local letter = source:sub(at, at)
    if letter == '' then break end
    local is_end = (letter == '}' or letter == ']') and (expected == 'comma' or expected == 'first')
    if is_end then
      if closers[#closers] ~= letter then return nil end
      closers[#closers] = nil
      at = at + 1
      ended()
    elseif expected == 'comma' then
      if letter ~= ',' then return nil end
      at = at + 1
      expected = closers[#closers] == '}' and 'name' or 'value'
    elseif expected == 'name' or (expected == 'first' and closers[#closers] == '}') then
      local behind = letter == '"' and string_end(source, at)
      if not behind then return nil end
      local colon = source:match('^[ \t\r\n]*:()', behind)
      if not colon then return nil end
      if #closers == 1 then
        name, name_at = unescape(source:sub(at + 1, behind - 2)), at
      end
      at, expected = colon, 'value'
    elseif expected == 'nothing' then
      return nil
    else
      if #closers == 1 then value_at = at end
      if letter == '{' or letter == '[' then
        if #closers == 0 then is_object = letter == '{' end
        closers[#closers + 1] = letter == '{' and '}' or ']'
        at, expected = at + 1, 'first'
      else
        local behind = scalar_end(source, at)
        if not behind then return nil end
        at = behind
        ended()
      end
    end
  end
  if expected ~= 'nothing' or not is_object then return nil end
  return members
end

return json
