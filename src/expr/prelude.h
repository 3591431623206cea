// What every program defines before its expressions: functions of jq 1.6 that would crash, hang or
// write, made harmless. In an expression they cannot be told from the originals but by that.
#pragma once

#include <string_view>

namespace relay {

inline constexpr std::string_view kPrelude = R"jq(
# The originals write to descriptor 2, read the environment or look for files.
def stderr: .;
def env: {};
def modulemeta: error("break");

# What a halt leaves behind is freed at the next start, and again at the one after it.
def halt: error("halted");
def halt_error: error("halted");
def halt_error($status): error("halted");

# A text searched for "" never ends in jq 1.6.
def _indices($i): indices($i);
def indices($i): if type == "string" and $i == "" then [] else _indices($i) end;
def index($i): indices($i) | .[0];
def rindex($i): indices($i) | .[-1:][0];

# A number that is no date, or has a format that is no string, ends the process in jq 1.6.
def _strftime($f): strftime($f);
def _strflocaltime($f): strflocaltime($f);
def strftime($f): (if type == "number" then gmtime else . end) | _strftime($f);
def strflocaltime($f): (if type == "number" then localtime else . end) | _strflocaltime($f);
def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ");
def todate: todateiso8601;
def date: todate;

# "nan" passes as a number in jq 1.6, and a slice that starts there ends the process.
def _tonumber: tonumber;
def tonumber:
  . as $text | _tonumber | if isnan then error("\($text | type) (.) cannot be parsed as a number")
  else . end;

# Matches of nothing make global searches hang, or crash after a character of several bytes. The
# flag n leaves such matches out.
def _global(mode): mode | if type == "string" and contains("g") then . + "n" else . end;
def match(re; mode): _match_impl(re; _global(mode); false) | .[];
def match($val):
  if ($val | type) == "string" then match($val; null)
  elif ($val | type) == "array" and ($val | length) > 0 then match($val[0]; $val[1])
  else error(($val | type) + " not a string or array") end;
def _named: reduce (.captures[] | select(.name != null)) as $c ({}; . + {($c.name): $c.string});
def capture(re; mode): match(re; mode) | _named;
def capture($val): match($val) | _named;
def scan(re): match(re; "g") | if .captures == [] then .string else [.captures[].string] end;
def splits($re; mode):
  . as $text
  | [0, (match($re; "g" + mode) | .offset, .offset + .length), ($text | length)]
  | range(0; length; 2) as $i | $text[.[$i]:.[$i + 1]];
def splits($re): splits($re; null);
def split($re; mode): [splits($re; mode)];

# The original takes time that grows with the square of the text.
def join($between):
  if length == 0 then ""
  else
    [.[] | (if . == null then "" elif type == "string" then .
            elif type == "number" or type == "boolean" then tojson
            else error("\(type) (.) cannot be added to a string") end), $between]
    | .[:-1] | add
  end;

# The original searches what is left of the text anew, where ^ matches again.
def _replace($edits; $i; $from; s):
  if $i == ($edits | length) then .[$from:]
  else
    $edits[$i] as $edit
    | .[$from:$edit.offset] + ($edit | _named | s)
      + _replace($edits; $i + 1; $edit.offset + $edit.length; s)
  end;
def sub($re; s; mode): [match($re; mode)] as $edits | _replace($edits; 0; 0; s);
def sub($re; s): sub($re; s; null);
def gsub($re; s; mode): sub($re; s; "g" + mode);
# What stands for itself is replaced in linear time; searching takes that of the square.
def _is_plain: type == "string" and . != "" and (test("[\\\\^$.|?*+()\\[\\]{}]") | not);
def gsub($re; s):
  [{} | s] as $new
  | if type == "string" and ($re | _is_plain) and ($new | length == 1 and (.[0] | type) == "string")
    then split($re) | join($new[0])
    else sub($re; s; "g") end;

# What CRMs need beyond jq. Null is an empty text. Splitting takes linear time, which gsub does not.
def _text: if . == null then "" else tostring end;
def _swap($old; $new): split($old) | join($new);
def _lines: _text | _swap("\r\n"; "\n") | split("\r") | join("\n") | split("\n");
def _mark: "[cut]";

def truncate_chars($n):
  _text | if length <= $n then . elif $n < (_mark | length) then .[:$n]
  else .[:$n - (_mark | length)] + _mark end;
def _head_of_bytes($n):
  . as $text
  | {low: 0, high: ([length, $n] | min)}
  | until(.low >= .high;
      ((.low + .high + 1) / 2 | floor) as $middle
      | if ($text[:$middle] | utf8bytelength) <= $n then .low = $middle
        else .high = $middle - 1 end)
  | $text[:.low];
def truncate_bytes($n):
  _text | if utf8bytelength <= $n then . elif $n < (_mark | length) then _head_of_bytes($n)
  else _head_of_bytes($n - (_mark | length)) + _mark end;

def html: _lines | map(@html | _swap("&apos;"; "&#39;")) | join("<br>\n");
def _paragraph: {type: "paragraph", content: (if . == "" then [] else [{type: "text", text: .}] end)};
def adf: {type: "doc", version: 1, content: (_lines | map(_paragraph))};
def soql:
  _text | _swap("\\"; "\\\\") | _swap("'"; "\\'") | _swap("\""; "\\\"") | _swap("\n"; "\\n")
  | _swap("\r"; "\\r");
def odata: _text | _swap("'"; "''");
)jq";

}  // namespace relay
