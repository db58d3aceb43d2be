#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

#include "base/deadline.h"
#include "base/file.h"
#include "base/json.h"

namespace offstage::test {

/// The program under test, built beside the tests.
std::filesystem::path offstage_program();

/// A folder for one test: where programs run and what they call home, so that nothing outside is touched.
class Sandbox {
 public:
  std::filesystem::path path() const { return folder_.path(); }
  /// Writes a file there and gives its path.
  std::filesystem::path write(const std::string& name, const std::string& content) const;

 private:
  TemporaryFolder folder_{"offstage-test-"};
};

/// How a program is started.
struct Start {
  std::filesystem::path folder;                  ///< working folder and home
  std::map<std::string, std::string> variables;  ///< added to a small environment without any OFFSTAGE_*
  std::string input;                             ///< on stdin, then its end; without a terminal
  bool terminal = false;                         ///< stdin and stderr are a terminal, 100 columns wide
  std::string output_file;                       ///< stdout goes there instead
  Milliseconds patience{150'000};  ///< how long it may take to its end, or to what is waited for
};

/// What a program left behind.
struct Finished {
  int exit_code = -1;  ///< 128 and the signal's number when a signal ended it
  std::string out;
  std::string err;
  /// stdout as JSON; fails the test when it is not exactly one document.
  Json document() const;
};

/// A program that runs, for one test. Ended with this object. One thread.
class Program {
 public:
  /// `words.front()` is the program.
  Program(const std::vector<std::string>& words, const Start& start);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  /// Waits until `text` stands in stderr; fails the test when it does not come, or the program ends first.
  void wait_for(const std::string& text);
  /// Types at the terminal.
  void type(const std::string& text);
  void signal(int number) const;
  /// Waits for the end; fails the test when it does not come.
  Finished finish();
  pid_t pid() const { return pid_; }
  /// What has come on stderr so far.
  const std::string& err() const { return finished_.err; }

 private:
  bool read_some(const Deadline& deadline);

  pid_t pid_ = -1;
  bool terminal_ = false;
  Milliseconds patience_;
  FileDescriptor input_;
  FileDescriptor out_;
  FileDescriptor err_;
  Finished finished_;
};

/// Starts offstage with these arguments and waits for its end.
Finished run_offstage(const std::vector<std::string>& arguments, const Start& start);

}  // namespace offstage::test
