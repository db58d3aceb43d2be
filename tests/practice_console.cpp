#include "practice_console.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <memory>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>
#include <httplib.h>

#include "base/deadline.h"
#include "base/error.h"

namespace offstage::test {
namespace {

constexpr Milliseconds time_to_start{20000};
constexpr Milliseconds time_to_end{3000};

Json content_of(const httplib::Result& result, const std::string& what) {
  if (!result)
    throw Error(Kind::internal, fmt::format("the practice console did not answer {}: {}", what,
                                            httplib::to_string(result.error())));
  if (result->status != 200)
    throw Error(Kind::internal, fmt::format("the practice console refused {}: {}", what, result->body));
  return Json::parse(result->body);
}

std::unique_ptr<httplib::SSLClient> client_of(const std::string& address) {
  const std::size_t colon = address.find(':');
  auto client =
      std::make_unique<httplib::SSLClient>(address.substr(0, colon), std::stoi(address.substr(colon + 1)));
  // Its key is new at each start, and it is on this machine.
  client->enable_server_certificate_verification(false);
  return client;
}

/// The entry of a list whose `key` is `name`, or nullptr.
const Json* named(const Json& list, const char* key, const std::string& name) {
  for (const Json& entry : list) {
    if (entry.at(key) == name) return &entry;
  }
  return nullptr;
}

}  // namespace

PracticeConsole::PracticeConsole(const std::vector<std::string>& arguments) {
  // A connection that the console has closed is an error of one request, and not the end of the tests.
  std::signal(SIGPIPE, SIG_IGN);
  std::vector<std::string> all = {"--dir", folder_.path().string(), "--until-stdin-closes"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  start(std::move(all));
  try {
    wait_until_it_answers();
  } catch (const Error&) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    throw;
  }
}

PracticeConsole::~PracticeConsole() {
  ::kill(pid_, SIGTERM);
  const Deadline deadline = Deadline::in(time_to_end);
  while (::waitpid(pid_, nullptr, WNOHANG) == 0) {
    if (deadline.passed()) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
      return;
    }
    std::this_thread::sleep_for(Milliseconds(2));
  }
}

void PracticeConsole::start(std::vector<std::string> arguments) {
  const std::string program = OFFSTAGE_BINARY_DIR "/libexec/offstage/practice-heroku";
  arguments.insert(arguments.begin(), program);
  std::vector<char*> pointers;
  for (std::string& argument : arguments)
    pointers.push_back(argument.data());
  pointers.push_back(nullptr);

  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw Error(Kind::internal, with_errno("cannot make a pipe"));
  const FileDescriptor read_end(pipe[0]);
  stdin_.reset(pipe[1]);

  const std::string said = (folder_.path() / "output").string();
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, read_end.get(), STDIN_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, said.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                     0600);
  ::posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t usual;
  ::sigemptyset(&usual);
  ::sigaddset(&usual, SIGPIPE);
  ::posix_spawnattr_setsigdefault(&attributes, &usual);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const int failed = ::posix_spawn(&pid_, program.c_str(), &actions, &attributes, pointers.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    errno = failed;
    throw Error(Kind::internal, with_errno("cannot start " + program));
  }
}

void PracticeConsole::wait_until_it_answers() {
  const Deadline deadline = Deadline::in(time_to_start);
  while (!std::filesystem::exists(description_file())) {
    const bool ended = ::waitpid(pid_, nullptr, WNOHANG) != 0;
    if (ended || deadline.passed()) {
      throw Error(Kind::internal, fmt::format("the practice console did not start: {}",
                                              read_file(folder_.path() / "output")));
    }
    std::this_thread::sleep_for(Milliseconds(2));
  }
  description_ = JsonDocument::load(description_file())->root();
}

Json PracticeConsole::get(const std::string& what) const {
  return content_of(client_of(address())->Get("/_practice/" + what), what);
}

Json PracticeConsole::post(const std::string& what, const Json& body) const {
  return content_of(client_of(address())->Post("/_practice/" + what, body.dump(), "application/json"), what);
}

Json PracticeConsole::change_log() const {
  return get("log");
}

Json PracticeConsole::state() const {
  return get("state");
}

std::size_t PracticeConsole::request_count() const {
  return get("requests").at("count").get<std::size_t>();
}

std::size_t PracticeConsole::password_count() const {
  std::size_t count = 0;
  const Json answer = get("requests");
  for (const Json& request : answer.at("requests")) {
    const bool sent = request.at("method") == "POST" && request.at("host") == "id.heroku.com";
    if (sent && request.at("path") == "/login") ++count;
  }
  return count;
}

void PracticeConsole::set_fault(const std::string& name, const std::optional<std::string>& value) {
  Json body = Json::object();
  body[name] = value ? Json(*value) : Json(nullptr);
  post("faults", body);
}

void PracticeConsole::reset(Keep keep) {
  post("reset", {{"keep_sessions", keep == Keep::sessions}});
}

bool PracticeConsole::has_team(const std::string& team) const {
  return named(state().at("teams"), "name", team) != nullptr;
}

bool PracticeConsole::is_member(const std::string& team, const std::string& email) const {
  const Json now = state();
  const Json* found = named(now.at("teams"), "name", team);
  return found != nullptr && named(found->at("members"), "email", email) != nullptr;
}

bool PracticeConsole::is_invited(const std::string& team, const std::string& email) const {
  const Json now = state();
  const Json* found = named(now.at("teams"), "name", team);
  return found != nullptr && named(found->at("invitations"), "email", email) != nullptr;
}

bool PracticeConsole::is_collaborator(const std::string& app, const std::string& email) const {
  const Json now = state();
  const Json* found = named(now.at("apps"), "name", app);
  return found != nullptr && named(found->at("collaborators"), "email", email) != nullptr;
}

}  // namespace offstage::test
