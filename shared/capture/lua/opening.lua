-- A frame of a step taken apart as its sheet says: named parts of its bytes, and what opens with the keys that are there.
local opening = {}

local function sum_of(fields)
  local sum = 0
  for _, field in ipairs(fields) do
    sum = sum + field.size
  end
  return sum
end

local function filled(note, values)
  return (note:gsub('{(%w+)}', function(name)
    return values[name] and tostring(values[name])
  end))
end

local function number_of(bytes)
  local value = 0
  for at = 1, #bytes do
    value = value * 256 + bytes:byte(at)
  end
  return value
end

-- The named parts of a body part in the frame's bytes from `start` to `stop`; false where there is no room for it.
local function place(part, frame, start, stop, ranges)
  local function add(name, from, to, note, more)
    local range = { name = name, start = from, stop = to, note = note }
    for key, value in pairs(more or {}) do
      range[key] = value
    end
    ranges[#ranges + 1] = range
  end
  local function add_fields(at, fields, more)
    for _, field in ipairs(fields) do
      add(field.name, at, at + field.size, field.note, more)
      at = at + field.size
    end
  end
  if part.is == 'raw' then
    add(part.field.name, start, stop, part.field.note, { member = part.member })
    return stop - start == part.field.size
  elseif part.is == 'object' then
    add('JSON', start, stop, 'in clear')
    return true
  elseif part.is == 'prefixed' then
    local inner = start + part.field.size
    if inner > stop then return false end
    add(part.field.name, start, inner, filled(part.field.note, { bytes = stop - inner }))
    return place(part.body, frame, inner, stop, ranges)
  end
  local cipher = part.cipher
  local from, to = start + sum_of(cipher.before), stop - sum_of(cipher.after)
  if from > to or (cipher.last and to - from < cipher.last.size) then return false end
  local words = { key = part.key, blocks = cipher.block and math.floor((to - from) / cipher.block) }
  add_fields(start, cipher.before)
  add(part.called or cipher.text.name, from, to, filled(cipher.text.note, words), { key = part.key })
  if cipher.last then add_fields(to - cipher.last.size, { cipher.last }, { key = part.key, is_last = true }) end
  add_fields(to, cipher.after, { key = part.key })
  return true
end

-- Where a body part that begins at `start` ends; nil where the frame has no room for it.
local function end_of(part, frame, start, is_last)
  local stop = #frame
  if part.is == 'raw' and not is_last then stop = start + part.field.size end
  if part.is == 'prefixed' and not is_last then
    local inner = start + part.field.size
    stop = inner + number_of(frame:sub(start + 1, inner))
  end
  return stop <= #frame and stop >= start and stop or nil
end

-- How each cipher is opened; `seal` has the additional data, and the number that stands in for a nonce.
local CIPHERS = {
  ['DES-CBC'] = function(key, bytes)
    return des.open(key, bytes:sub(1, 8), bytes:sub(9))
  end,
  ['AES-256-GCM'] = function(key, bytes, seal)
    return gcm.open(key, bytes:sub(1, 12), seal.additional, bytes:sub(13))
  end,
  ['AES-256-GCM, numbered'] = function(key, bytes, seal)
    return gcm.open(key, ('\0'):rep(12 - #seal.number) .. seal.number, seal.additional, bytes)
  end,
}

-- One layer: its plaintext, or nil and in a word why not.
local function decrypt(part, bytes, context)
  local conversation = context.conversation
  if part.is == 'asym' then return nil, 'missing' end
  if #bytes > context.limit then return nil, 'long' end
  local seal
  if part.is == 'seal' then
    local transcript = conversation.before[part.transcript]
    if not transcript then return nil, 'missing' end
    seal = { additional = transcript .. context.header, number = part.nonce and context.clear[part.nonce] or '' }
  end
  local candidates = conversation:candidates(part.key, context.suite)
  for _, key in ipairs(candidates) do
    local plaintext = CIPHERS[part.cipher.opens](key, bytes, seal)
    -- Padding alone fits by chance once in 255 times.
    if plaintext and (part.body.is ~= 'object' or json.members(plaintext)) then return plaintext end
  end
  return nil, #candidates == 0 and 'missing' or 'unfit'
end

local STATES = {
  opened = 'opened',
  told = 'not opened here: the keys file says what it holds',
  missing = 'not opened: the key is not there',
  unfit = 'not opened: a key is there, and does not fit',
  long = 'not opened: longer than what is opened here, which is a preference',
  under = 'not opened: it lies under what is not',
}

local function add_layer(result, part, state)
  result.layers[#result.layers + 1] =
    { key = part.key, opens_with = part.opens_with, algorithm = part.cipher.full, state = STATES[state] }
end

-- Whether there is something under a public key in it.
local function has_block(part)
  while part.cipher do
    if part.is == 'asym' then return true end
    part = part.body
  end
  return false
end

local open_layer

local function open_part(part, bytes, start, context, result)
  if part.is == 'object' then
    local object = { bytes = bytes, start = start, members = json.members(bytes), specs = part.members }
    result.objects[#result.objects + 1] = object
    for _, member in ipairs(object.members or {}) do
      local spec = part.members[member.name]
      local key = spec and spec.carries and member.kind == 'string' and text.unbase64(member.value)
      if key and #key == spec.length then context.conversation:learn(spec.carries, key) end
    end
  elseif part.is == 'prefixed' then
    local size = part.field.size
    open_part(part.body, bytes:sub(size + 1), start and start + size, context, result)
  elseif part.cipher then
    open_layer(part, bytes, start, context, result)
  end
end

-- One layer and what is under it. What has an RSA block in it is looked up in the keys file, by its outermost bytes.
function open_layer(part, bytes, start, context, result, told)
  if has_block(part) and #bytes <= HL1.handshake_limit then
    told = told or context.conversation.file.opened[text.hex(sha256.hash(bytes))]
  end
  local plaintext, why = decrypt(part, bytes, context)
  local state = plaintext and 'opened' or told and 'told' or why
  add_layer(result, part, state)
  if plaintext and part.body.cipher then return open_layer(part.body, plaintext, nil, context, result, told) end
  local below = part.body
  while below.cipher do
    add_layer(result, below, told and 'told' or 'under')
    below = below.body
  end
  if plaintext or told then return open_part(below, plaintext or told, nil, context, result) end
  result.is_shut = true
end

-- Takes a frame apart. `ranges`: named parts of its body, offsets from the frame's start. `layers`: what protects it, and whether
-- it was opened. `objects`: what was, with members; `start` where it stands in clear in the frame. `is_bent`: it has no room for its
-- parts, and nothing was opened.
function opening.open(frame, suite, step, conversation, limit)
  local result = { ranges = {}, layers = {}, objects = {}, raw = {}, is_shut = false }
  local parts = suite.steps[step].parts
  local context = {
    conversation = conversation,
    suite = suite,
    header = frame:sub(1, HL1.header_bytes),
    clear = {},
    limit = limit,
  }
  local start, pieces = HL1.header_bytes, {}
  for index, part in ipairs(parts) do
    local stop = end_of(part, frame, start, index == #parts)
    if not stop or not place(part, frame, start, stop, result.ranges) then
      result.is_bent, result.is_shut = true, true
      result.ranges = { { name = 'body', start = HL1.header_bytes, stop = #frame, note = 'not opened' } }
      return result
    end
    pieces[index] = { part = part, start = start, bytes = frame:sub(start + 1, stop) }
    if part.is == 'raw' then
      context.clear[part.member] = pieces[index].bytes
      result.raw[#result.raw + 1] = { member = part.member, spec = part.spec, start = start, stop = stop, bytes = pieces[index].bytes }
    end
    start = stop
  end
  for _, piece in ipairs(pieces) do
    open_part(piece.part, piece.bytes, piece.start, context, result)
  end
  return result
end

opening.number_of = number_of
opening.filled = filled

return opening
