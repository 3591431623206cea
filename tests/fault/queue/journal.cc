#include "fault/queue/journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <type_traits>

#include "support/temp_dir.h"

namespace relay::test {

static_assert(std::is_trivially_copyable_v<Record>);

Journal::Journal(const std::filesystem::path& file)
    : file_(open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) {
  if (file_.get() < 0) throw std::system_error(errno, std::generic_category(), file.string());
}

void Journal::Write(const Record& record) const {
  if (write(file_.get(), &record, sizeof record) != ssize_t{sizeof record}) {
    throw std::system_error(errno, std::generic_category(), "write a journal");
  }
}

std::vector<Record> ReadJournal(const std::filesystem::path& file) {
  const std::string bytes = ReadFile(file);
  std::vector<Record> records(bytes.size() / sizeof(Record));
  if (!records.empty()) std::memcpy(records.data(), bytes.data(), records.size() * sizeof(Record));
  return records;
}

}  // namespace relay::test
