#include "simulation/disk.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>

namespace recoup::test {

// As SQLite has it; the system's own file lies behind it in the same memory.
struct Disk::File {
  sqlite3_file base;
  Disk* disk;
  const char* path;
  bool is_ledger;  // and not its log

  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  const sqlite3_io_methods& system() { return *real()->pMethods; }
  static File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
};

struct Disk::Methods {
  static Disk& disk_of(sqlite3_vfs* vfs) { return *static_cast<Disk*>(vfs->pAppData); }

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* opened, int flags, int* out) {
    Disk& disk = disk_of(vfs);
    File& file = File::of(opened);
    file.base.pMethods = nullptr;
    file.disk = &disk;
    file.path = name;
    file.is_ledger = (flags & SQLITE_OPEN_MAIN_DB) != 0;
    const int code = disk.system_->xOpen(disk.system_, name, file.real(), flags, out);
    if (file.real()->pMethods != nullptr) file.base.pMethods = &kMethods;
    return code;
  }

  static int remove(sqlite3_vfs* vfs, const char* name, int synchronise) {
    Disk& disk = disk_of(vfs);
    if (disk.cut_off_) return SQLITE_IOERR_DELETE;
    disk.unsynchronised_.erase(name);
    return disk.system_->xDelete(disk.system_, name, synchronise);
  }

  static int sleep(sqlite3_vfs* vfs, int microseconds) {
    disk_of(vfs).wait(std::chrono::microseconds(microseconds));
    return microseconds;
  }

  static int close(sqlite3_file* opened) {
    File& file = File::of(opened);
    return file.system().xClose(file.real());
  }

  static int read(sqlite3_file* opened, void* bytes, int count, sqlite3_int64 offset) {
    File& file = File::of(opened);
    const int code = file.system().xRead(file.real(), bytes, count, offset);
    if (file.disk->fault_ == Fault::damaged_page && file.is_ledger && offset > 0) {
      std::memset(bytes, 0x5a, static_cast<std::size_t>(count));
    }
    return code;
  }

  // What a part of the file holds; less than asked for where it ends before.
  static std::string held(File& file, sqlite3_int64 offset, sqlite3_int64 count,
                          sqlite3_int64 size) {
    std::string bytes(
        static_cast<std::size_t>(std::max<sqlite3_int64>(0, std::min(count, size - offset))), '\0');
    if (!bytes.empty())
      file.system().xRead(file.real(), bytes.data(), static_cast<int>(bytes.size()), offset);
    return bytes;
  }

  static int write(sqlite3_file* opened, const void* bytes, int count, sqlite3_int64 offset) {
    File& file = File::of(opened);
    Disk& disk = *file.disk;
    if (!disk.may_go_on()) return SQLITE_IOERR_WRITE;
    if (disk.fault_ == Fault::full) return SQLITE_FULL;
    if (disk.fault_ == Fault::write_error) return SQLITE_IOERR_WRITE;
    if (disk.fault_ == Fault::short_write) count /= 2;
    if (file.path != nullptr) {
      sqlite3_int64 size = 0;
      file.system().xFileSize(file.real(), &size);
      disk.unsynchronised_[file.path].push_back(
          {offset, held(file, offset, count, size), size,
           std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(count)), -1});
    }
    const int code = file.system().xWrite(file.real(), bytes, count, offset);
    return disk.fault_ == Fault::short_write ? SQLITE_FULL : code;
  }

  static int truncate(sqlite3_file* opened, sqlite3_int64 to) {
    File& file = File::of(opened);
    Disk& disk = *file.disk;
    if (!disk.may_go_on()) return SQLITE_IOERR_TRUNCATE;
    if (file.path != nullptr) {
      sqlite3_int64 size = 0;
      file.system().xFileSize(file.real(), &size);
      disk.unsynchronised_[file.path].push_back(
          {to, held(file, to, size - to, size), size, "", to});
    }
    return file.system().xTruncate(file.real(), to);
  }

  static int sync(sqlite3_file* opened, int flags) {
    File& file = File::of(opened);
    Disk& disk = *file.disk;
    if (!disk.may_go_on()) return SQLITE_IOERR_FSYNC;
    if (disk.sync_takes_ > std::chrono::nanoseconds(0)) disk.wait(disk.sync_takes_);
    if (disk.cut_off_ || disk.fault_ == Fault::sync_error) return SQLITE_IOERR_FSYNC;
    if (file.path != nullptr) disk.unsynchronised_.erase(file.path);
    return file.system().xSync(file.real(), flags);
  }

  static int size(sqlite3_file* opened, sqlite3_int64* out) {
    File& file = File::of(opened);
    return file.system().xFileSize(file.real(), out);
  }
  static int lock(sqlite3_file* opened, int level) {
    File& file = File::of(opened);
    return file.system().xLock(file.real(), level);
  }
  static int unlock(sqlite3_file* opened, int level) {
    File& file = File::of(opened);
    return file.system().xUnlock(file.real(), level);
  }
  static int is_reserved(sqlite3_file* opened, int* out) {
    File& file = File::of(opened);
    return file.system().xCheckReservedLock(file.real(), out);
  }
  static int control(sqlite3_file* opened, int what, void* argument) {
    File& file = File::of(opened);
    return file.system().xFileControl(file.real(), what, argument);
  }
  static int sector(sqlite3_file* opened) {
    File& file = File::of(opened);
    return file.system().xSectorSize(file.real());
  }
  static int traits(sqlite3_file* opened) {
    File& file = File::of(opened);
    return file.system().xDeviceCharacteristics(file.real());
  }
  static int map(sqlite3_file* opened, int page, int size, int extend, void volatile** out) {
    File& file = File::of(opened);
    return file.system().xShmMap(file.real(), page, size, extend, out);
  }
  static int lock_map(sqlite3_file* opened, int offset, int count, int flags) {
    File& file = File::of(opened);
    return file.system().xShmLock(file.real(), offset, count, flags);
  }
  static void barrier(sqlite3_file* opened) {
    File& file = File::of(opened);
    file.system().xShmBarrier(file.real());
  }
  static int unmap(sqlite3_file* opened, int remove) {
    File& file = File::of(opened);
    return file.system().xShmUnmap(file.real(), file.disk->cut_off_ ? 0 : remove);
  }

  static constexpr sqlite3_io_methods kMethods{
      2,       close,  read,   write, truncate, sync,    size,  lock,    unlock, is_reserved,
      control, sector, traits, map,   lock_map, barrier, unmap, nullptr, nullptr};
};

Disk::Disk(SimWorld& world) : world_(world), system_(sqlite3_vfs_find(nullptr)) {
  vfs_ = *system_;
  vfs_.szOsFile = static_cast<int>(sizeof(File)) + system_->szOsFile;
  vfs_.zName = "simulated";
  vfs_.pAppData = this;
  vfs_.xOpen = Methods::open;
  vfs_.xDelete = Methods::remove;
  vfs_.xSleep = Methods::sleep;
  sqlite3_vfs_register(&vfs_, 1);
}

Disk::~Disk() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(system_, 1);
}

// Counts an operation; false where nothing reaches the disk any more.
bool Disk::may_go_on() {
  if (++operations_ >= cut_off_at_) cut_off_ = true;
  return !cut_off_;
}

// The end of the process ends the waiting: what SQLite is told then is that the disk failed. No
// exception may pass through it.
void Disk::wait(std::chrono::nanoseconds time) {
  if (at_once_ || cut_off_) return;
  ++waiting_;
  try {
    world_.pass(time);
  } catch (...) {
    cut_off_ = true;
  }
  --waiting_;
}

void Disk::restore(Loss loss, std::mt19937_64& random) {
  for (const auto& [path, changes] : unsynchronised_) {
    if (loss == Loss::none || !std::filesystem::exists(path)) continue;
    undo(path, changes, loss, random);
    // What several processes share of it is in memory.
    std::error_code ignored;
    if (path.ends_with("-wal")) {
      std::filesystem::remove(path.substr(0, path.size() - 3) + "shm", ignored);
    }
  }
  unsynchronised_.clear();
  cut_off_ = false;
  cut_off_at_ = UINT64_MAX;
}

// Back to what was synchronised; and from there on to what of the rest had reached the disk.
void Disk::undo(const std::string& path, const Changes& changes, Loss loss,
                std::mt19937_64& random) {
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  const auto put = [&](const std::string& bytes, std::int64_t offset) {
    if (!bytes.empty() && ::pwrite(file, bytes.data(), bytes.size(), offset) < 0) return false;
    return true;
  };
  bool done = true;
  for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
    done = put(change->before, change->offset) && ::ftruncate(file, change->size) == 0 && done;
  }
  for (const Change& change : changes) {
    if (loss == Loss::all || random() % 2 == 0) continue;
    if (change.cut_to >= 0) {
      done = ::ftruncate(file, change.cut_to) == 0 && done;
    } else {
      const auto whole = random() % 3 != 0;
      const auto size = whole ? change.after.size() : random() % (change.after.size() + 1);
      done = put(change.after.substr(0, size), change.offset) && done;
    }
  }
  if (!done) std::abort();
  ::close(file);
}

}  // namespace recoup::test
