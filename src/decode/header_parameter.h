// Parameters of a header's value: `form-data; name="x"`. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace relay {

// The parameter of that name, without regard to case; of several the first. A value in quotes ends
// at the next one, or at the end where there is none; in it "\" escapes a quote and itself, and
// nothing else, since paths are sent with plain ones.
std::optional<std::string> HeaderParameter(std::string_view header, std::string_view name);

}  // namespace relay
