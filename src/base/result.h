// The outcome of something that can fail for reasons outside this program.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace relay {

// What the caller should do about an error.
enum class ErrorKind {
  BadInput,   // the sender or the operator gave something that cannot be used
  TooLarge,   // over a limit; nothing of it was kept
  Temporary,  // the same call may succeed later
  Permanent,  // the same call will fail again
  Corrupt,    // stored data is not what was written
};

struct Error {
  ErrorKind kind = ErrorKind::Permanent;
  // For a person: what was being done, to what, and why it failed. Never a posted value or a
  // secret.
  std::string message;

  // The same error with "doing: " in front; each layer adds it once at most.
  [[nodiscard]] Error Context(std::string_view doing) const {
    return {kind, std::string(doing).append(": ").append(message)};
  }
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Only when ok().
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // Only when not ok().
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

}  // namespace relay
