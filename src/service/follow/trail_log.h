#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "service/follow/followed_files.h"
#include "service/follow/line_log.h"
#include "service/follow/silence.h"
#include "service/import_trail.h"

namespace recoup::service {

// TrailLog follows the files of a trail that one path names, each read once for all agreements that
// name it: what is new, and what has become another file. Its records count once by their ids,
// whatever is read again.
class TrailLog {
 public:
  // An agreement that names the path, and with which log.
  struct Target {
    const config::AgreementSettings* agreement;
    const config::LogSettings* log;
  };

  // The settings outlive it. `before` is the same trail by earlier settings, or null.
  TrailLog(std::vector<Target> targets, const FollowContext& context, const TrailLog* before);

  // As LineLog::look().
  core::Result<bool> look(const std::stop_token& stop);

  const std::string& path() const { return targets_.front().log->path; }
  std::vector<record::FollowedLog> counts() const;

 private:
  // One agreement's part.
  struct Share {
    std::optional<Silence> silence;
    record::FollowedLog counts;
  };

  core::Result<void> begin();
  std::vector<FoundFile> unread(const std::vector<FoundFile>& found);
  core::Result<void> read(const std::vector<FoundFile>& files);
  core::Result<void> note(const FoundFile& found, const TrailFileRead& read);
  core::Result<void> tell(Share& share, const Target& target,
                          const std::vector<core::Minute>& told);
  core::Result<void> forget_gone(const std::vector<FoundFile>& found);
  core::MonoTime mono() const { return context_.world.clock.mono(); }
  core::Instant wall() const { return context_.world.clock.wall(); }

  std::vector<Target> targets_;
  const FollowContext& context_;
  std::string reader_;
  bool has_begun_ = false;
  std::map<std::string, record::FollowedFile> files_;  // by path
  std::vector<Share> shares_;                          // by target
  Calm calm_;
  FileProblems problems_;
  std::string nothing_found_;
};

}  // namespace recoup::service
