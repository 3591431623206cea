#include "action/whole_lines.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <string>
#include <string_view>
#include <system_error>

namespace relay {
namespace {

constexpr off_t kPiece = 64 << 10;

// Bytes [begin, end), all of them.
Result<std::string> ReadPiece(int file, off_t begin, off_t end) {
  std::string piece(static_cast<std::size_t>(end - begin), '\0');
  for (std::size_t got = 0; got < piece.size();) {
    const ssize_t now =
        pread(file, piece.data() + got, piece.size() - got, begin + static_cast<off_t>(got));
    if (now > 0) got += static_cast<std::size_t>(now);
    if (now < 0 && errno == EINTR) continue;
    if (now <= 0) {
      const int number = now < 0 ? errno : EIO;  // nobody else makes it shorter
      return Error{ErrorKind::Temporary, "read: " + std::generic_category().message(number)};
    }
  }
  return piece;
}

// Where in a piece something is found, the last of it.
using Find = std::size_t (*)(std::string_view piece);

// Looks through the file from its end; pieces overlap by as much as what is looked for is long. 0
// where it is not found.
Result<off_t> FindFromBehind(int file, off_t size, off_t overlap, Find find) {
  for (off_t end = size; end > 0;) {
    const off_t begin = std::max<off_t>(0, end - kPiece);
    const auto piece = ReadPiece(file, begin, std::min(size, end + overlap));
    if (!piece) return piece.error();
    const std::size_t found = find(*piece);
    if (found != std::string_view::npos) return begin + static_cast<off_t>(found);
    end = begin;
  }
  return off_t{0};
}

std::size_t BehindLastLineEnd(std::string_view piece) {
  const std::size_t found = piece.rfind('\n');
  return found == std::string_view::npos ? found : found + 1;
}

std::size_t LastBeginningOfRow(std::string_view piece) {
  constexpr std::string_view kBeginning = "\n\"";
  for (std::size_t at = piece.rfind(kBeginning); at != std::string_view::npos;
       at = at == 0 ? std::string_view::npos : piece.rfind(kBeginning, at - 1)) {
    const std::size_t next = at + kBeginning.size();
    if (next < piece.size() &&
        std::string_view("\",\r\n").find(piece[next]) == std::string_view::npos)
      return at + 1;
  }
  return std::string_view::npos;
}

// Follows rows from the beginning of one.
class RowScanner {
 public:
  explicit RowScanner(off_t begin) : at_(begin), end_of_rows_(begin) {}

  void Read(std::string_view bytes) {
    for (const char c : bytes) {
      ++at_;
      state_ = Next(c);
      if (state_ == State::CellBegins && c == '\n') end_of_rows_ = at_;
    }
  }
  off_t end_of_rows() const { return end_of_rows_; }

 private:
  enum class State { CellBegins, Plain, Quoted, Quote };

  State Next(char c) const {
    if (state_ == State::Quoted) return c == '"' ? State::Quote : State::Quoted;
    if (c == ',' || c == '\n') return State::CellBegins;
    const bool quotes = state_ == State::CellBegins || state_ == State::Quote;
    return c == '"' && quotes ? State::Quoted : State::Plain;
  }

  off_t at_;
  off_t end_of_rows_;
  State state_ = State::CellBegins;
};

}  // namespace

Result<off_t> EndOfWholeLines(int file, off_t size) {
  return FindFromBehind(file, size, 0, BehindLastLineEnd);
}

Result<off_t> EndOfWholeRows(int file, off_t size) {
  const auto begin = FindFromBehind(file, size, 2, LastBeginningOfRow);
  if (!begin) return begin.error();
  RowScanner scanner(*begin);
  for (off_t at = *begin; at < size; at += kPiece) {
    const auto piece = ReadPiece(file, at, std::min(size, at + kPiece));
    if (!piece) return piece.error();
    scanner.Read(*piece);
  }
  return scanner.end_of_rows();
}

}  // namespace relay
