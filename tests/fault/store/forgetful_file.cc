#include "fault/store/forgetful_file.h"

#include <algorithm>

namespace relay::test {
namespace {

void Put(std::string& content, std::size_t offset, std::string_view bytes) {
  content.resize(std::max(content.size(), offset + bytes.size()));
  std::copy(bytes.begin(), bytes.end(),
            content.begin() + static_cast<std::string::difference_type>(offset));
}

// From 0 to the limit, both included.
std::size_t UpTo(std::size_t limit, Random& random) {
  return std::uniform_int_distribution<std::size_t>(0, limit)(random);
}

std::string Garbage(std::size_t size, Random& random) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random() >> 8);
  return bytes;
}

// Hands over the parts of a write that lie in different sectors: where, and which bytes.
template <class Each>
void ForEachSector(std::size_t offset, std::string_view bytes, const Each& each) {
  while (!bytes.empty()) {
    const std::size_t room = ForgetfulFile::kSector - offset % ForgetfulFile::kSector;
    const std::string_view part = bytes.substr(0, room);
    each(offset, part);
    offset += part.size();
    bytes.remove_prefix(part.size());
  }
}

}  // namespace

void ForgetfulFile::Apply(const Change& change, std::string& content) {
  if (change.bytes) {
    Put(content, change.offset, *change.bytes);
  } else {
    content.resize(change.offset);
  }
}

void ForgetfulFile::Write(std::size_t offset, std::string_view bytes) {
  unsynced_.push_back({offset, std::string(bytes)});
  Apply(unsynced_.back(), seen_);
}

void ForgetfulFile::Truncate(std::size_t size) {
  unsynced_.push_back({size, std::nullopt});
  Apply(unsynced_.back(), seen_);
}

void ForgetfulFile::Sync() {
  for (const Change& change : unsynced_) Apply(change, synced_);
  unsynced_.clear();
}

std::string ForgetfulFile::AfterPowerCut(Survival survival, Random& random) const {
  std::string content = synced_;
  switch (survival) {
    case Survival::Nothing:
      break;
    case Survival::Everything:
      for (const Change& change : unsynced_) Apply(change, content);
      break;
    case Survival::InOrder:
      return FirstChanges(random);
    case Survival::Scattered:
    case Survival::Junk:
      return AnyChanges(survival, random);
  }
  return content;
}

std::string ForgetfulFile::FirstChanges(Random& random) const {
  std::string content = synced_;
  const std::size_t whole = UpTo(unsynced_.size(), random);
  for (std::size_t i = 0; i < whole; ++i) Apply(unsynced_[i], content);
  if (whole == unsynced_.size() || !unsynced_[whole].bytes) return content;
  const Change& torn = unsynced_[whole];
  std::size_t sectors = UpTo(torn.bytes->size() / kSector, random);
  ForEachSector(torn.offset, *torn.bytes, [&](std::size_t offset, std::string_view part) {
    if (sectors == 0) return;
    Put(content, offset, part);
    --sectors;
  });
  return content;
}

std::string ForgetfulFile::AnyChanges(Survival survival, Random& random) const {
  std::string content = synced_;
  // Sometimes nearly all arrive, sometimes nearly none.
  std::bernoulli_distribution arrives(0.1 + 0.1 * static_cast<double>(UpTo(8, random)));
  for (const Change& change : unsynced_) {
    if (!change.bytes) {
      if (arrives(random)) Apply(change, content);
      continue;
    }
    ForEachSector(change.offset, *change.bytes, [&](std::size_t offset, std::string_view part) {
      if (arrives(random)) {
        Put(content, offset, part);
      } else if (survival == Survival::Junk && offset >= content.size()) {
        Put(content, offset, Garbage(part.size(), random));
      }
    });
  }
  return content;
}

}  // namespace relay::test
