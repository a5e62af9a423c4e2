#include "simulation/day.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include "ledger/open.h"

namespace recoup::test {
namespace {

using core::Instant;
using core::Millis;
using core::MonoTime;
using Kind = Event::Kind;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr auto kDownAfterKill = 20s;  // at least
constexpr auto kStartAgain = 1min;
constexpr auto kLogEvery = 10min;

// Files that are in memory: there are thousands of writes that wait for a disk else.
fs::path fast_folder() {
  const fs::path memory = "/dev/shm";
  return fs::is_directory(memory) ? memory : fs::temp_directory_path();
}

oracle::Stamp stamp(Instant at) { return at.time_since_epoch().count(); }
oracle::Stamp minute_of(oracle::Stamp at) { return at - ((at % 60'000) + 60'000) % 60'000; }

const core::Interval kAlways{*core::parse_instant("2020-01-01T00:00:00Z"),
                             *core::parse_instant("2040-01-01T00:00:00Z")};

// The sum of all samples of a name.
double sum_of(const std::string& metrics, const std::string& name) {
  double sum = 0;
  std::istringstream lines(metrics);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name + "{")) sum += std::stod(line.substr(line.rfind(' ') + 1));
  }
  return sum;
}

}  // namespace

Day::Day(Script script)
    : script_(std::move(script)), dir_(fast_folder()), random_(script_.seed), sim_(script_.begin) {
  fs::create_directory(dir_.path() / "logs");
}

Day::~Day() {
  sqlite3_close(locker_);
  if (!service_) return;
  disk_.cut_off();
  sim_.kill();
  thread_.reset();
  service_.reset();
}

std::string Day::agreement(const std::string& id, const std::string& of) const {
  std::string text = fmt::format(
      "[[agreement]]\nid = \"{0}\"\nsla = \"aws-kms\"\naccount = \"123456789012\"\n"
      "region = \"{1}\"\ntime_zone = \"{2}\"\n{3}[agreement.charges]\nstated = [",
      id, id == "kms" ? "us-east-1" : "us-west-2", oracle::name_of(script_.place), of);
  for (int month = 0; month < 18; ++month) {
    text += fmt::format(
        "{}{{ month = \"{}-{:02}\", amount = \"{}.{:02}\", currency = \"USD\", note = \"bill\" }}",
        month == 0 ? "" : ", ", 2026 + month / 12, month % 12 + 1, script_.charges_in_cents / 100,
        script_.charges_in_cents % 100);
  }
  return text + "]\n";
}

config::SharedSettings Day::settings(bool second_probe) {
  const auto probe = [](const char* id, const char* every) {
    return fmt::format(
        "[[agreement.probe]]\nid = \"{}\"\nurl = \"https://kms.us-east-1.amazonaws.com/\"\n"
        "method = \"POST\"\nevery = \"{}\"\ntimeout = \"10s\"\n"
        "request_id_header = \"x-amzn-requestid\"\n",
        id, every);
  };
  const std::string text =
      fmt::format("ledger = \"sqlite:{}\"\nvantage = \"here\"\n", dir_.file("ledger.db")) +
      agreement("kms", probe("generate", "1m") + (second_probe ? probe("describe", "3m") : "")) +
      agreement("web", fmt::format("[[agreement.log]]\nid = \"web\"\npath = \"{}*\"\n",
                                   log_path("access.log")));
  auto read = config::parse_settings(text, dir_.file("recoup.toml"), {});
  if (!read) {
    fault("the settings: {}", read.error().message);
    return nullptr;
  }
  return std::make_shared<const config::Settings>(*std::move(read));
}

void Day::start() {
  const Disk::AtOnce at_once(disk_);
  provider_.run = static_cast<int>(runs_.size());
  service::Machine machine{
      sim_.world(),
      std::make_unique<SimNetwork>(
          sim_, [this](const auto&, Instant at) { return provider_.answer(at); }),
      {.clock = 1min,
       .files = 1h,
       .record = script_.record_every,
       .judge = 1h,
       .follow = 5min,
       .seal = 10min}};
  auto opened = service::Service::open(settings(second_probe_), std::move(machine),
                                       {"recoup/test", {}}, nullptr, [](std::string_view) {});
  if (!opened || disk_.is_cut_off()) {
    if (!opened && !in_trouble(sim_.mono(), sim_.mono()) && !disk_.is_cut_off())
      fault("the service does not start: {}", opened.error().message);
    opened = core::Error{"cut off"};
    if (disk_.is_cut_off()) disk_.restore(loss_, random_);
    return;
  }
  service_ = *std::move(opened);
  ended_ = false;
  why_ended_.clear();
  runs_.push_back({sim_.mono(), {}, false});
  thread_ = sim_.start("service", [this](const std::stop_token& stop) {
    const auto ran = service_->run(stop);
    if (!ran) why_ended_ = ran.error().message;
    ended_ = true;
  });
}

void Day::stop() {
  thread_.reset();
  runs_.back().ended = sim_.mono();
  const auto unsaved = service_->unsaved();
  if (!unsaved.why.empty() || !unsaved.lost.empty()) fault("lost at its end: {}", unsaved.why);
  if (!why_ended_.empty()) fault("the service could not go on: {}", why_ended_);
  service_.reset();
}

void Day::kill(Disk::Loss loss) {
  if (!service_) return;
  disk_.cut_off();
  sim_.kill();
  thread_.reset();
  service_.reset();
  sqlite3_close(std::exchange(locker_, nullptr));
  disk_.restore(loss, random_);
  runs_.back().ended = sim_.mono();
  runs_.back().was_killed = true;
  ++kills_;
}

// A process that ends is started again a while later.
void Day::wait_until(MonoTime until) {
  while (sim_.mono() < until) {
    if (!service_) {
      const MonoTime again =
          runs_.empty() ? sim_.mono() : sim_.mono() + kDownAfterKill + Millis(random_() % 600'000);
      if (again > until) return sim_.pass(until - sim_.mono());
      sim_.pass(again - sim_.mono());
      start();
      if (!service_) sim_.pass(std::min<MonoTime::duration>(kStartAgain, until - sim_.mono()));
      continue;
    }
    std::mutex mutex;
    std::unique_lock lock(mutex);
    core::Condition changed;
    sim_.await(lock, changed, {}, until, [this] { return disk_.is_cut_off() || ended_; });
    if (disk_.is_cut_off()) {
      kill(loss_);
    } else if (ended_) {
      fault("the service ended by itself: {}", why_ended_);
      kill(Disk::Loss::none);
    }
  }
}

void Day::wait_for_the_disk() {
  while (service_ && disk_.is_waited_for() && !disk_.is_cut_off()) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    core::Condition changed;
    sim_.await(lock, changed, {}, sim_.mono() + 1min,
               [this] { return !disk_.is_waited_for() || disk_.is_cut_off(); });
  }
}

void Day::happen(const Event& event) {
  switch (event.kind) {
    case Kind::step:
      if (event.amount < 0) set_back_.push_back(sim_.mono());
      if (event.amount < 0 && service_) back_ += Millis(-event.amount);
      sim_.step(Millis(event.amount));
      break;
    case Kind::suspend: sim_.suspend(Millis(event.amount)); break;
    case Kind::kill: kill(static_cast<Disk::Loss>(event.amount)); break;
    case Kind::kill_at_write:
      loss_ = static_cast<Disk::Loss>(event.amount % 3);
      disk_.cut_off_after(static_cast<std::uint64_t>(event.amount));
      break;
    case Kind::reload: reload(); break;
    case Kind::rotate: rotate(event.amount); break;
    case Kind::look: look(); break;
    default: break;
  }
}

// As the script has it at this instant.
void Day::set_disk() {
  const Millis now = provider_.since_start();
  Disk::Fault fault = Disk::Fault::none;
  Millis sync_takes{0};
  bool is_locked = false;
  for (const Event& event : script_.events) {
    if (!event.is_on(now)) continue;
    if (event.kind == Kind::disk_full) fault = Disk::Fault::full;
    if (event.kind == Kind::write_error) fault = Disk::Fault::write_error;
    if (event.kind == Kind::short_write) fault = Disk::Fault::short_write;
    if (event.kind == Kind::sync_error) fault = Disk::Fault::sync_error;
    if (event.kind == Kind::damaged_page) fault = Disk::Fault::damaged_page;
    if (event.kind == Kind::slow_sync) sync_takes = Millis(event.amount);
    if (event.kind == Kind::locked) is_locked = true;
  }
  if (!is_locked && locker_ != nullptr) sqlite3_close(std::exchange(locker_, nullptr));
  if (is_locked && locker_ == nullptr && service_) {
    wait_for_the_disk();
    const Disk::AtOnce at_once(disk_);
    sqlite3_open_v2(dir_.file("ledger.db").c_str(), &locker_, SQLITE_OPEN_READWRITE, nullptr);
    sqlite3_exec(locker_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
  }
  disk_.fail(fault);
  disk_.sync_takes(sync_takes);
}

// Some lines of the application, of now.
void Day::write_log() {
  if (line_is_half_) return;
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const Millis now = provider_.since_start();
  const bool fails = std::any_of(script_.events.begin(), script_.events.end(), [&](const Event& e) {
    return e.kind == Kind::failing_lines && e.is_on(now);
  });
  const auto second = std::chrono::floor<std::chrono::seconds>(sim_.wall());
  const auto day = std::chrono::floor<std::chrono::days>(second);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(second - day);
  std::ofstream out(log_path("access.log"), std::ios::app | std::ios::binary);
  for (std::uint64_t i = random_() % 4; i > 0; --i) {
    const int status = fails && random_() % 2 == 0 ? 500 : random_() % 9 == 0 ? 404 : 200;
    out << fmt::format(
        "10.0.0.1 - - [{:02}/{}/{}:{:02}:{:02}:{:02} +0000] \"GET /r/{} HTTP/1.1\" {} 12 \"-\" "
        "\"app/1\"\n",
        static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
        static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
        time.seconds().count(), lines_++, status);
    oracle::Answers& minute = logged_[minute_of(stamp(Instant(second)))];
    ++minute.requests;
    if (status == 500) ++minute.errors;
  }
}

void Day::rotate(std::int64_t how) {
  const std::string path = log_path("access.log");
  if (!fs::exists(path) || line_is_half_) return;
  write_log();
  // What came before has other names already.
  for (int n = 9; n > 0; --n) {
    const std::string from = fmt::format("{}.{}", path, n);
    if (fs::exists(from)) fs::rename(from, fmt::format("{}.{}", path, n + 1));
  }
  if (how == 2) {
    fs::copy_file(path, path + ".1");
    fs::resize_file(path, 0);
    return;
  }
  if (how == 1) {
    // A line that is half written goes with its file, and is ended there.
    const auto size = fs::file_size(path);
    write_log();
    std::ifstream in(path, std::ios::binary);
    const std::string all{std::istreambuf_iterator<char>(in), {}};
    const std::string half = all.substr(0, size + (all.size() - size) / 2);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << half;
    line_is_half_ = true;
    const Millis now = provider_.since_start();
    steps_.emplace(now + 6min, [path] { fs::rename(path, path + ".1"); });
    steps_.emplace(now + 12min, [this, path, rest = all.substr(half.size())] {
      std::ofstream(path + ".1", std::ios::binary | std::ios::app) << rest;
      line_is_half_ = false;
    });
    return;
  }
  fs::rename(path, path + ".1");
}

void Day::reload() {
  if (!service_) return;
  wait_for_the_disk();
  if (!service_ || disk_.is_cut_off()) return;
  const Disk::AtOnce at_once(disk_);
  const auto done = service_->exchange(settings(!second_probe_));
  if (done) {
    second_probe_ = !second_probe_;
  } else if (!in_trouble(sim_.mono(), sim_.mono()) && !disk_.is_cut_off()) {
    fault("the settings were not exchanged: {}", done.error().message);
  }
}

std::string Day::ask(const std::string& path) {
  const Disk::AtOnce at_once(disk_);
  const web::Request request{"GET", path, {}, {}, {}};
  return web::finished(service_->handler()(request)).body;
}

// What was there once is there ever after, whatever happened in between; and each due instant has
// come to something.
void Day::look() {
  wait_for_the_disk();
  if (disk_.is_cut_off()) return;
  const Disk::AtOnce at_once(disk_);
  if (service_) {
    const std::string metrics = ask("/metrics");
    const double in_flight = sum_of(metrics, "recoup_probes_due_total") -
                             sum_of(metrics, "recoup_requests_total") -
                             sum_of(metrics, "recoup_probes_missed_total");
    if (in_flight < 0 || in_flight > 2) fault("due is sent and missed, but for {}", in_flight);
  }
  if (!fs::exists(dir_.file("ledger.db"))) return;
  const bool may_fail = in_trouble(sim_.mono(), sim_.mono());
  const std::size_t before = faults_.size();
  const Counts counts = read_counts();
  if (faults_.size() > before && may_fail) faults_.resize(before);
  if (faults_.size() > before || (may_fail && counts.empty())) return;
  for (const auto& [what, count] : seen_) {
    const auto now = counts.find(what);
    const std::uint64_t is = now == counts.end() ? 0 : now->second;
    if (is < count) fault("{} was {} and is {}", what, count, is);
  }
  seen_ = counts;
}

Day::Counts Day::read_counts() {
  Counts counts;
  const auto ledger =
      ledger::open_ledger("sqlite:" + dir_.file("ledger.db"), ledger::Missing::refuse);
  if (!ledger) {
    fault("the ledger cannot be opened: {}", ledger.error().message);
    return counts;
  }
  for (const char* id : {"kms", "web"}) {
    const auto tallies = (*ledger)->tallies(id, kAlways);
    if (!tallies) {
      fault("the ledger cannot be read: {}", tallies.error().message);
      return {};
    }
    for (const auto& row : tallies->rows()) {
      counts[fmt::format("{} {} {}", id, core::to_text(Instant(row.minute)),
                         core::to_text(tallies->outcomes()[row.outcome]))] += row.count;
    }
  }
  return counts;
}

std::vector<std::string> Day::run() {
  const MonoTime began = sim_.mono();
  for (const Event& event : script_.events) {
    if (event.kind == Kind::kill_at_write && event.at == Millis(0)) happen(event);
  }
  start();
  for (const Event& event : script_.events) {
    const bool is_at_start = event.kind == Kind::kill_at_write && event.at == Millis(0);
    if (!is_at_start) steps_.emplace(event.at, [this, &event] { happen(event); });
    if (event.length > Millis(0)) steps_.emplace(event.at + event.length, [] {});
  }
  for (Millis at{0}; at < script_.length; at += kLogEvery) {
    steps_.emplace(at, [this] { write_log(); });
  }
  // A step may add others, that come later.
  for (auto step = steps_.begin(); step != steps_.end(); ++step) {
    wait_until(began + step->first);
    set_disk();
    step->second();
  }
  // Whatever went wrong is over.
  wait_until(std::max(began + script_.length, sim_.mono()));
  set_disk();
  disk_operations_ = disk_.operations();
  wait_until(sim_.mono() + 40min);
  // The rest of the months passes in the machine's sleep.
  for (const auto& month : months()) {
    const Instant sealed = end_of(month) + 25h;
    if (sim_.wall() < sealed) sim_.suspend(sealed - sim_.wall());
    wait_until(sim_.mono() + 3h);
  }
  // What a clock that ran ahead had sealed too early is looked at anew once a day.
  if (back_ >= 24h) wait_until(sim_.mono() + 25h);
  look();
  if (tamper_) tamper_(dir_.file("ledger.db"));
  if (!service_) {
    fault("the service does not run at the end");
    return faults_;
  }
  const oracle::Minutes minutes = check_counts();
  check_evidence();
  for (const auto& month : months()) {
    if (end_of(month) + 25h > sim_.wall()) continue;
    check_month("kms", month, minutes);
    check_month("web", month, logged_);
  }
  stop();
  check_sums();
  return faults_;
}

}  // namespace recoup::test
