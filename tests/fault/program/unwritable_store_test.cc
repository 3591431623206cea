// The store cannot be written: its disk fails, or the program may not. Nobody is told 200, the log
// says why, and it goes on by itself once the fault is gone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "e2e/deployment.h"
#include "fault/program/ledger.h"
#include "fault/program/load.h"
#include "support/deadline.h"
#include "support/failing_calls.h"

namespace relay::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

struct Fault {
  const char* name;
  const char* calls;
  const char* error;
  const char* reason;  // in the log
};

class FailingDisk : public testing::TestWithParam<Fault> {
 protected:
  FailingDisk() : installation_(MarkAction(sink_.port())), service_(installation_) {}

  FailingCallsOptions Failing() const {
    const std::string store = installation_.store().string();
    return {GetParam().calls, GetParam().error, {store, store + "-wal"}};
  }

  HttpSink sink_;
  Installation installation_;
  Service service_;
};

TEST_P(FailingDisk, RefusesPostsUntilItWorksAgainAndLosesNone) {
  Load load(4, OverSocket(service_.socket()));
  load.AwaitReplyWith(200);
  {
    const FailingCalls fault(service_.process().pid(), Failing());
    load.AwaitReplyWith(503);
    load.AwaitReplies(20);
  }
  load.AwaitReplyWith(200);
  load.AwaitReplies(20);
  const auto sent = load.Stop();
  EXPECT_TRUE(service_.process().running());
  EXPECT_THAT(service_.log(),
              AllOf(HasSubstr("a post could not be stored"), HasSubstr(GetParam().reason)));
  ExpectIntact(installation_);
  const auto stored = ReadStore(installation_);
  ExpectNothingMissingOrSpurious(Audit(sent, stored));
  AwaitDelivered(installation_, sink_);
  ExpectAllDelivered(sink_.requests(), stored);
}

INSTANTIATE_TEST_SUITE_P(
    Because, FailingDisk,
    testing::Values(Fault{"ItBecameReadOnly", "pwrite64", "EROFS", "Read-only file system"},
                    Fault{"WritesFail", "pwrite64", "EIO", "Input/output error"},
                    Fault{"ItIsFull", "pwrite64", "ENOSPC", "full"},
                    Fault{"SyncsFail", "fdatasync,fsync", "EIO", "Input/output error"}),
    [](const auto& each) { return each.param.name; });

// A folder that the user of the programs may not write to.
class LockedStore : public testing::Test {
 protected:
  LockedStore() : installation_("[delivery]\nrun_in = \"service\"\n", {Folder()}) {}
  ~LockedStore() override { Unlock(); }

  fs::path Folder() const {
    const fs::path folder = dir_.path() / "store";
    fs::create_directory(folder);
    fs::permissions(folder, fs::perms::all);
    return folder;
  }
  void Lock() const { SetWritable(fs::perm_options::remove); }
  void Unlock() const { SetWritable(fs::perm_options::add); }

  Finished Cgi(const std::string& form) const { return RunToEnd(installation_.CgiPost(form)); }

 private:
  void SetWritable(fs::perm_options change) const {
    const auto write = fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;
    for (const auto& file : fs::directory_iterator(dir_.path() / "store")) {
      fs::permissions(file, write, change);
    }
    fs::permissions(dir_.path() / "store", write, change);
  }

  TempDir dir_;

 protected:
  Installation installation_;
};

TEST_F(LockedStore, RefusesACgiPostUntilItIsWritable) {
  EXPECT_THAT(Cgi("SessionID=1&Tracking0=A").out, HasSubstr("stored "));
  Lock();
  const Finished refused = Cgi("SessionID=1&Tracking0=B");
  EXPECT_THAT(refused.out, AllOf(HasSubstr("Status: 503"), HasSubstr("Retry-After: ")));
  EXPECT_THAT(refused.err, HasSubstr(installation_.store().string()));
  Unlock();
  EXPECT_THAT(Cgi("SessionID=1&Tracking0=C").out, HasSubstr("stored "));
  EXPECT_THAT(ReadStore(installation_), SizeIs(2));
}

TEST_F(LockedStore, RefusesACgiPostWhereThereIsNoStoreYet) {
  Lock();
  const Finished refused = Cgi("SessionID=1&Tracking0=A");
  EXPECT_THAT(refused.out, AllOf(HasSubstr("Status: 503"), HasSubstr("Retry-After: ")));
  EXPECT_THAT(refused.err, HasSubstr(installation_.store().string()));
  EXPECT_FALSE(fs::exists(installation_.store()));
}

TEST_F(LockedStore, MakesAServiceRefusePostsFromItsStartUntilItIsWritable) {
  Lock();
  Service service(installation_);
  Load load(2, OverSocket(service.socket()));
  load.AwaitReplyWith(503);
  load.AwaitReplies(50);
  EXPECT_THAT(service.log(), HasSubstr(installation_.store().string()));
  Unlock();
  load.AwaitReplyWith(200);
  load.AwaitReplies(50);
  const auto sent = load.Stop();
  ExpectNothingMissingOrSpurious(Audit(sent, ReadStore(installation_)));
  service.Stop();
  EXPECT_THAT(service.log(), HasSubstr("posts are stored again; "));
}

TEST_F(LockedStore, IsDeliveredFromAsSoonAsItIsWritableWithoutAnotherPost) {
  const HttpSink sink;
  installation_.Configure("[delivery]\nrun_in = \"service\"\n" + MarkAction(sink.port()));
  EXPECT_THAT(Cgi("SessionID=1&Tracking0=A").out, HasSubstr("stored "));
  installation_.Configure(MarkAction(sink.port()));
  Lock();
  Service service(installation_);
  EXPECT_TRUE(Deadline(seconds(20)).Until([&] {
    return service.log().find("posts are refused until it can be opened") != std::string::npos;
  }));
  EXPECT_THAT(sink.requests(), IsEmpty());
  Unlock();
  EXPECT_THAT(sink.WaitForRequests(1), SizeIs(1));
}

}  // namespace
}  // namespace relay::test
