// The deliveries that a filter selects, a page at a time, found by an index whatever the filter is.
//
// Between two pages no statement is open and nothing is locked: whoever reads a long listing slowly
// keeps the write-ahead log from nobody. What changes meanwhile is seen as it is when its page is
// read.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "sql/connection.h"
#include "store/store.h"

namespace relay {

enum class DeliveryOrder { NewestFirst, OldestFirst };

// What a query goes by. A filter without IDs is a merge of one or more of these.
enum class DeliveryPath { All, OfSession, OfActionInState };
std::string DeliveryPageQuery(DeliveryPath path, DeliveryOrder order);

class DeliveryPages {
 public:
  // `states` narrows the filter further; empty is any. `connection` must outlive the pages.
  DeliveryPages(sql::Connection& connection, DeliveryFilter filter,
                std::vector<DeliveryState> states, DeliveryOrder order);

  // The next deliveries, at most `most`; none at the end.
  Result<std::vector<Delivery>> Next(std::size_t most);

 private:
  struct Source {
    DeliveryPath path = DeliveryPath::All;
    std::string action;
    DeliveryState state = DeliveryState::Due;
    std::deque<Delivery> rows = {};
    std::optional<std::int64_t> last = {};  // ID of the last row that was read
    bool at_end = false;
  };

  Result<void> Open();
  Result<std::vector<std::string>> Actions();
  Result<void> Fill(Source& source, std::size_t most);
  Result<sql::Statement> Query(const Source& source, std::size_t most);
  Result<std::vector<Delivery>> NextMerged(std::size_t most);
  Result<std::vector<Delivery>> NextNamed(std::size_t most);
  bool Selects(const Delivery& delivery) const;
  bool Before(std::int64_t a, std::int64_t b) const;

  sql::Connection& connection_;
  DeliveryFilter filter_;
  const std::vector<DeliveryState> states_;
  const DeliveryOrder order_;
  bool open_ = false;
  std::size_t next_id_ = 0;  // in filter_.ids
  std::vector<Source> sources_;
};

}  // namespace relay
