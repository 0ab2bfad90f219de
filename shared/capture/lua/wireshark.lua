-- The dissector itself: what was taken apart, put into Wireshark's tree.
local proto = Proto('hl1', 'Handshake Lab')

-- Fields. A filter names each as it is called here.
local fields = { body = {}, members = {} }
local all = {}

local function field(kind, name, title, ...)
  local made = ProtoField[kind]('hl1.' .. name, title, ...)
  all[#all + 1] = made
  return made
end

local function slug(name)
  return (name:lower():gsub('%W+', '_'))
end

local NAMES = { type = {}, suite = {} }
for step, info in pairs(HL1.steps) do
  NAMES.type[step] = info.title
end
NAMES.type[HL1.alert] = 'Alert'
for byte, suite in pairs(HL1.suites) do
  NAMES.suite[byte] = suite.name
end

fields.header = {}
for index, info in ipairs(HL1.header) do
  fields.header[index] = field('uint' .. 8 * info.size, info.name, info.title, base.DEC, NAMES[info.name])
end
fields.sender = field('string', 'sender', 'Sender')
fields.receiver = field('string', 'receiver', 'Receiver')
fields.title = field('string', 'title', 'Step')
fields.formula = field('string', 'formula', 'Message')
fields.story = field('string', 'story', 'What happens')
for _, name in ipairs(HL1.parts) do
  fields.body[name] = field('bytes', 'body.' .. slug(name), name)
end
fields.layer = field('string', 'layer', 'Layer')
fields.layer_key = field('string', 'layer.key', 'Closed with')
fields.layer_opens_with = field('string', 'layer.opens_with', 'Opens with')
fields.layer_algorithm = field('string', 'layer.algorithm', 'Algorithm')
fields.layer_state = field('string', 'layer.state', 'State')
fields.meaning = field('string', 'meaning', 'Meaning')
fields.symbol = field('string', 'symbol', 'Symbol')
fields.unknown = field('string', 'unknown_member', 'Unknown member')
fields.bent = field('string', 'bent_member', 'Member that is not of its form')
fields.foreign = field('bytes', 'foreign', 'No frame of HL/1')
fields.keys_file = field('string', 'keys_file', 'Keys file')
fields.alert = {
  code = field('string', 'alert.code', 'code'),
  step = field('int64', 'alert.step', 'step', base.DEC),
  message = field('string', 'alert.message', 'message'),
  meaning = field('string', 'alert.meaning', 'Meaning'),
}
local NUMBERS = { timestamp = true, integer = true }
for _, info in ipairs(HL1.members) do
  local kind = NUMBERS[info.kind] and 'int64' or 'string'
  fields.members[info.name] = field(kind, info.name, info.name, NUMBERS[info.kind] and base.DEC or nil)
end
proto.fields = all

local experts = {
  alert = ProtoExpert.new('hl1.alert.expert', 'A message was refused', expert.group.RESPONSE_CODE, expert.severity.WARN),
  bent = ProtoExpert.new('hl1.bent', 'The message has another form than its step', expert.group.MALFORMED, expert.severity.WARN),
  foreign = ProtoExpert.new('hl1.foreign.expert', 'No frame of HL/1', expert.group.PROTOCOL, expert.severity.NOTE),
}
proto.experts = { experts.alert, experts.bent, experts.foreign }

proto.prefs.keys_file =
  Pref.string('Keys file', '', 'A file that Handshake Lab has written with “Save keys for Wireshark…”')
proto.prefs.limit = Pref.uint(
  'Longest ciphertext that is opened',
  131072,
  'In bytes. Opening is done in Lua: 131,072 bytes take about a third of a second'
)

-- What is kept of the capture that is open.
local heard, opened = {}, {}
local key_file, key_problem = keys.none(), nil

local function begin()
  heard, opened = {}, {}
  key_file, key_problem = keys.load(proto.prefs.keys_file)
end

function proto.init()
  begin()
end

function proto.prefs_changed()
  begin()
end

local stream_of = Field.new('tcp.stream')

local function conversation_of()
  local stream = stream_of()
  local number = stream and stream.value or -1
  heard[number] = heard[number] or conversations.new(key_file)
  return heard[number]
end

local function header_of(tvb)
  local header = {}
  for _, info in ipairs(HL1.header) do
    header[info.name] = tvb(info.offset, info.size):uint()
  end
  return header
end

local function limit_of(kind)
  return HL1.limits[kind] or HL1.handshake_limit
end

-- Whether a header may begin a frame, by its length alone.
local function has_length(header)
  return header.length >= HL1.header_bytes - HL1.length_bytes and header.length <= limit_of(header.type)
end

local function is_likely(header)
  return has_length(header)
    and header.version == HL1.version
    and NAMES.type[header.type] ~= nil
    and NAMES.suite[header.suite] ~= nil
    and header.flags == 0
end

local function add_generated(tree, which, value)
  tree:add(which, value):set_generated()
end

-- The value of a member as its kind has it; nil for another form.
local function value_of(spec, member)
  if NUMBERS[spec.kind] then
    local value = member.kind == 'number' and tonumber(member.value)
    if not value or value ~= math.floor(value) or math.abs(value) > 9007199254740991 then return nil end
    return value
  end
  if member.kind ~= 'string' then return nil end
  if spec.kind ~= 'bytes' then return member.value end
  local bytes = text.unbase64(member.value)
  if not bytes or (spec.length and #bytes ~= spec.length) then return nil end
  return text.hex(bytes)
end

-- A time in words; nil for one that no calendar has.
local function time_words(milliseconds)
  local seconds = math.floor(milliseconds / 1000)
  if seconds < 0 or seconds > 253402300799 then return nil end
  return os.date('!%Y-%m-%d %H:%M:%S', seconds) .. ('.%03d UTC'):format(milliseconds % 1000)
end

local function add_value(tree, which, range, spec, value)
  local item
  if NUMBERS[spec.kind] then
    item = tree:add(which, range, Int64.new(value))
    local words = spec.kind == 'timestamp' and time_words(value)
    if words then item:append_text(' (' .. words .. ')') end
  else
    item = tree:add(which, range, value)
  end
  add_generated(item, fields.symbol, spec.symbol)
  add_generated(item, fields.meaning, spec.meaning)
end

-- The members of an object; `range_of` gives the bytes of a place in it.
local function add_members(tree, object, range_of)
  for index, member in ipairs(object.members) do
    -- As many as get a place of their own in a record of the app.
    if index > HL1.most_members then break end
    local range = range_of(member.start, member.stop)
    local spec = object.specs[member.name]
    local value = spec and value_of(spec, member)
    if value then
      add_value(tree, fields.members[member.name], range, spec, value)
    else
      tree:add(spec and fields.bent or fields.unknown, range, member.name .. ': ' .. member.value)
    end
  end
end

local function add_alert(tree, tvb, pinfo)
  local start = HL1.header_bytes
  if tvb:len() == start then return end
  local members = json.members(tvb:raw(start, tvb:len() - start))
  if not members then
    tree:add(fields.body.JSON, tvb(start)):append_text(' (no JSON)')
    return
  end
  for _, member in ipairs(members) do
    local range = tvb(start + member.start, member.stop - member.start)
    local which = fields.alert[member.name]
    if which and member.name == 'step' then
      local value = value_of({ kind = 'integer' }, member)
      if value then tree:add(which, range, Int64.new(value)) end
    elseif which and member.name ~= 'meaning' and member.kind == 'string' then
      local item = tree:add(which, range, member.value)
      if member.name == 'code' then
        local meaning = HL1.alerts[member.value]
        if meaning then add_generated(item, fields.alert.meaning, meaning) end
        item:add_proto_expert_info(experts.alert, 'Refused: ' .. member.value)
        pinfo.cols.info:append(': ' .. member.value)
      end
    end
  end
end

local function add_layers(tree, layers)
  for _, layer in ipairs(layers) do
    local item = tree:add(fields.layer, layer.key .. ', ' .. layer.algorithm .. ': ' .. layer.state)
    item:set_generated()
    add_generated(item, fields.layer_key, layer.key)
    add_generated(item, fields.layer_opens_with, layer.opens_with)
    add_generated(item, fields.layer_algorithm, layer.algorithm)
    add_generated(item, fields.layer_state, layer.state)
  end
end

local function add_body(tree, tvb, result)
  local body = tree:add(tvb(HL1.header_bytes), 'Body')
  local outer = body
  for _, range in ipairs(result.ranges) do
    if range.stop > range.start then
      local parent = range.is_last and outer or body
      local item = parent:add(fields.body[range.name], tvb(range.start, range.stop - range.start))
      item:append_text(' (' .. range.note .. ')')
      if not range.is_last then outer = item end
    end
  end
end

local function add_opened(tree, tvb, result)
  for _, raw in ipairs(result.raw) do
    local is_number = NUMBERS[raw.spec.kind]
    local value = is_number and opening.number_of(raw.bytes) or text.hex(raw.bytes)
    add_value(tree, fields.members[raw.member], tvb(raw.start, raw.stop - raw.start), raw.spec, value)
  end
  local parts = {}
  for _, object in ipairs(result.objects) do
    if not object.start then parts[#parts + 1] = object.bytes end
  end
  local bytes = table.concat(parts)
  local plain = #bytes > 0 and ByteArray.new(bytes, true):tvb('Opened')
  local before = 0
  for _, object in ipairs(result.objects) do
    local base_tvb, from = tvb, object.start
    if not from then
      base_tvb, from = plain, before
      before = before + #object.bytes
    end
    if object.members then
      add_members(tree, object, function(start, stop)
        return base_tvb(from + start, stop - start)
      end)
    else
      tree:add(fields.bent, 'The plaintext is no JSON object'):set_generated()
    end
  end
end

-- A frame of a step: opened when it is first seen, and as it was found then whenever it is shown again.
local function add_step(tree, tvb, pinfo, header, conversation)
  local suite = HL1.suites[header.suite]
  local info = HL1.steps[header.type]
  add_generated(tree, fields.title, info.title)
  add_generated(tree, fields.sender, info.from)
  add_generated(tree, fields.receiver, info.to)
  if not suite then return end
  local sheet = suite.steps[header.type]
  add_generated(tree, fields.formula, sheet.formula)
  add_generated(tree, fields.story, sheet.story)
  if tvb:len() == HL1.header_bytes then return end
  local frame = tvb:raw()
  local name = pinfo.number .. ':' .. tvb:offset()
  local known = opened[name]
  if not known or known.frame ~= frame then
    known = { frame = frame, result = opening.open(frame, suite, header.type, conversation, proto.prefs.limit) }
    opened[name] = known
  end
  local result = known.result
  add_body(tree, tvb, result)
  add_layers(tree, result.layers)
  if result.is_bent then tree:add_proto_expert_info(experts.bent) end
  add_opened(tree, tvb, result)
end

local function add_foreign(tvb, pinfo, tree)
  local item = tree:add(proto, tvb(), 'Handshake Lab: no frame')
  item:add(fields.foreign, tvb())
  item:add_proto_expert_info(experts.foreign)
  if tostring(pinfo.cols.info) == '' then pinfo.cols.info:set('No frame of HL/1') end
  return tvb:len()
end

local function dissect_frame(tvb, pinfo, tree)
  if tvb:len() < HL1.header_bytes then return tvb:len() end
  local header = header_of(tvb)
  if not has_length(header) then return add_foreign(tvb, pinfo, tree) end
  local conversation = conversation_of()
  local suite = HL1.suites[header.suite]
  local is_whole = tvb:len() == header.length + HL1.length_bytes
  if not pinfo.visited then
    local is_short = is_whole and header.length <= HL1.handshake_limit
    conversation:hear(header.type, suite, is_short and tvb:raw() or nil)
  end
  local info = HL1.steps[header.type]
  local title = header.type == HL1.alert and 'Alert' or info and info.title or 'Frame of no step'
  local numbered = info and ('Step %d: %s'):format(header.type, title) or title
  local item = tree:add(proto, tvb(), 'Handshake Lab, ' .. numbered)
  if tostring(pinfo.cols.info) ~= '' then pinfo.cols.info:append('; ') end
  pinfo.cols.info:append(numbered .. (suite and ' (' .. suite.name .. ')' or ''))
  for index, each in ipairs(HL1.header) do
    local shown = item:add(fields.header[index], tvb(each.offset, each.size))
    local values = { value = header[each.name], title = title, suite = suite and suite.name or 'unknown suite' }
    -- What type and suite are called stands there already.
    if not NAMES[each.name] then shown:append_text(' (' .. opening.filled(each.note, values) .. ')') end
  end
  if key_problem then add_generated(item, fields.keys_file, key_problem) end
  if header.type == HL1.alert then
    add_alert(item, tvb, pinfo)
  elseif info and is_whole then
    add_step(item, tvb, pinfo, header, conversation)
  end
  return tvb:len()
end

-- How long the frame is that begins here. From what can be none on, all that there is is taken as something else.
local function frame_length(tvb, _, offset)
  local rest = tvb(offset)
  local header = header_of(rest:tvb())
  return has_length(header) and header.length + HL1.length_bytes or rest:len()
end

-- What there is of a packet of which not all was kept: nothing can be put together with it.
local function dissect_cut(tvb, pinfo, tree)
  local at = 0
  while tvb:len() - at >= HL1.header_bytes do
    local rest = tvb(at):tvb()
    local length = math.min(frame_length(tvb, pinfo, at), rest:len())
    dissect_frame(rest(0, length):tvb(), pinfo, tree)
    at = at + length
  end
end

local function dissect(tvb, pinfo, tree)
  pinfo.cols.protocol = HL1.empty
  pinfo.cols.info:clear()
  if tvb:len() < tvb:reported_len() then
    dissect_cut(tvb, pinfo, tree)
  else
    dissect_tcp_pdus(tvb, tree, HL1.header_bytes, frame_length, dissect_frame)
  end
  return tvb:len()
end

proto.dissector = dissect

-- On the ports of the protocol, and on any other where a frame begins.
local tcp_ports = DissectorTable.get('tcp.port')
for _, port in ipairs(HL1.ports) do
  tcp_ports:add(port, proto)
end
proto:register_heuristic('tcp', function(tvb, pinfo, tree)
  if tvb:len() < HL1.header_bytes or not is_likely(header_of(tvb)) then return false end
  pinfo.conversation = proto
  -- Not by way of `proto`, which would count as one more dissector between TCP and this one: those can't ask for more bytes.
  dissect(tvb, pinfo, tree)
  return true
end)
