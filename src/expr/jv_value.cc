#include "expr/jv_value.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

namespace relay {
namespace {

Error TooDeep() {
  return {ErrorKind::Permanent, "a value is nested too deeply"};
}
Error TooLarge() {
  return {ErrorKind::Permanent, "a text is too large"};
}

bool FitsJv(const std::string& text) {
  // libjq counts bytes in an int, and doubles it when it makes a string grow.
  return text.size() < static_cast<std::size_t>(std::numeric_limits<int>::max() / 4);
}

Result<JvValue> TextToJv(const std::string& text) {
  if (!FitsJv(text)) return TooLarge();
  return JvValue(jv_string_sized(text.data(), static_cast<int>(text.size())));
}

Result<JvValue> ToJvWithin(const Json& json, int room);

Result<JvValue> ArrayToJv(const Json& json, int room) {
  JvValue array(jv_array());
  for (const Json& item : json) {
    Result<JvValue> value = ToJvWithin(item, room);
    if (!value) return value.error();
    array = JvValue(jv_array_append(array.Release(), value->Release()));
  }
  return array;
}

Result<JvValue> ObjectToJv(const Json& json, int room) {
  JvValue object(jv_object());
  for (const auto& [name, member] : json.items()) {
    Result<JvValue> key = TextToJv(name);
    if (!key) return key.error();
    Result<JvValue> value = ToJvWithin(member, room);
    if (!value) return value.error();
    object = JvValue(jv_object_set(object.Release(), key->Release(), value->Release()));
  }
  return object;
}

Result<JvValue> ToJvWithin(const Json& json, int room) {
  if (room == 0) return TooDeep();
  switch (json.type()) {
    case Json::value_t::null:
    case Json::value_t::binary:
    case Json::value_t::discarded:
      return JvValue(jv_null());
    case Json::value_t::boolean:
      return JvValue(jv_bool(json.get<bool>() ? 1 : 0));
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float: {
      const double number = json.get<double>();
      return JvValue(std::isfinite(number) ? jv_number(number) : jv_null());
    }
    case Json::value_t::string:
      return TextToJv(json.get_ref<const std::string&>());
    case Json::value_t::array:
      return ArrayToJv(json, room - 1);
    case Json::value_t::object:
      return ObjectToJv(json, room - 1);
  }
  return JvValue(jv_null());
}

Json NumberToJson(double number) {
  constexpr double kBeyondInt64 = 9223372036854775808.0;  // 2^63
  if (!std::isfinite(number)) return nullptr;
  if (std::trunc(number) == number && std::abs(number) < kBeyondInt64) {
    return static_cast<std::int64_t>(number);
  }
  return number;
}

std::string ToText(const JvValue& text) {
  const int length = jv_string_length_bytes(text.Copy());
  return {jv_string_value(text.get()), static_cast<std::size_t>(length)};
}

Result<Json> ToJsonWithin(const JvValue& value, int room);

Result<Json> ArrayToJson(const JvValue& array, int room) {
  Json json = Json::array();
  const int length = jv_array_length(array.Copy());
  for (int i = 0; i < length; ++i) {
    Result<Json> item = ToJsonWithin(JvValue(jv_array_get(array.Copy(), i)), room);
    if (!item) return item;
    json.push_back(*std::move(item));
  }
  return json;
}

Result<Json> ObjectToJson(const JvValue& object, int room) {
  Json json = Json::object();
  // jq's keys are unique already: adding them by name would search all earlier ones each time.
  auto& members = json.get_ref<Json::object_t&>();
  const jv view = object.get();
  for (int i = jv_object_iter(view); jv_object_iter_valid(view, i) != 0;
       i = jv_object_iter_next(view, i)) {
    Result<Json> member = ToJsonWithin(JvValue(jv_object_iter_value(view, i)), room);
    if (!member) return member;
    const JvValue key(jv_object_iter_key(view, i));
    members.emplace_back(ToText(key), *std::move(member));
  }
  return json;
}

Result<Json> ToJsonWithin(const JvValue& value, int room) {
  if (room == 0) return TooDeep();
  switch (value.kind()) {
    case JV_KIND_INVALID:
    case JV_KIND_NULL:
      return Json(nullptr);
    case JV_KIND_FALSE:
      return Json(false);
    case JV_KIND_TRUE:
      return Json(true);
    case JV_KIND_NUMBER:
      return NumberToJson(jv_number_value(value.get()));
    case JV_KIND_STRING:
      return Json(ToText(value));
    case JV_KIND_ARRAY:
      return ArrayToJson(value, room - 1);
    case JV_KIND_OBJECT:
      return ObjectToJson(value, room - 1);
  }
  return Json(nullptr);
}

}  // namespace

Result<JvValue> ToJv(const Json& json) {
  return ToJvWithin(json, kDeepestJson);
}

Result<Json> ToJson(const JvValue& value) {
  return ToJsonWithin(value, kDeepestJson);
}

}  // namespace relay
