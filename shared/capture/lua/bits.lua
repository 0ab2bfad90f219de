-- Operations on numbers of 32 bits. Lua 5.2 has a library for them; later ones have operators instead, which 5.2 could not even
-- read: so they stand in a text, and are loaded where they are known.
if bit32 then
  return {
    band = bit32.band,
    bor = bit32.bor,
    bxor = bit32.bxor,
    bxor5 = bit32.bxor,
    bnot = bit32.bnot,
    lshift = bit32.lshift,
    rshift = bit32.rshift,
    rrotate = bit32.rrotate,
  }
end

local operators = [[
  local ones = 0xffffffff
  return {
    band = function(a, b) return a & b end,
    bor = function(a, b) return a | b end,
    bxor = function(a, b) return a ~ b end,
    bxor5 = function(a, b, c, d, e) return a ~ b ~ c ~ d ~ e end,
    bnot = function(a) return ~a & ones end,
    lshift = function(a, n) return (a << n) & ones end,
    rshift = function(a, n) return a >> n end,
    rrotate = function(a, n) return ((a >> n) | (a << (32 - n))) & ones end,
  }
]]
return load(operators)()
