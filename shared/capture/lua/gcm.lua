-- AES-256-GCM (FIPS 197, SP 800-38D) with nonces of 12 bytes and tags of 16, to open what was sealed.
local band, bxor, bxor5 = bits.band, bits.bxor, bits.bxor5
local rshift, rrotate = bits.rshift, bits.rrotate
local floor, char = math.floor, string.char

-- Twice a number in the field of AES.
local function double(value)
  local doubled = value * 2
  return doubled < 256 and doubled or bxor(doubled, 0x11b)
end

-- The S-box: the inverse in the field, and an affine map of it; and tables of a round's work on each byte of a column.
local SBOX, ROUND = {}, { {}, {}, {}, {} }
do
  local power, log = {}, {}
  local value = 1
  for exponent = 0, 254 do
    power[exponent], log[value] = value, exponent
    value = bxor(value, double(value))
  end
  for byte = 0, 255 do
    local inverse = byte == 0 and 0 or power[(255 - log[byte]) % 255]
    local mapped = inverse
    for turn = 1, 4 do
      mapped = bxor(mapped, band(inverse * 2 ^ turn + floor(inverse / 2 ^ (8 - turn)), 255))
    end
    local s = bxor(mapped, 0x63)
    local twice = double(s)
    local column = ((twice * 256 + s) * 256 + s) * 256 + bxor(twice, s)
    SBOX[byte] = floor(s)
    for row = 1, 4 do
      ROUND[row][byte] = column
      column = rrotate(column, 8)
    end
  end
end
local R1, R2, R3, R4 = ROUND[1], ROUND[2], ROUND[3], ROUND[4]

local function word_at(bytes, at)
  local a, b, c, d = bytes:byte(at, at + 3)
  return (((a or 0) * 256 + (b or 0)) * 256 + (c or 0)) * 256 + (d or 0)
end

local function bytes_of(a, b, c, d)
  return char(
    rshift(a, 24), band(rshift(a, 16), 255), band(rshift(a, 8), 255), band(a, 255),
    rshift(b, 24), band(rshift(b, 16), 255), band(rshift(b, 8), 255), band(b, 255),
    rshift(c, 24), band(rshift(c, 16), 255), band(rshift(c, 8), 255), band(c, 255),
    rshift(d, 24), band(rshift(d, 16), 255), band(rshift(d, 8), 255), band(d, 255)
  )
end

local function substituted(word)
  local a, b, c, d = rshift(word, 24), band(rshift(word, 16), 255), band(rshift(word, 8), 255), band(word, 255)
  return ((SBOX[a] * 256 + SBOX[b]) * 256 + SBOX[c]) * 256 + SBOX[d]
end

-- The 60 words of a key of 32 bytes.
local function expand(key)
  local words = {}
  for index = 0, 7 do
    words[index] = word_at(key, 4 * index + 1)
  end
  local constant = 1
  for index = 8, 59 do
    local word = words[index - 1]
    if index % 8 == 0 then
      word = bxor(substituted(rrotate(word, 24)), constant * 16777216)
      constant = double(constant)
    elseif index % 8 == 4 then
      word = substituted(word)
    end
    words[index] = bxor(words[index - 8], word)
  end
  return words
end

-- One block of four words under an expanded key.
local function encrypt(words, a, b, c, d)
  a, b, c, d = bxor(a, words[0]), bxor(b, words[1]), bxor(c, words[2]), bxor(d, words[3])
  for at = 4, 52, 4 do
    local e = bxor5(
      R1[rshift(a, 24)], R2[band(rshift(b, 16), 255)], R3[band(rshift(c, 8), 255)], R4[band(d, 255)], words[at])
    local f = bxor5(
      R1[rshift(b, 24)], R2[band(rshift(c, 16), 255)], R3[band(rshift(d, 8), 255)], R4[band(a, 255)], words[at + 1])
    local g = bxor5(
      R1[rshift(c, 24)], R2[band(rshift(d, 16), 255)], R3[band(rshift(a, 8), 255)], R4[band(b, 255)], words[at + 2])
    d = bxor5(
      R1[rshift(d, 24)], R2[band(rshift(a, 16), 255)], R3[band(rshift(b, 8), 255)], R4[band(c, 255)], words[at + 3])
    a, b, c = e, f, g
  end
  local function last(p, q, r, s, word)
    local high = SBOX[rshift(p, 24)] * 256 + SBOX[band(rshift(q, 16), 255)]
    return bxor((high * 256 + SBOX[band(rshift(r, 8), 255)]) * 256 + SBOX[band(s, 255)], word)
  end
  return last(a, b, c, d, words[56]), last(b, c, d, a, words[57]), last(c, d, a, b, words[58]), last(d, a, b, c, words[59])
end

-- The products of the hash key with each value of each of a block's 32 half bytes, word by word.
local function products(h1, h2, h3, h4)
  local tables = { {}, {}, {}, {} }
  local t1, t2, t3, t4 = tables[1], tables[2], tables[3], tables[4]
  for place = 0, 31 do
    local base = place * 16
    t1[base], t2[base], t3[base], t4[base] = 0, 0, 0, 0
    for _, bit in ipairs({ 8, 4, 2, 1 }) do
      -- The first bit of a block is the lowest power.
      t1[base + bit], t2[base + bit], t3[base + bit], t4[base + bit] = h1, h2, h3, h4
      local carry = h4 % 2
      h4 = rshift(h4, 1) + (h3 % 2) * 2147483648
      h3 = rshift(h3, 1) + (h2 % 2) * 2147483648
      h2 = rshift(h2, 1) + (h1 % 2) * 2147483648
      h1 = rshift(h1, 1)
      if carry == 1 then h1 = bxor(h1, 0xe1000000) end
    end
    for value = 1, 15 do
      local lowest = value % 2 == 1 and 1 or value % 4 == 2 and 2 or value % 8 == 4 and 4 or 8
      if lowest ~= value then
        local one, other = base + lowest, base + value - lowest
        t1[base + value], t2[base + value] = bxor(t1[one], t1[other]), bxor(t2[one], t2[other])
        t3[base + value], t4[base + value] = bxor(t3[one], t3[other]), bxor(t4[one], t4[other])
      end
    end
  end
  return tables
end

-- Hashes 16 bytes more, or as many as are left; zeros stand for what is missing.
local function absorb(tables, state, a, b, c, d)
  local t1, t2, t3, t4 = tables[1], tables[2], tables[3], tables[4]
  local input = { bxor(state[1], a), bxor(state[2], b), bxor(state[3], c), bxor(state[4], d) }
  local z1, z2, z3, z4 = 0, 0, 0, 0
  local base = 0
  for index = 1, 4 do
    local word = input[index]
    for shift = 28, 0, -4 do
      local at = base + band(rshift(word, shift), 15)
      z1, z2, z3, z4 = bxor(z1, t1[at]), bxor(z2, t2[at]), bxor(z3, t3[at]), bxor(z4, t4[at])
      base = base + 16
    end
  end
  state[1], state[2], state[3], state[4] = z1, z2, z3, z4
end

local function absorb_all(tables, state, bytes)
  for at = 1, #bytes, 16 do
    absorb(tables, state, word_at(bytes, at), word_at(bytes, at + 4), word_at(bytes, at + 8), word_at(bytes, at + 12))
  end
end

-- What was worked out of keys, for the next message under the same one; a few of them.
local MOST_KEYS = 64
local prepared, count = {}, 0

local function prepare(key)
  local known = prepared[key]
  if known then return known end
  if count == MOST_KEYS then
    prepared, count = {}, 0
  end
  local words = expand(key)
  known = { words = words, tables = products(encrypt(words, 0, 0, 0, 0)) }
  prepared[key], count = known, count + 1
  return known
end

local gcm = {}

-- The plaintext of a ciphertext with its tag behind it; nil when key, nonce, additional data or any byte are others.
function gcm.open(key, nonce, additional, sealed)
  if #key ~= 32 or #nonce ~= 12 or #sealed < 16 then return nil end
  local with = prepare(key)
  local length = #sealed - 16
  local ciphertext = sealed:sub(1, length)
  local state = { 0, 0, 0, 0 }
  absorb_all(with.tables, state, additional)
  absorb_all(with.tables, state, ciphertext)
  absorb(with.tables, state, 0, #additional * 8, 0, length * 8)
  local n1, n2, n3 = word_at(nonce, 1), word_at(nonce, 5), word_at(nonce, 9)
  local a, b, c, d = encrypt(with.words, n1, n2, n3, 1)
  local tag = bytes_of(bxor(state[1], a), bxor(state[2], b), bxor(state[3], c), bxor(state[4], d))
  if tag ~= sealed:sub(length + 1) then return nil end
  local parts = {}
  for at = 1, length, 16 do
    a, b, c, d = encrypt(with.words, n1, n2, n3, 2 + (at - 1) / 16)
    parts[#parts + 1] = bytes_of(
      bxor(a, word_at(ciphertext, at)),
      bxor(b, word_at(ciphertext, at + 4)),
      bxor(c, word_at(ciphertext, at + 8)),
      bxor(d, word_at(ciphertext, at + 12))
    )
  end
  return table.concat(parts):sub(1, length)
end

return gcm
