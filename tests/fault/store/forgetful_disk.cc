#include "fault/store/forgetful_disk.h"

namespace relay::test {
namespace {

// What is told to the program about its step.
IoStatus StatusOf(Fate fate) {
  switch (fate) {
    case Fate::Happens:
      return IoStatus::Ok;
    case Fate::FindsDiskFull:
      return IoStatus::Full;
    case Fate::Fails:
    case Fate::FailsAndForgets:
    case Fate::PowerFails:
      break;
  }
  return IoStatus::Failed;
}

// A step that is under way when the power fails may have been done or not. So it is done, but not
// synced: the power cut decides.
bool IsBegun(Fate fate) {
  return fate == Fate::Happens || fate == Fate::PowerFails;
}

std::size_t SurvivingNames(Survival survival, std::size_t count, Random& random) {
  switch (survival) {
    case Survival::Nothing:
      return 0;
    case Survival::Everything:
      return count;
    case Survival::InOrder:
    case Survival::Scattered:
    case Survival::Junk:
      break;
  }
  return std::uniform_int_distribution<std::size_t>(0, count)(random);
}

}  // namespace

Fate ForgetfulDisk::Next(Step step) {
  const Fate fate = fates_(steps_++, step);
  if (fate == Fate::PowerFails) dead_ = true;
  return fate;
}

void ForgetfulDisk::Apply(const Renaming& renaming, Names& names) {
  if (renaming.inode == nullptr) {
    names.erase(renaming.name);
  } else {
    names[renaming.name] = renaming.inode;
  }
}

void ForgetfulDisk::Rename(Renaming renaming) {
  Apply(renaming, seen_);
  unsynced_.push_back(std::move(renaming));
}

void ForgetfulDisk::SyncNames() {
  synced_ = seen_;
  unsynced_.clear();
}

std::shared_ptr<ForgetfulDisk> ForgetfulDisk::AfterPowerCut(Survival survival,
                                                            unsigned seed) const {
  Random random(seed + 1);
  random.discard(10);  // neighbouring seeds begin alike
  Names names = synced_;
  const std::size_t surviving = SurvivingNames(survival, unsynced_.size(), random);
  for (std::size_t i = 0; i < surviving; ++i) Apply(unsynced_[i], names);
  auto next = std::make_shared<ForgetfulDisk>();
  for (const auto& [name, inode] : names) {
    ForgetfulFile content(inode->content.AfterPowerCut(survival, random));
    next->synced_[name] = std::make_shared<Inode>(Inode{std::move(content), {}, {}});
  }
  next->seen_ = next->synced_;
  return next;
}

std::shared_ptr<ForgetfulDisk> ForgetfulDisk::AfterKill() const {
  auto next = std::make_shared<ForgetfulDisk>();
  std::map<std::shared_ptr<Inode>, std::shared_ptr<Inode>> copies;
  const auto copy = [&](const std::shared_ptr<Inode>& inode) {
    if (inode == nullptr) return inode;
    auto& made = copies[inode];
    if (made == nullptr) made = std::make_shared<Inode>(Inode{inode->content, {}, {}});
    return made;
  };
  for (const auto& [name, inode] : seen_) next->seen_[name] = copy(inode);
  for (const auto& [name, inode] : synced_) next->synced_[name] = copy(inode);
  for (const Renaming& renaming : unsynced_) {
    next->unsynced_.push_back({renaming.name, copy(renaming.inode)});
  }
  return next;
}

std::shared_ptr<Inode> ForgetfulDisk::Find(const std::string& name) const {
  const auto found = seen_.find(name);
  return found == seen_.end() ? nullptr : found->second;
}

std::shared_ptr<Inode> ForgetfulDisk::Create(const std::string& name) {
  if (dead_) return nullptr;
  const Fate fate = Next(Step::Create);
  auto inode = std::make_shared<Inode>();
  if (IsBegun(fate) && !name.empty()) Rename({name, inode});
  return fate == Fate::Happens ? inode : nullptr;
}

IoStatus ForgetfulDisk::Write(Inode& inode, std::size_t offset, std::string_view bytes) {
  if (dead_) return IoStatus::Failed;
  const Fate fate = Next(Step::Write);
  inode.content.Write(offset, IsBegun(fate) ? bytes : bytes.substr(0, bytes.size() / 2));
  return StatusOf(fate);
}

IoStatus ForgetfulDisk::Truncate(Inode& inode, std::size_t size) {
  if (dead_) return IoStatus::Failed;
  const Fate fate = Next(Step::Truncate);
  if (IsBegun(fate)) inode.content.Truncate(size);
  return StatusOf(fate);
}

IoStatus ForgetfulDisk::Sync(Inode& inode, SyncScope scope) {
  if (dead_) return IoStatus::Failed;
  const Fate fate = Next(Step::Sync);
  if (fate == Fate::FailsAndForgets) inode.content.ForgetUnsynced();
  if (fate != Fate::Happens || ignores_syncs_) return StatusOf(fate);
  inode.content.Sync();
  if (scope == SyncScope::FileAndNames) SyncNames();
  return IoStatus::Ok;
}

IoStatus ForgetfulDisk::Delete(const std::string& name, SyncScope scope) {
  if (dead_) return IoStatus::Failed;
  const Fate fate = Next(Step::Delete);
  if (IsBegun(fate)) Rename({name, nullptr});
  if (fate == Fate::Happens && scope == SyncScope::FileAndNames && !ignores_syncs_) SyncNames();
  return StatusOf(fate);
}

}  // namespace relay::test
