#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "console/heroku/http.h"
#include "console/heroku/stage.h"

namespace offstage::practice_heroku {

/// The names under which the practice console answers.
std::span<const std::string_view> hosts();

/// The whole console behind its sockets: dispatches by host, keeps the record that tests read, and answers
/// the endpoints that only a loopback address reaches. Thread-safe.
class Practice {
 public:
  /// `stage` holds the world as seeded, the faults as switched on at the start, and the variant of labels.
  explicit Practice(Stage stage);

  Response handle(const Request& request);

  /// The address and secrets of the account that Offstage signs in with.
  Account automation() const;

 private:
  Response dispatch(const Request& request, std::string& actor);
  Response admin(const Request& request);
  Response switch_faults(const Request& request);
  Response admin_page() const;
  void note(const Request& request, const Response& response, const std::string& actor);

  mutable std::mutex mutex_;
  const Stage first_;
  Stage stage_;
  Json changes_ = Json::array();
  std::deque<Json> requests_;
  std::size_t request_count_ = 0;
};

}  // namespace offstage::practice_heroku
