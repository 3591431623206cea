#include "model/fields.h"

#include "base/text.h"

namespace relay {
namespace {

const std::string* FindExactly(const FieldList& fields, std::string_view name) {
  const std::string* found = nullptr;
  for (const Field& field : fields) {
    if (!EqualsIgnoringCase(field.name, name)) continue;
    if (!field.value.empty()) return &field.value;
    if (found == nullptr) found = &field.value;
  }
  return found;
}

}  // namespace

const std::string* Fields::Find(std::string_view variable) const {
  const std::string* found = FindExactly(fields_, variable);
  if (!EqualsIgnoringCase(variable, "Notes") || (found != nullptr && !found->empty())) return found;
  const std::string* note = FindExactly(fields_, "Note");
  return note != nullptr ? note : found;
}

}  // namespace relay
