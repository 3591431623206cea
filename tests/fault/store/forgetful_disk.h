// A disk in memory that forgets what was not synced when its power is cut, and on which any step of
// a program can be made to fail.
//
// Names are kept as Linux keeps them: a file that was created or deleted may be missing or back
// again after a power cut, until the folder was synced. What was done to names survives in its
// order, as with every journalling file system. There is one folder; its sync cannot fail by
// itself. Belongs to one thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fault/store/file_sharing.h"
#include "fault/store/forgetful_file.h"

namespace relay::test {

// What a program does to a disk. Each counts as one step, in the order of its coming.
enum class Step { Create, Write, Sync, Truncate, Delete };

enum class Fate {
  Happens,
  Fails,            // with an I/O error; of a write the first half is done
  FindsDiskFull,    // the same, for want of space
  FailsAndForgets,  // of a sync: later ones do not make up for it
  PowerFails,       // under way, and nothing works any more
};

enum class IoStatus { Ok, Failed, Full };

enum class SyncScope { File, FileAndNames };

struct Inode {
  ForgetfulFile content;
  FileLocks locks;
  SharedMemory memory;
};

class ForgetfulDisk {
 public:
  // Steps are counted from 0.
  using Fates = std::function<Fate(std::size_t step, Step)>;

  void SetFates(Fates fates) { fates_ = std::move(fates); }
  void IgnoreSyncs() { ignores_syncs_ = true; }  // as disks do that lie about their cache

  std::size_t steps() const { return steps_; }
  bool dead() const { return dead_; }  // its power has failed: reading fails, too

  // The disk as the next boot finds it, if the power is cut now. This one stays as it is.
  std::shared_ptr<ForgetfulDisk> AfterPowerCut(Survival survival, unsigned seed) const;

  // The disk as the next process finds it, if all that use it are killed now: everything is there,
  // and what was not synced still is not.
  std::shared_ptr<ForgetfulDisk> AfterKill() const;

  std::shared_ptr<Inode> Find(const std::string& name) const;  // null where there is none

  // Null where it fails. A file without a name is gone with its last user.
  std::shared_ptr<Inode> Create(const std::string& name);
  IoStatus Write(Inode& inode, std::size_t offset, std::string_view bytes);
  IoStatus Truncate(Inode& inode, std::size_t size);
  IoStatus Sync(Inode& inode, SyncScope scope);
  IoStatus Delete(const std::string& name, SyncScope scope);

 private:
  using Names = std::map<std::string, std::shared_ptr<Inode>>;

  struct Renaming {
    std::string name;
    std::shared_ptr<Inode> inode;  // null: the name was deleted
  };

  Fate Next(Step step);
  void Rename(Renaming renaming);
  void SyncNames();
  static void Apply(const Renaming& renaming, Names& names);

  Fates fates_ = [](std::size_t, Step) { return Fate::Happens; };
  std::size_t steps_ = 0;
  bool dead_ = false;
  bool ignores_syncs_ = false;
  Names seen_;
  Names synced_;
  std::vector<Renaming> unsynced_;
};

}  // namespace relay::test
