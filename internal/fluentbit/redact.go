package fluentbit

import (
	"fmt"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// redactScript gives the code of a lua filter that replaces in the field log what one
// of the expressions matches by ***.
//
// fluent-bit has no filter or processor that replaces by a regular expression, and
// the patterns of Lua have neither alternatives nor repeated groups. A redaction that
// is almost what was asked for is worse than none, so each expression is compiled
// here, by Go's own package, and the script has its program as a table and a machine
// that runs it as Go does: the leftmost match, of those the one that the expression
// prefers, in a time that is linear in the line. On a line that has none of the bytes
// that a match can start with, that is one string.find.
//
// If the machine fails, as when memory is short, the line is replaced as a whole:
// fluent-bit itself ships the record of a filter that fails as it stands.
//
// The code has no ${, which fluent-bit would expand.
func redactScript(exprs []string) string {
	var b strings.Builder
	b.WriteString("local programs = {\n")
	for _, expr := range exprs {
		writeProgram(&b, expr)
	}
	b.WriteString("}\n" + machine)
	return b.String()
}

// writeProgram gives an expression as a table: of instruction i, op[i], where it goes
// on, out[i], and arg[i], which is the other way of an alternative, the conditions of
// an empty match, or the index of a set of characters.
func writeProgram(b *strings.Builder, expr string) {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil { // the caller compiled it before
		return
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return
	}
	op, out, arg := []int{}, []int{}, []int{}
	sets := [][]rune{}
	for _, inst := range prog.Inst {
		x, y := int(inst.Out)+1, 0
		switch inst.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			op, y = append(op, opAlt), int(inst.Arg)+1
		case syntax.InstCapture, syntax.InstNop:
			op = append(op, opNop)
		case syntax.InstEmptyWidth:
			op, y = append(op, opEmpty), int(inst.Arg)
		case syntax.InstMatch:
			op, x = append(op, opMatch), 0
		case syntax.InstFail:
			op, x = append(op, opFail), 0
		default:
			set := ranges(inst)
			y = slices.IndexFunc(sets, func(s []rune) bool { return slices.Equal(s, set) }) + 1
			if y == 0 {
				sets = append(sets, set)
				y = len(sets)
			}
			op = append(op, opSet)
		}
		out, arg = append(out, x), append(arg, y)
	}
	comment := strings.ReplaceAll(strconv.QuoteToASCII(expr), "${", `$\{`)
	fmt.Fprintf(b, "  -- %s\n  { start = %d,%s\n    op = {%s},\n    out = {%s},\n    arg = {%s},\n    sets = {",
		comment, prog.Start+1, begin(prog), list(op), list(out), list(arg))
	for _, set := range sets {
		fmt.Fprintf(b, "{%s}, ", list(set))
	}
	b.WriteString("} },\n")
}

const (
	opSet = iota + 1
	opAlt
	opNop
	opEmpty
	opMatch
	opFail
)

// ranges gives the characters that an instruction takes, as pairs of first and last.
func ranges(inst syntax.Inst) []rune {
	switch inst.Op {
	case syntax.InstRuneAny:
		return []rune{0, unicode.MaxRune}
	case syntax.InstRuneAnyNotNL:
		return []rune{0, '\n' - 1, '\n' + 1, unicode.MaxRune}
	}
	if len(inst.Rune) > 1 {
		return slices.Clone(inst.Rune)
	}
	set := []rune{inst.Rune[0], inst.Rune[0]}
	if syntax.Flags(inst.Arg)&syntax.FoldCase != 0 {
		for r := unicode.SimpleFold(inst.Rune[0]); r != inst.Rune[0]; r = unicode.SimpleFold(r) {
			set = append(set, r, r)
		}
	}
	return set
}

// begin says what each match starts with, which is quick to look for: a text, or a
// set of bytes, as a pattern of Lua. A match that may be empty can start anywhere.
func begin(prog *syntax.Prog) string {
	if text, _ := prog.Prefix(); text != "" {
		return " text = " + quote(text) + ","
	}
	bytes, seen := [256]bool{}, map[uint32]bool{}
	queue := []uint32{uint32(prog.Start)}
	for len(queue) > 0 {
		pc := queue[0]
		queue = queue[1:]
		if seen[pc] {
			continue
		}
		seen[pc] = true
		inst := prog.Inst[pc]
		switch inst.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			queue = append(queue, inst.Out, inst.Arg)
		case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
			queue = append(queue, inst.Out)
		case syntax.InstMatch:
			return ""
		case syntax.InstFail:
		default:
			set := ranges(inst)
			for i := 0; i < len(set); i += 2 {
				for r := set[i]; r <= min(set[i+1], utf8.RuneSelf-1); r++ {
					bytes[r] = true
				}
				for b := utf8.RuneSelf; set[i+1] >= utf8.RuneSelf && b < 256; b++ {
					bytes[b] = true
				}
			}
		}
	}
	pattern := ""
	for first := 0; first < len(bytes); first++ {
		if !bytes[first] {
			continue
		}
		last := first
		for last+1 < len(bytes) && bytes[last+1] && kind(last+1) == kind(first) && kind(first) != alone {
			last++
		}
		pattern += setByte(byte(first))
		if last > first {
			pattern += "-" + setByte(byte(last))
		}
		first = last
	}
	if pattern == "" {
		return ""
	}
	return ` bytes = "[` + pattern + `]",`
}

const alone = 0

// kind groups the bytes that can be the ends of a range in a pattern of Lua.
func kind(b int) int {
	switch {
	case b == 0:
		return alone // %z
	case b <= ' ':
		return 1
	case b >= '0' && b <= '9':
		return 2
	case b >= 'A' && b <= 'Z':
		return 3
	case b >= 'a' && b <= 'z':
		return 4
	case b >= utf8.RuneSelf:
		return 5
	}
	return alone
}

// setByte gives a byte for a set in a pattern of Lua.
func setByte(b byte) string {
	switch {
	case b == 0: // in Lua 5.1 a pattern ends with the byte 0
		return "%z"
	case kind(int(b)) == alone && b < 0x7f:
		return "%" + escape(b)
	}
	return escape(b)
}

// quote gives a string of Lua.
func quote(text string) string {
	out := `"`
	for i := range len(text) {
		out += escape(text[i])
	}
	return out + `"`
}

func escape(b byte) string {
	if k := kind(int(b)); k > 1 && k < 5 || strings.IndexByte(" =:_-/.,;@<>()", b) >= 0 {
		return string([]byte{b})
	}
	return fmt.Sprintf(`\%03d`, b)
}

func list[T ~int | ~int32](values []T) string {
	all := []string{}
	for _, v := range values {
		all = append(all, strconv.Itoa(int(v)))
	}
	return strings.Join(all, ",")
}

// machine is the rest of the script: LuaJIT in fluent-bit, which knows Lua 5.1.
const machine = `
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
`
