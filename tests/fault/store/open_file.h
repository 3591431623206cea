// An open file of a disk that forgets, as SQLite works with it.
#pragma once

#include <memory>

#include "fault/store/forgetful_disk.h"

struct sqlite3_file;

namespace relay::test {

// The memory that SQLite gives to each file it opens.
int SizeOfOpenFile();

// Makes a file of that memory. SQLite closes it. The scope is that of its first sync; later ones
// are of the file alone.
void OpenAs(sqlite3_file* base, std::shared_ptr<ForgetfulDisk> disk, std::shared_ptr<Inode> inode,
            SyncScope first_sync);

}  // namespace relay::test
