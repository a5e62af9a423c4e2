#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "config/settings.h"
#include "core/world.h"
#include "ledger/ledger.h"
#include "service/follow/line_files.h"
#include "service/follow/silence.h"
#include "sources/logs/intake.h"

namespace recoup::service {

// What a log is followed with.
struct FollowContext {
  ledger::Ledger& ledger;
  core::World world;
  std::string vantage;
  record::WorthARecord worth;
  // Something of the agreement was written that is as old as that.
  std::function<void(const std::string& agreement, core::Instant oldest)> wrote;
};

// LineLog follows one log of lines of one agreement. Each file is a series of its own, as an
// imported one is; what was read of it before, by an import or before a stop, is not read again.
//
// A file is known again by device and inode, whatever it is called, and by its edges
// (sources::FileEdges). What is renamed is read to its end; what became shorter, or begins
// otherwise, is another file; a copy of what was followed goes on where that was left. What is
// packed is read as a whole, when it changes no more, as an import reads it: lines that are known
// add nothing.
class LineLog {
 public:
  // The settings outlive it. `before` is the same log as it was followed by earlier settings, or
  // null: what is open stays open.
  LineLog(const config::AgreementSettings& agreement, const config::LogSettings& log,
          const FollowContext& context, std::unique_ptr<LineLog> before);
  ~LineLog();

  // Reads what is new, for a moment at most; whether more is there at once. The error is the
  // ledger's: nothing is lost, and the next look tries again.
  core::Result<bool> look(const std::stop_token& stop);

  const record::FollowedLog& counts() const { return counts_; }

 private:
  using File = LineFiles::File;

  core::Result<void> begin();
  core::Result<void> read_known(File& file, const std::stop_token& stop);
  core::Result<void> read_new(const FoundFile& found);
  core::Result<void> read_whole(const FoundFile& found, File* known);
  core::Result<void> begin_anew(File& file);
  std::optional<documents::OpenedFile> open(const FoundFile& found);
  core::Result<void> go_on(File& file, const std::stop_token& stop);
  core::Result<bool> read(File& file, const sources::Stretch& stretch);
  core::Result<std::vector<sources::RecordSpan>> read_before(
      const File& file, const sources::LogContent& content,
      const std::vector<sources::Print>& context);
  record::FileGrowth growth_of(const File& file, const sources::Stretch& stretch,
                               const sources::LogContent& content,
                               const std::vector<sources::RecordSpan>& before,
                               const std::vector<sources::Print>& context) const;
  core::Result<bool> write(File& file, const sources::LogContent& content,
                           record::FileGrowth growth, std::uint64_t compared_with);
  void unreadable(const FoundFile& found, const core::Error& error);
  bool is_late(const sources::LogContent& content) const;
  void count(const sources::LogContent& content);
  core::Result<void> tell_silence(const std::vector<core::Minute>& told);
  void note(const Silence& silence);
  void tell_malformed(const File& file, const sources::LogContent& content);
  core::Result<void> forget_gone();
  std::uint64_t errors_of(const sources::LogContent& content) const;
  record::SeriesKey silence_key() const;
  std::string name() const;
  core::MonoTime mono() const { return context_.world.clock.mono(); }
  core::Instant wall() const { return context_.world.clock.wall(); }

  const config::AgreementSettings& agreement_;
  const config::LogSettings& log_;
  const FollowContext& context_;
  std::string reader_;
  bool has_begun_ = false;
  LineFiles files_;
  std::optional<Silence> silence_;
  FileProblems problems_;
  std::string nothing_found_;           // why, as it was told
  core::MonoTime tell_malformed_next_;  // none are told before
  record::FollowedLog counts_;
};

}  // namespace recoup::service
