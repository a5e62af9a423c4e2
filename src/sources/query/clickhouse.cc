#include <fmt/format.h>

#include "record/percent_encoding.h"
#include "sources/query/engine.h"

namespace recoup::sources {
namespace {

using core::Error;
using core::Result;

// What TabSeparated escapes, undone; "\N" stays.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '\\' && i + 1 < text.size() && text != "\\N";
    if (!is_escape) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    constexpr std::string_view kNames = "tnrbf0";
    constexpr std::string_view kMeant("\t\n\r\b\f\0", 6);
    const std::size_t at = kNames.find(c);
    out += at == std::string_view::npos ? c : kMeant[at];
  }
  return out;
}

}  // namespace

Result<void> TabSeparated::take(std::string_view bytes) {
  for (std::size_t end; (end = bytes.find('\n')) != std::string::npos;
       bytes.remove_prefix(end + 1)) {
    rest_ += bytes.substr(0, end);
    if (auto done = row(rest_); !done) return done;
    rest_.clear();
  }
  constexpr std::size_t kLongest = 1 << 16;
  if (rest_.size() + bytes.size() > kLongest) {
    return Error{"expected rows of at most 64 KiB, got a longer one"};
  }
  rest_ += bytes;
  return {};
}

Result<void> TabSeparated::end() const {
  if (rest_.empty()) return {};
  return Error{"the answer ended within a row: " + engine_words(rest_)};
}

Result<void> TabSeparated::row(std::string_view line) {
  if (++rows_ > kMostQueryRows) {
    return Error{fmt::format("expected at most {} rows, got more", kMostQueryRows), "",
                 "the query must group by minute and outcome"};
  }
  std::vector<std::string> texts;
  for (std::size_t at = 0; at <= line.size();) {
    const std::size_t end = std::min(line.find('\t', at), line.size());
    texts.push_back(unescaped(line.substr(at, end - at)));
    at = end + 1;
  }
  if (texts.size() != columns_) {
    return Error{fmt::format("expected rows of {} columns, got one of {}: {}", columns_,
                             texts.size(), engine_words(line))};
  }
  each_({texts.begin(), texts.end()});
  return {};
}

// The server answers when it has all of the answer: then an error has a status, and is no row.
Result<void> ask_clickhouse(const Query& query, const std::string& sql, std::size_t columns,
                            const OnRow& each, const std::stop_token& stop) {
  std::string url = query.url;
  url += url.find('?') == std::string::npos ? '?' : '&';
  url += "wait_end_of_query=1";
  if (!query.database.empty()) url += "&database=" + record::percent_encoded(query.database);
  TabSeparated lines(columns, each);
  const OnBytes take = [&](std::string_view bytes) { return lines.take(bytes); };
  const std::string body = sql + "\nFORMAT TabSeparated";
  if (auto done = post(query, url, "text/plain; charset=utf-8", body, take, stop); !done)
    return done;
  return lines.end();
}

}  // namespace recoup::sources
