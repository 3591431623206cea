// What a post carries, decoded: names and values in the order they were posted.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace relay {

struct Field {
  std::string name;   // as posted: "SessionID" in a form, "sessionid" in XML
  std::string value;  // valid UTF-8
  bool operator==(const Field&) const = default;
};

using FieldList = std::vector<Field>;

class Fields {
 public:
  Fields() = default;
  explicit Fields(FieldList fields) : fields_(std::move(fields)) {}

  void Add(std::string name, std::string value) {
    fields_.push_back({std::move(name), std::move(value)});
  }

  // The value of a variable under its form name, without regard to case; nullptr where it was not
  // posted. Of a repeated variable the first that is not empty counts. Senders that post "Note"
  // mean "Notes".
  const std::string* Find(std::string_view variable) const;

  const FieldList& all() const { return fields_; }
  bool operator==(const Fields&) const = default;

 private:
  FieldList fields_;
};

}  // namespace relay
