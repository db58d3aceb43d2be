#include "rabbitmq_server.h"

#include <algorithm>
#include <arpa/inet.h>
#include <csignal>
#include <fcntl.h>
#include <netinet/in.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <fmt/format.h>
#include <httplib.h>

#include "base/deadline.h"
#include "base/error.h"
#include "base/text.h"

namespace offstage::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* server_program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
constexpr const char* mapper_program = "/usr/bin/epmd";
constexpr const char* setpriv_program = "/usr/bin/setpriv";
constexpr Milliseconds rabbitmq_time_to_start{90'000};
constexpr const char* administrator =
    "guest";  // RabbitMQ's own first user, who may sign in from loopback only

/// A port of 127.0.0.1 that is free now.
int free_port() {
  const FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket.get(), generic, size) != 0 || ::getsockname(socket.get(), generic, &size) != 0) {
    throw Error(Kind::internal, with_errno("no free port"));
  }
  return ntohs(address.sin_port);
}

/// Who runs the server: Erlang's cookie and files must not be root's.
const passwd& ordinary_user() {
  const passwd* const nobody = ::getpwnam("nobody");
  if (nobody == nullptr) throw Error(Kind::internal, "this machine has no user \"nobody\"");
  return *nobody;
}

void end(pid_t pid) {
  if (pid <= 0) return;
  ::kill(-pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
}

httplib::Client client_of(int port) {
  httplib::Client client("127.0.0.1", port);
  client.set_basic_auth(administrator, administrator);
  client.set_connection_timeout(2);
  client.set_read_timeout(10);
  return client;
}

}  // namespace

bool RabbitmqServer::installed() {
  return fs::exists(server_program) && fs::exists(mapper_program);
}

RabbitmqServer::RabbitmqServer() {
  port_ = free_port();
  distribution_port_ = free_port();
  mapper_port_ = free_port();
  write_configuration();
  try {
    // Started here rather than by the server, which would leave it behind.
    start({mapper_program, "-address", "127.0.0.1", "-port", fmt::format("{}", mapper_port_)}, mapper_);
    start({server_program}, server_);
    wait_until_it_answers();
  } catch (const Error&) {
    end(server_);
    end(mapper_);
    throw;
  }
}

RabbitmqServer::~RabbitmqServer() {
  end(server_);
  end(mapper_);
}

void RabbitmqServer::write_configuration() {
  const fs::path& home = folder_.path();
  write_file(home / "enabled_plugins", "[rabbitmq_management].\n", 0644);
  write_file(
      home / "rabbitmq.conf",
      fmt::format("listeners.tcp = none\nmanagement.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {}\n", port_),
      0644);
  for (const char* name : {"mnesia", "log"})
    fs::create_directory(home / name);
  if (::geteuid() != 0) return;
  const passwd& user = ordinary_user();
  std::vector<fs::path> all = {home};
  for (const auto& entry : fs::directory_iterator(home))
    all.push_back(entry.path());
  for (const fs::path& path : all) {
    if (::chown(path.c_str(), user.pw_uid, user.pw_gid) != 0)
      throw Error(Kind::internal, with_errno("chown " + path.string()));
  }
}

void RabbitmqServer::start(const std::vector<std::string>& command, pid_t& pid) {
  std::vector<std::string> words = {setpriv_program, "--pdeathsig", "KILL"};
  if (::geteuid() == 0) {
    const passwd& user = ordinary_user();
    const std::vector<std::string> as_user = {"--reuid", fmt::format("{}", user.pw_uid), "--regid",
                                              fmt::format("{}", user.pw_gid), "--clear-groups"};
    words.insert(words.end(), as_user.begin(), as_user.end());
  }
  words.insert(words.end(), command.begin(), command.end());

  const std::string home = folder_.path().string();
  std::vector<std::string> environment = {
      "PATH=/usr/bin:/bin",
      "HOME=" + home,
      "LANG=C.UTF-8",
      fmt::format("RABBITMQ_NODENAME=offstage-{}@localhost", port_),
      // Erlang takes the place of the shell that starts it: one process to end, not two.
      "RUNNING_UNDER_SYSTEMD=1",
      "RABBITMQ_CONF_ENV_FILE=/dev/null",
      "RABBITMQ_CONFIG_FILE=" + home + "/rabbitmq.conf",
      "RABBITMQ_ENABLED_PLUGINS_FILE=" + home + "/enabled_plugins",
      "RABBITMQ_MNESIA_BASE=" + home + "/mnesia",
      "RABBITMQ_LOG_BASE=" + home + "/log",
      "RABBITMQ_PID_FILE=" + home + "/pid",
      fmt::format("RABBITMQ_DIST_PORT={}", distribution_port_),
      fmt::format("ERL_EPMD_PORT={}", mapper_port_),
      "ERL_EPMD_ADDRESS=127.0.0.1",
      "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1}",
  };
  const auto pointers = [](std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (std::string& text : texts)
      out.push_back(text.data());
    out.push_back(nullptr);
    return out;
  };

  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  const std::string output = home + "/output";
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
  posix_spawn_file_actions_adddup2(&files, 1, 2);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  const int failed = ::posix_spawn(&pid, words.front().c_str(), &files, &attributes, pointers(words).data(),
                                   pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (failed != 0) throw Error(Kind::internal, fmt::format("could not start {}", words.front()));
}

void RabbitmqServer::wait_until_it_answers() {
  const Deadline deadline = Deadline::in(rabbitmq_time_to_start);
  while (!deadline.passed()) {
    if (const auto answer = client_of(port_).Get("/api/overview"); answer && answer->status == 200) return;
    if (::waitpid(server_, nullptr, WNOHANG) == server_) break;
    std::this_thread::sleep_for(Milliseconds(100));
  }
  throw Error(Kind::internal, "rabbitmq-server did not come up: " + last_words());
}

std::string RabbitmqServer::last_words() const {
  const std::string output = read_file(folder_.path() / "output");
  return printable(output.substr(output.size() > 2000 ? output.size() - 2000 : 0));
}

void RabbitmqServer::add_user(const std::string& name, const std::string& password, const std::string& tags) {
  const Json body = {{"password", password}, {"tags", tags}};
  const auto answer =
      client_of(port_).Put("/api/users/" + url_encoded(name), body.dump(), "application/json");
  if (!answer || answer->status != 201) throw Error(Kind::internal, "RabbitMQ did not add the user " + name);
}

std::vector<std::string> RabbitmqServer::users() const {
  const auto answer = client_of(port_).Get("/api/users");
  if (!answer || answer->status != 200) throw Error(Kind::internal, "RabbitMQ did not list its users");
  std::vector<std::string> names;
  for (const Json& user : Json::parse(answer->body))
    names.push_back(user.at("name"));
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace offstage::test
