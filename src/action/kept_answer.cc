#include "action/kept_answer.h"

#include "action/mask.h"

namespace relay {

std::string KeptAnswer(std::string text, Keep keep, const Json& secrets) {
  constexpr std::size_t kKept = 4096;
  text = MaskSecrets(std::move(text), secrets);
  if (text.size() <= kKept) return text;
  if (keep == Keep::End) return "[cut]\n" + text.substr(text.size() - kKept);
  return text.substr(0, kKept) + "\n[cut]";
}

}  // namespace relay
