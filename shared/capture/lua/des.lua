-- DES in CBC mode with PKCS#7 padding (FIPS 46-3, SP 800-38A, RFC 5652 section 6.3), to open what was encrypted.
local band, bxor, lshift, rshift, rrotate = bits.band, bits.bxor, bits.lshift, bits.rshift, bits.rrotate

-- The standard's tables: a permutation names for each bit of its result the bit that it is, counted from 1 at the left.
local INITIAL = {
  58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4, 62, 54, 46, 38, 30, 22, 14, 6, 64, 56, 48, 40, 32, 24, 16, 8,
  57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3, 61, 53, 45, 37, 29, 21, 13, 5, 63, 55, 47, 39, 31, 23, 15, 7,
}
local PERMUTATION = {
  16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25,
}
local CHOICE_1 = {
  57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
  63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
}
local CHOICE_2 = {
  14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
  41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
}
local SHIFTS = { 1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1 }
-- The eight S-boxes, a hex digit for each value, their four rows behind one another.
local BOXES = {
  'e4d12fb83a6c5907' .. '0f74e2d1a6cb9538' .. '41e8d62bfc973a50' .. 'fc8249175b3ea06d',
  'f18e6b34972dc05a' .. '3d47f28ec01a69b5' .. '0e7ba4d158c6932f' .. 'd8a13f42b67c05e9',
  'a09e63f51dc7b428' .. 'd709346a285ecbf1' .. 'd6498f30b12c5ae7' .. '1ad069874fe3b52c',
  '7de3069a1285bc4f' .. 'd8b56f03472c1ae9' .. 'a690cb7df13e5284' .. '3f06a1d8945bc72e',
  '2c417ab6853fd0e9' .. 'eb2c47d150fa3986' .. '421bad78f9c5630e' .. 'b8c71e2d6f09a453',
  'c1af92680d34e75b' .. 'af427c9561de0b38' .. '9ef528c3704a1db6' .. '432c95fabe17608d',
  '4b2ef08d3c975a61' .. 'd0b7491ae35c2f86' .. '14bdc37eaf680592' .. '6bd814a7950fe23c',
  'd2846fb1a93e50c7' .. '1fd8a374c56b0e92' .. '7b419ce206adf358' .. '21e74a8dfc90356b',
}

-- What each S-box makes of six bits, put through the permutation.
local SPREAD = {}
for box = 1, 8 do
  SPREAD[box] = {}
  for input = 0, 63 do
    local row = math.floor(input / 32) * 2 + input % 2
    local column = math.floor(input / 2) % 16
    local at = row * 16 + column + 1
    local value = lshift(tonumber(BOXES[box]:sub(at, at), 16), 32 - 4 * box)
    local spread = 0
    for place = 1, 32 do
      spread = spread * 2 + band(rshift(value, 32 - PERMUTATION[place]), 1)
    end
    SPREAD[box][input] = spread
  end
end

-- A permutation of 64 bits into 64, as what each byte of the input adds to both words of the result.
local function by_bytes(permutation)
  local left, right = {}, {}
  for byte = 0, 7 do
    left[byte], right[byte] = {}, {}
    for value = 0, 255 do
      local high, low = 0, 0
      for place = 1, 64 do
        local from = permutation[place] - 1
        if math.floor(from / 8) == byte and math.floor(value / 2 ^ (7 - from % 8)) % 2 == 1 then
          if place <= 32 then
            high = high + 2 ^ (32 - place)
          else
            low = low + 2 ^ (64 - place)
          end
        end
      end
      left[byte][value], right[byte][value] = math.floor(high), math.floor(low)
    end
  end
  return left, right
end

local FINAL = {}
for place = 1, 64 do
  FINAL[INITIAL[place]] = place
end
local INITIAL_LEFT, INITIAL_RIGHT = by_bytes(INITIAL)
local FINAL_LEFT, FINAL_RIGHT = by_bytes(FINAL)

local function permuted(left, right, one, other)
  local high, low = 0, 0
  for byte = 0, 3 do
    local a, b = band(rshift(one, 24 - 8 * byte), 255), band(rshift(other, 24 - 8 * byte), 255)
    high = high + left[byte][a] + left[byte + 4][b]
    low = low + right[byte][a] + right[byte + 4][b]
  end
  return high, low
end

-- The sixteen round keys, six bits for each S-box.
local function schedule(key)
  local all = {}
  for at = 1, 8 do
    local byte = key:byte(at)
    for bit = 7, 0, -1 do
      all[#all + 1] = math.floor(byte / 2 ^ bit) % 2
    end
  end
  local chosen = {}
  for place = 1, 56 do
    chosen[place] = all[CHOICE_1[place]]
  end
  local keys, shift = {}, 0
  for round = 1, 16 do
    shift = shift + SHIFTS[round]
    keys[round] = {}
    for box = 1, 8 do
      local value = 0
      for place = 6 * box - 5, 6 * box do
        local from = CHOICE_2[place] - 1
        local half = from < 28 and 0 or 28
        value = value * 2 + chosen[half + (from - half + shift) % 28 + 1]
      end
      keys[round][box] = math.floor(value)
    end
  end
  return keys
end

-- One block of two words, backwards.
local function decrypt(keys, one, other)
  local left, right = permuted(INITIAL_LEFT, INITIAL_RIGHT, one, other)
  for round = 16, 1, -1 do
    local key = keys[round]
    local turned = rrotate(right, 31)
    local sum = SPREAD[8][bxor(band(turned, 63), key[8])]
    for box = 7, 1, -1 do
      turned = rrotate(turned, 4)
      sum = bxor(sum, SPREAD[box][bxor(band(turned, 63), key[box])])
    end
    left, right = right, bxor(left, sum)
  end
  return permuted(FINAL_LEFT, FINAL_RIGHT, right, left)
end

local function word_at(bytes, at)
  local a, b, c, d = bytes:byte(at, at + 3)
  return ((a * 256 + b) * 256 + c) * 256 + d
end

local des = {}

-- The plaintext; nil for a length that is no whole number of blocks, and where the padding is none: with another key, nearly always.
function des.open(key, iv, ciphertext)
  if #key ~= 8 or #iv ~= 8 or #ciphertext == 0 or #ciphertext % 8 ~= 0 then return nil end
  local keys = schedule(key)
  local before_one, before_other = word_at(iv, 1), word_at(iv, 5)
  local parts = {}
  for at = 1, #ciphertext, 8 do
    local one, other = word_at(ciphertext, at), word_at(ciphertext, at + 4)
    local left, right = decrypt(keys, one, other)
    left, right = bxor(left, before_one), bxor(right, before_other)
    parts[#parts + 1] = string.char(
      rshift(left, 24), band(rshift(left, 16), 255), band(rshift(left, 8), 255), band(left, 255),
      rshift(right, 24), band(rshift(right, 16), 255), band(rshift(right, 8), 255), band(right, 255)
    )
    before_one, before_other = one, other
  end
  local padded = table.concat(parts)
  local padding = padded:byte(-1)
  if padding < 1 or padding > 8 or padded:sub(-padding) ~= string.char(padding):rep(padding) then return nil end
  return padded:sub(1, #padded - padding)
end

return des
