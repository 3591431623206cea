// Fields as a form body that decodes to the same again. Pure; any thread.
#pragma once

#include <string>

#include "model/fields.h"

namespace relay {

std::string EncodeForm(const FieldList& fields);

}  // namespace relay
