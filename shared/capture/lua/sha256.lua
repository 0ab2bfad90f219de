-- SHA-256 (FIPS 180-4), HMAC (RFC 2104) and HKDF (RFC 5869) with it.
local band, bnot, bxor = bits.band, bits.bnot, bits.bxor
local rshift, rrotate = bits.rshift, bits.rrotate
local WORD = 4294967296

-- The first 32 bits of the fractions of square and cube roots of the first primes.
local START, ROUND = {}, {}
do
  local candidate = 2
  while #ROUND < 64 do
    local is_prime = true
    for divisor = 2, candidate - 1 do
      if candidate % divisor == 0 then is_prime = false end
    end
    if is_prime then
      if #START < 8 then START[#START + 1] = math.floor((candidate ^ (1 / 2) % 1) * WORD) end
      ROUND[#ROUND + 1] = math.floor((candidate ^ (1 / 3) % 1) * WORD)
    end
    candidate = candidate + 1
  end
end

local words = {}

local function block(state, message, at)
  for index = 1, 16 do
    local a, b, c, d = message:byte(at, at + 3)
    words[index] = ((a * 256 + b) * 256 + c) * 256 + d
    at = at + 4
  end
  for index = 17, 64 do
    local near, far = words[index - 2], words[index - 15]
    local one = bxor(bxor(rrotate(near, 17), rrotate(near, 19)), rshift(near, 10))
    local other = bxor(bxor(rrotate(far, 7), rrotate(far, 18)), rshift(far, 3))
    words[index] = (one + words[index - 7] + other + words[index - 16]) % WORD
  end
  local a, b, c, d, e, f, g, h = table.unpack(state)
  for index = 1, 64 do
    local sum = bxor(bxor(rrotate(e, 6), rrotate(e, 11)), rrotate(e, 25))
    local choice = bxor(band(e, f), band(bnot(e), g))
    local first = h + sum + choice + ROUND[index] + words[index]
    local other = bxor(bxor(rrotate(a, 2), rrotate(a, 13)), rrotate(a, 22))
    local majority = bxor(bxor(band(a, b), band(a, c)), band(b, c))
    h, g, f, e = g, f, e, (d + first) % WORD
    d, c, b, a = c, b, a, (first + other + majority) % WORD
  end
  local after = { a, b, c, d, e, f, g, h }
  for index = 1, 8 do
    state[index] = (state[index] + after[index]) % WORD
  end
end

local function bytes_of(word)
  return string.char(
    math.floor(word / 16777216),
    math.floor(word / 65536) % 256,
    math.floor(word / 256) % 256,
    word % 256
  )
end

local sha256 = {}

-- The 32 bytes of a message's hash.
function sha256.hash(message)
  local state = {}
  for index = 1, 8 do
    state[index] = START[index]
  end
  local length = #message * 8
  local padding = '\128' .. ('\0'):rep((55 - #message) % 64)
  local padded = message .. padding .. bytes_of(math.floor(length / WORD)) .. bytes_of(length % WORD)
  for at = 1, #padded, 64 do
    block(state, padded, at)
  end
  local parts = {}
  for index = 1, 8 do
    parts[index] = bytes_of(state[index])
  end
  return table.concat(parts)
end

local function masked(key, mask)
  return (key:gsub('.', function(byte)
    return string.char(bxor(byte:byte(), mask))
  end))
end

function sha256.hmac(key, message)
  if #key > 64 then key = sha256.hash(key) end
  key = key .. ('\0'):rep(64 - #key)
  return sha256.hash(masked(key, 0x5c) .. sha256.hash(masked(key, 0x36) .. message))
end

-- 32 bytes from input keying material.
function sha256.hkdf(input, salt, info)
  return sha256.hmac(sha256.hmac(salt, input), info .. '\1')
end

return sha256
