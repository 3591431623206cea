// label("CField1") in expressions: to jq, "label" is a keyword that no function can be named by.
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace relay {

// The expression with its calls of label under the name _label. Texts in strings stay as they are,
// but not the expressions in these.
std::string RenameLabelCalls(std::string_view expression);

}  // namespace relay
