-- Conversations: the frames of one connection so far, their transcript (protocol.md section 4), and the keys that are there for it.
local conversations = {}

-- Values that are tried for one symbol at most: more than one is there only where a first frame was sent twice.
local MOST_CANDIDATES = 16
-- A first frame that is longer is none: the limit of steps 1 to 6, with the length field.
local LONGEST_FIRST = HL1.handshake_limit + HL1.length_bytes

-- Keys that every copy of the program has.
local OPEN = {}
for symbol, key in pairs(HL1.open) do
  OPEN[symbol] = text.unhex(key)
end

local Conversation = {}
Conversation.__index = Conversation

-- A conversation of which nothing was seen yet; `file` as keys.read gives it.
function conversations.new(file)
  return setmetatable({ file = file, hash = sha256.hash(HL1.empty), before = {}, learnt = {}, derived = {} }, Conversation)
end

-- Hears one more frame: `frame` is the whole of it, or nil for one that is too long to matter.
function Conversation:hear(step, suite, frame)
  if not self.id then self.id = frame and #frame <= LONGEST_FIRST and text.hex(sha256.hash(frame)) or '' end
  if not HL1.steps[step] then return end
  self.before[step] = self.before[step] or self.hash
  if suite and suite.transcript[step] and frame then self.hash = sha256.hash(self.hash .. frame) end
  -- What comes next is bound to this one, whether it has come or not.
  self.before[step + 1] = self.before[step + 1] or self.hash
end

-- Keeps a key that a message has brought.
function Conversation:learn(symbol, key)
  local known = self.learnt[symbol] or {}
  self.learnt[symbol] = known
  for _, each in ipairs(known) do
    if each == key then return end
  end
  if #known < MOST_CANDIDATES then known[#known + 1] = key end
end

local function add_all(list, more)
  for _, value in ipairs(more or {}) do
    if #list >= MOST_CANDIDATES then return end
    list[#list + 1] = value
  end
end

-- The values that a symbol may have here, as the suite's sheets go on from those that are there.
function Conversation:candidates(symbol, suite)
  local found = {}
  add_all(found, self.learnt[symbol])
  add_all(found, (self.file.by_connection[self.id] or {})[symbol])
  add_all(found, (self.file.by_connection['*'] or {})[symbol])
  add_all(found, { OPEN[symbol] })
  local by = suite.derived[symbol]
  local salt = by and self.before[by.salt]
  if not salt then return found end
  local inputs = { '' }
  for _, part in ipairs(by.input) do
    local longer = {}
    for _, before in ipairs(inputs) do
      for _, value in ipairs(self:candidates(part, suite)) do
        if #longer < MOST_CANDIDATES then longer[#longer + 1] = before .. value end
      end
    end
    inputs = longer
  end
  for _, input in ipairs(inputs) do
    local known = salt .. by.label .. input
    self.derived[known] = self.derived[known] or sha256.hkdf(input, salt, by.label)
    add_all(found, { self.derived[known] })
  end
  return found
end

return conversations
