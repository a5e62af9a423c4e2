#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/sql/postgres.h"

namespace recoup::ledger {

// Parameters, as libpq sends them.
struct PostgresConnection::Values {
  std::vector<Oid> types;
  std::vector<std::string> values;
};

// PostgresPrepared is prepared where it is run first: then the types of its parameters are known.
// What asks for rows is waited for, with all of them; the rest at the end of its transaction. The
// server keeps it as long as the connection lasts.
class PostgresPrepared final : public Prepared {
 public:
  PostgresPrepared(PostgresConnection& connection, std::string sql);
  ~PostgresPrepared() override;
  PostgresPrepared(const PostgresPrepared&) = delete;
  PostgresPrepared& operator=(const PostgresPrepared&) = delete;

  void bind(int position, std::int64_t value) override;
  void bind_text(int position, std::string_view value) override;
  void bind_blob(int position, std::string_view value) override;
  bool step() override;
  void reset() noexcept override;
  std::uint64_t changed() const override;
  std::int64_t integer(int column) const override;
  std::string_view text(int column) const override;
  std::string_view blob(int column) const override;

  // What was to be prepared behind a failure was not.
  void forget_name() { name_.clear(); }

 private:
  void set(int position, Oid type, std::string value);
  void run();

  PostgresConnection& connection_;
  std::string sql_;
  bool has_rows_;
  std::string name_;  // empty where it is to be prepared
  PostgresConnection::Values values_;
  PGresult* rows_ = nullptr;
  int row_ = -1;
  bool runs_ = false;
  std::uint64_t number_ = 0;                 // of its last run
  mutable std::deque<std::string> decoded_;  // texts of the row that were not kept as they are
};

}  // namespace recoup::ledger
