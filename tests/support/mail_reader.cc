#include "support/mail_reader.h"

#include <sstream>
#include <stdexcept>

#include "support/process.h"

namespace relay::test {

nlohmann::json ReadMail(const std::filesystem::path& file) {
  return ReadMails({file}).at(0);
}

std::vector<nlohmann::json> ReadMails(const std::vector<std::filesystem::path>& files) {
  const auto program = std::filesystem::path(RELAY_SOURCE_DIR) / "tests/support/parse_mail.py";
  std::vector<std::string> argv{"python3", program};
  argv.insert(argv.end(), files.begin(), files.end());
  const Finished done = RunToEnd({.argv = argv});
  if (done.code != 0) throw std::runtime_error("the mail cannot be read: " + done.err);
  std::vector<nlohmann::json> mails;
  std::istringstream lines(done.out);
  for (std::string line; std::getline(lines, line);) mails.push_back(nlohmann::json::parse(line));
  return mails;
}

std::string WithoutCr(const std::string& text) {
  std::string lines;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "\r\n") != 0) lines += text[i];
  }
  return lines;
}

}  // namespace relay::test
