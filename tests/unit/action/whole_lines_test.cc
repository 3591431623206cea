#include "action/whole_lines.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <vector>

#include "action/csv.h"
#include "base/unique_fd.h"

namespace relay {
namespace {

class WholeLines : public testing::Test {
 protected:
  void Write(const std::string& text) {
    ASSERT_EQ(pwrite(file_.get(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  }
  off_t Lines(off_t size) {
    const auto end = EndOfWholeLines(file_.get(), size);
    return end ? *end : -1;
  }
  off_t Rows(off_t size) {
    const auto end = EndOfWholeRows(file_.get(), size);
    return end ? *end : -1;
  }

  const UniqueFd file_{memfd_create("whole-lines", MFD_CLOEXEC)};
};

std::string RowOf(const std::vector<std::string>& cells) {
  CsvRow row;
  for (const std::string& cell : cells) row.Add(cell);
  return std::move(row).Finish();
}

// Cuts the file at each byte: what is left of the last piece is not whole.
void ExpectEnds(const std::vector<std::string>& pieces, const std::function<off_t(off_t)>& end_of) {
  off_t begin = 0;
  for (const std::string& piece : pieces) {
    const auto length = static_cast<off_t>(piece.size());
    for (off_t cut = 0; cut < length; ++cut) {
      ASSERT_EQ(end_of(begin + cut), begin) << "after " << cut << " bytes of " << piece;
    }
    begin += length;
    ASSERT_EQ(end_of(begin), begin) << "after all of " << piece;
  }
}

TEST_F(WholeLines, EndAtTheLastLineEnd) {
  Write("one\n\nthree\nfou");
  ExpectEnds({"one\n", "\n", "three\n"}, [this](off_t size) { return Lines(size); });
  EXPECT_EQ(Lines(14), 11);
}

TEST_F(WholeLines, AreFoundBehindALongUnfinishedOne) {
  Write("one\n" + std::string(200'000, 'x'));
  EXPECT_EQ(Lines(200'004), 4);
  Write(std::string(200'004, 'x'));
  EXPECT_EQ(Lines(200'004), 0);
}

TEST_F(WholeLines, TellARowsEndFromALineEndWithinIt) {
  // What was posted looks like the end of a row and the beginning of the next in every way.
  const std::vector<std::string> hostile{
      "\n",     "\r\n",   "\"\r\n\"",   "\"\n\"a",      "\r\n\"7\",x\r\n",      "\"\"\n\"\"a",
      "\"",     "\"\"",   "\n\"",       "x\n\"\",\n",   "a\",\"b\r\n\"c\"\r\n", ",\"\r\n",
      ",\n\"x", "\n\"\n", "\"\n\"\n\"", "\"\r\n\"8\",", "\n\"\n\"z\n",          ""};
  std::vector<std::string> rows{RowOf({"id", "chat"})};
  for (const char* first : {"7", "\n", "\"", ",", "x\n\"y", ""}) {
    for (const std::string& cell : hostile) {
      rows.push_back(RowOf({first, cell, "end"}));
      rows.push_back(RowOf({first, "begin", cell}));
    }
  }
  std::string all;
  for (const std::string& row : rows) all += row;
  Write(all);
  ExpectEnds(rows, [this](off_t size) { return Rows(size); });
}

TEST_F(WholeLines, TellRowsApartThatAreLongerThanWhatIsReadAtOnce) {
  for (const int more : {-3, -2, -1, 0, 1, 2, 3}) {
    const std::string chat(static_cast<std::size_t>((64 << 10) + more), '\n');
    const std::string first = RowOf({"1", chat});
    const std::string second = RowOf({"2", chat + chat + "\"" + chat});
    Write(first + second);
    const auto end_of_first = static_cast<off_t>(first.size());
    const auto end_of_second = end_of_first + static_cast<off_t>(second.size());
    EXPECT_EQ(Rows(end_of_second), end_of_second);
    EXPECT_EQ(Rows(end_of_second - 1), end_of_first);
    EXPECT_EQ(Rows(end_of_first + (64 << 10)), end_of_first);
    EXPECT_EQ(Rows(end_of_first), end_of_first);
    EXPECT_EQ(Rows(end_of_first - 1), 0);
  }
}

TEST_F(WholeLines, OfAnotherProgramAreReadFromTheStart) {
  ExpectEnds({}, [this](off_t size) { return Rows(size); });
  const std::string foreign = "id,text\n1,a 5\" disk\n2,\"x\ny\"\n";
  Write(foreign);
  EXPECT_EQ(Rows(static_cast<off_t>(foreign.size())), static_cast<off_t>(foreign.size()));
  EXPECT_EQ(Rows(static_cast<off_t>(foreign.find("\ny"))) + 0, 20);
  EXPECT_EQ(Rows(static_cast<off_t>(foreign.find("y\""))) + 0, 20);
}

TEST_F(WholeLines, ThatCannotBeReadAreAnError) {
  const auto end = EndOfWholeLines(-1, 5);
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().kind, ErrorKind::Temporary);
  EXPECT_FALSE(EndOfWholeRows(file_.get(), 5)) << "it is shorter than that";
}

}  // namespace
}  // namespace relay
