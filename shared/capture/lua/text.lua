-- Bytes as hex and from it, base64 (RFC 4648 section 4), and whether bytes are UTF-8 (RFC 3629).
local text = {}

function text.hex(bytes)
  return (bytes:gsub('.', function(byte)
    return ('%02x'):format(byte:byte())
  end))
end

-- The bytes; nil for what is no hex.
function text.unhex(hex)
  if #hex % 2 ~= 0 or hex:find('[^0-9a-fA-F]') then return nil end
  return (hex:gsub('..', function(pair)
    return string.char(tonumber(pair, 16))
  end))
end

local ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
local VALUE = { [string.byte('=')] = 0 }
for value = 0, 63 do
  VALUE[ALPHABET:byte(value + 1)] = value
end

-- The bytes of standard base64 with padding; nil for anything else. The bits that the padding leaves over have to be 0.
function text.unbase64(coded)
  if #coded % 4 ~= 0 or not coded:find('^[A-Za-z0-9+/]*=?=?$') then return nil end
  local padding = #coded:match('=*$')
  local last = padding > 0 and VALUE[coded:byte(-padding - 1)] or 0
  if (padding == 1 and last % 4 ~= 0) or (padding == 2 and last % 16 ~= 0) then return nil end
  local parts = {}
  for at = 1, #coded, 4 do
    local a, b, c, d = coded:byte(at, at + 3)
    local sum = ((VALUE[a] * 64 + VALUE[b]) * 64 + VALUE[c]) * 64 + VALUE[d]
    parts[#parts + 1] = string.char(math.floor(sum / 65536), math.floor(sum / 256) % 256, sum % 256)
  end
  local bytes = table.concat(parts)
  return bytes:sub(1, #bytes - padding)
end

-- What may follow a first byte, and within which bounds the second has to be.
local function follow(first)
  if first >= 0xc2 and first <= 0xdf then return 1, 0x80, 0xbf end
  if first == 0xe0 then return 2, 0xa0, 0xbf end
  if first == 0xed then return 2, 0x80, 0x9f end
  if first >= 0xe1 and first <= 0xef then return 2, 0x80, 0xbf end
  if first == 0xf0 then return 3, 0x90, 0xbf end
  if first >= 0xf1 and first <= 0xf3 then return 3, 0x80, 0xbf end
  if first == 0xf4 then return 3, 0x80, 0x8f end
  return nil
end

function text.is_utf8(bytes)
  local at = bytes:find('[\128-\255]')
  while at do
    local count, low, high = follow(bytes:byte(at))
    if not count then return false end
    for place = 1, count do
      local byte = bytes:byte(at + place)
      if not byte or byte < low or byte > high then return false end
      low, high = 0x80, 0xbf
    end
    at = bytes:find('[\128-\255]', at + count + 1)
  end
  return true
end

-- A character by its number, in UTF-8.
function text.utf8(code)
  if code < 0x80 then return string.char(code) end
  local bytes = {}
  local rest, first = code, 0x40
  repeat
    table.insert(bytes, 1, string.char(0x80 + rest % 64))
    rest, first = math.floor(rest / 64), math.floor(first / 2)
  until rest < first
  return string.char(256 - 2 * first + rest) .. table.concat(bytes)
end

return text
