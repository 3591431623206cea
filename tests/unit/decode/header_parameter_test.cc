#include "decode/header_parameter.h"

#include <gtest/gtest.h>

namespace relay {
namespace {

TEST(HeaderParameter, IsFoundByItsName) {
  const struct {
    const char* header;
    const char* value;
  } rows[] = {
      {"form-data; name=a", "a"},
      {"form-data;NAME=a;x=y", "a"},
      {"form-data; x=y; name = a b ; z", "a b"},
      {"form-data; name=\"a;b=c\"; z=d", "a;b=c"},
      {"form-data; z=\"; name=no\"; name=yes", "yes"},
      {"form-data; name=\"say \\\"hi\\\"\"", "say \"hi\""},
      {"form-data; name=\"C:\\dir\\\\x\"", "C:\\dir\\x"},
      {"form-data; name=\"open", "open"},
      {"form-data; name=\"open\\", "open\\"},
      {"form-data; name=\"a\" b; z=c", "a"},
      {"form-data; name=a; name=b", "a"},
      {"form-data; name=\"\"", ""},
      {"form-data; name=", ""},
      {"form-data; name", ""},
      {"; name=a", "a"},
  };
  for (const auto& row : rows) EXPECT_EQ(HeaderParameter(row.header, "name"), row.value);
}

TEST(HeaderParameter, IsNothingThatOnlyLooksLikeIt) {
  for (const char* header :
       {"", "name=a", "form-data", "form-data; filename=a", "form-data; x=name",
        "form-data; x=\"name=a\"", "form-data; x=\"; name=a", "form-data; na me=a",
        "form-data, name=a", ";;;", "; =a"})
    EXPECT_EQ(HeaderParameter(header, "name"), std::nullopt) << header;
}

}  // namespace
}  // namespace relay
