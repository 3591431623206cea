// jq's values: ownership, and conversion from and to JSON without a detour through text. For this
// layer only. A jv counts its references without a lock: one thread at a time.
#pragma once

extern "C" {
#include <jv.h>
}

#include <utility>

#include "base/json.h"
#include "base/result.h"

namespace relay {

// Owns one reference. libjq's functions consume their arguments: give them Copy() or Release().
// Only the few that merely look take get(): jv_string_value, jv_number_value and the object
// iterators.
class JvValue {
 public:
  JvValue() : value_(jv_invalid()) {}
  explicit JvValue(jv value) : value_(value) {}
  ~JvValue() { jv_free(value_); }
  JvValue(JvValue&& other) noexcept : value_(other.Release()) {}
  JvValue& operator=(JvValue&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }

  jv Copy() const { return jv_copy(value_); }
  jv Release() { return std::exchange(value_, jv_invalid()); }
  jv get() const { return value_; }
  jv_kind kind() const { return jv_get_kind(value_); }

 private:
  jv value_;
};

// Deeper values are refused in both directions: libjq recurses when it frees them.
inline constexpr int kDeepestJson = 256;

// Integers are exact up to 2^53; infinite and NaN numbers are null, as in JSON text; what is not
// UTF-8 in a string becomes U+FFFD. Permanent where a value is nested too deeply or too large.
Result<JvValue> ToJv(const Json& json);

// Whole numbers become integers as far as 64 bits hold them, NaN and infinity null. Permanent where
// the value is nested too deeply.
Result<Json> ToJson(const JvValue& value);

}  // namespace relay
