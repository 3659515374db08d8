local byte, find, sub = string.byte, string.find, string.sub

-- decode gives the character at i and its length; a byte that is no UTF-8 is one of
-- its own, as in Go.
local function decode(s, i)
  local a, b, c, d = byte(s, i, i + 3)
  if a < 0x80 then return a, 1 end
  local function more(x, low, high) return x and x >= (low or 0x80) and x <= (high or 0xbf) end
  if a >= 0xc2 and a <= 0xdf and more(b) then
    return (a - 0xc0) * 0x40 + b - 0x80, 2
  elseif a >= 0xe0 and a <= 0xef and more(b, a == 0xe0 and 0xa0, a == 0xed and 0x9f) and more(c) then
    return (a - 0xe0) * 0x1000 + (b - 0x80) * 0x40 + c - 0x80, 3
  elseif a >= 0xf0 and a <= 0xf4 and more(b, a == 0xf0 and 0x90, a == 0xf4 and 0x8f) and more(c) and more(d) then
    return (a - 0xf0) * 0x40000 + (b - 0x80) * 0x1000 + (c - 0x80) * 0x40 + d - 0x80, 4
  end
  return 0xfffd, 1
end

local function has(set, c)
  for i = 1, #set, 2 do
    if c >= set[i] and c <= set[i + 1] then return true end
  end
  return false
end

for _, p in ipairs(programs) do
  p.ascii = {}
  for i, set in ipairs(p.sets) do
    p.ascii[i] = {}
    for c = 0, 127 do p.ascii[i][c] = has(set, c) end
  end
end

local function word(c)
  return c and (c == 95 or c >= 48 and c <= 57 or c >= 65 and c <= 90 or c >= 97 and c <= 122) or false
end

-- holds says whether the conditions of an empty match are true at i: the bits of
-- regexp/syntax.EmptyOp.
local function holds(bits, s, i)
  local before, after = i > 1 and byte(s, i - 1), i <= #s and byte(s, i)
  local edge = word(before) ~= word(after)
  return not (bits % 2 >= 1 and before and before ~= 10
    or bits % 4 >= 2 and after and after ~= 10
    or bits % 8 >= 4 and before
    or bits % 16 >= 8 and after
    or bits % 32 >= 16 and not edge
    or bits % 64 >= 32 and edge)
end

-- search gives the first byte of the leftmost match from i on, and the byte after it.
-- A thread is an instruction and where its match started; earlier threads are
-- preferred.
local function search(p, s, i)
  local op, out, arg, sets, ascii = p.op, p.out, p.arg, p.sets, p.ascii
  local now, nowfirst, count = {}, {}, 0
  local later, laterfirst = {}, {}
  local mark, step, stack = {}, 0, {}
  local first, last
  local function add(list, firsts, n, pc, from, at)
    local top = 1
    stack[1] = pc
    while top > 0 do
      pc = stack[top]
      top = top - 1
      if mark[pc] ~= step then
        mark[pc] = step
        local o = op[pc]
        if o == 1 or o == 5 then
          n = n + 1
          list[n], firsts[n] = pc, from
        elseif o == 2 then
          stack[top + 1], stack[top + 2] = arg[pc], out[pc]
          top = top + 2
        elseif o == 3 or o == 4 and holds(arg[pc], s, at) then
          top = top + 1
          stack[top] = out[pc]
        end
      end
    end
    return n
  end
  while true do
    if count == 0 then
      if first then return first, last end
      if p.text then i = find(s, p.text, i, true) elseif p.bytes then i = find(s, p.bytes, i) end
      if not i or i > #s + 1 then return nil end
      step = step + 1
    end
    if not first then count = add(now, nowfirst, count, p.start, i, i) end
    local c, width = -1, 1
    if i <= #s then c, width = decode(s, i) end
    step = step + 1
    local n = 0
    for t = 1, count do
      local pc = now[t]
      if op[pc] == 5 then
        first, last = nowfirst[t], i
        break
      end
      local set = arg[pc]
      local is
      if c >= 128 then is = has(sets[set], c) else is = ascii[set][c] end
      if is then n = add(later, laterfirst, n, out[pc], nowfirst[t], i + width) end
    end
    now, nowfirst, later, laterfirst = later, laterfirst, now, nowfirst
    count, i = n, i + width
  end
end

-- replace is ReplaceAll of Go's regexp.
local function replace(p, s)
  local parts, kept, i = {}, 1, 1
  while i <= #s + 1 do
    local first, last = search(p, s, i)
    if not first then break end
    parts[#parts + 1] = sub(s, kept, first - 1)
    if last > kept or first == 1 then parts[#parts + 1] = "***" end
    kept = last
    local width = 1
    if i <= #s then local _, w = decode(s, i); width = w end
    if i + width > last then i = i + width else i = last end
  end
  if kept == 1 and #parts == 0 then return s end
  parts[#parts + 1] = sub(s, kept)
  return table.concat(parts)
end

local function redacted(line)
  for _, p in ipairs(programs) do line = replace(p, line) end
  return line
end

function redact(tag, timestamp, record)
  local line = record["log"]
  if type(line) ~= "string" then return 0, timestamp, record end
  local ok, text = pcall(redacted, line)
  if not ok then text = "*** (this line could not be redacted)" end
  if text == line then return 0, timestamp, record end
  record["log"] = text
  return 2, timestamp, record
end
