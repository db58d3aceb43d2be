#include "rehearsal/mutations.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "embedded/another_person_js.h"

namespace offstage::rehearsal {
namespace {

using recording::Exchange;
using recording::Recording;

constexpr Milliseconds slow{1500};
const std::vector<std::string> any_failure{"drift", "refused", "unknown", "unreachable", "busy", "human"};

std::string asked(const Exchange& exchange) {
  const std::size_t path = exchange.url.find('/', exchange.url.find("://") + 3);
  return exchange.method + " " + (path == std::string::npos ? exchange.url : exchange.url.substr(path));
}

bool is_data(const Exchange& exchange) {
  return (exchange.resource_type == "XHR" || exchange.resource_type == "Fetch") && exchange.method == "GET" &&
         exchange.status == 200;
}

/// Somebody else, whose address differs from the target's by one letter.
std::string look_alike(const std::string& target) {
  const std::size_t at = target.find('@');
  return at == std::string::npos ? target + "x" : target.substr(0, at) + "x" + target.substr(at);
}

/// The exchange of the one commit that was done; nothing when there was none.
std::optional<std::size_t> committed_exchange(const Recording& recording) {
  for (const Json& commit : recording.ending.commits) {
    if (text_of(commit, "outcome") != "done") continue;
    for (std::size_t i = recording.exchanges.size(); i-- > 0;) {
      const Exchange& exchange = recording.exchanges[i];
      if (exchange.mutation && exchange.method == text_of(commit, "method") &&
          exchange.url == text_of(commit, "url"))
        return i;
    }
  }
  return std::nullopt;
}

bool holds_text(const Json& value, const std::string& text) {
  if (value.is_string()) return value.get<std::string>() == text;
  if (!value.is_structured()) return false;
  return std::any_of(value.begin(), value.end(), [&](const Json& each) { return holds_text(each, text); });
}

void rename_in(Json& value, const std::string& from, const std::string& to) {
  if (value.is_string() && value.get<std::string>() == from) value = to;
  if (!value.is_structured()) return;
  for (Json& each : value)
    rename_in(each, from, to);
}

/// The list of rows in an answer, wherever it stands, in which one holds the text.
Json* rows_with(Json& value, const std::string& text) {
  if (value.is_array()) {
    for (const Json& row : value) {
      if (row.is_object() && holds_text(row, text)) return &value;
    }
  }
  if (!value.is_structured()) return nullptr;
  for (Json& each : value) {
    if (Json* found = rows_with(each, text)) return found;
  }
  return nullptr;
}

/// Makes mutations of one recording, one kind after the other.
class Maker {
 public:
  Maker(const Recording& recording, const Scenario& scenario)
      : recording_(recording), scenario_(scenario), commit_(committed_exchange(recording)) {
    const Json* commit = recording.ending.commits.empty() ? nullptr : &recording.ending.commits.back();
    target_ = commit != nullptr ? text_of(*commit, "target") : text_of(recording.arguments, "user");
  }

  std::vector<Mutation> make() {
    if (commit_) {
      commit_fails();
      confirmation_names_another();
      list_lags();
      rows_deceive();
    }
    answers_fail();
    everything_is_slow();
    return std::move(made_);
  }

 private:
  Mutation& add(std::string what, std::vector<std::string> endings) {
    Mutation mutation;
    mutation.what = std::move(what);
    mutation.recording = recording_;
    mutation.endings = std::move(endings);
    made_.push_back(std::move(mutation));
    return made_.back();
  }

  static void answer(Exchange& exchange, int status, const std::string& id, const std::string& words) {
    exchange.status = status;
    exchange.status_text.clear();
    exchange.response_body = Json({{"id", id}, {"message", words}}).dump();
  }

  void commit_fails() {
    const std::string what = asked(recording_.exchanges[*commit_]);
    Exchange& lost =
        add(fmt::format("the answer to {} is lost", what), {"unknown"}).recording.exchanges[*commit_];
    lost.status = 0;
    lost.failure = "ConnectionClosed";
    answer(add(what + " is answered 403", {"refused"}).recording.exchanges[*commit_], 403, "forbidden",
           "You do not have access.");
    answer(add(what + " is answered 500", {"unknown"}).recording.exchanges[*commit_], 500, "internal",
           "Something went wrong.");
    answer(add(what + " is answered 429", {"busy"}).recording.exchanges[*commit_], 429, "rate_limit",
           "Too many requests.");
  }

  /// Plain CSS of the commit's confirmations: where the page names its target.
  Json confirmation_selectors() const {
    Json selectors = Json::array();
    for (const auto& script : scenario_.scripts) {
      for (const script::Step& step : script->steps) {
        if (step.name != "commit") continue;
        for (const Json& condition : step.fields.at("parameters").at("confirm")) {
          for (const Json& chain : condition.value("selectors", Json::array())) {
            const Json& first = chain.is_array() && !chain.empty() ? chain.front() : chain;
            if (!first.is_string()) continue;
            const std::string text = first.get<std::string>();
            const bool css = text.find('/') == std::string::npos && text.find("{{") == std::string::npos;
            if (css) selectors.push_back(text);
          }
        }
      }
    }
    return selectors;
  }

  void confirmation_names_another() {
    const Json selectors = confirmation_selectors();
    if (selectors.empty() || target_.empty()) return;
    Mutation& mutation = add("the confirmation names somebody else", {"drift"});
    const Json wrong{{"selectors", selectors}, {"target", target_}, {"other", look_alike(target_)}};
    mutation.page_script = fmt::format("({})({})", embedded::another_person_js, wrong.dump());
    mutation.nothing_committed = true;
  }

  /// What was read of the console before the commit, read again after it.
  void list_lags() {
    const int epoch = recording_.exchanges[*commit_].epoch;
    Mutation mutation;
    mutation.recording = recording_;
    bool lags = false;
    for (Exchange& late : mutation.recording.exchanges) {
      if (late.epoch <= epoch || !is_data(late)) continue;
      for (const Exchange& early : recording_.exchanges) {
        if (early.epoch > epoch || early.url != late.url || early.method != late.method || !is_data(early))
          continue;
        lags = lags || early.response_body != late.response_body;
        late.response_body = early.response_body;
        late.response_headers = early.response_headers;
      }
    }
    if (!lags || !reads_rows_twice()) return;
    mutation.what = "the list shows the change one look late";
    mutation.endings = {"ok"};
    mutation.truth = truth_before();
    made_.push_back(std::move(mutation));
  }

  /// Whether the run reads the same rows before and after its commit: the first and the last script are one.
  bool reads_rows_twice() const {
    const Json& read = recording_.ending.variables;
    std::size_t same = 0;
    for (const Json& each : read) {
      if (text_of(each, "script") == text_of(read.back(), "script")) ++same;
    }
    return read.size() > 1 && same > 1;
  }

  /// What a console that lags shows: the last listing is what the first one was.
  Json truth_before() const {
    Json truth = recording_.ending.variables;
    for (const Json& each : recording_.ending.variables) {
      if (text_of(each, "script") != text_of(truth.back(), "script")) continue;
      truth.back()["set"] = each.at("set");
      break;
    }
    return truth;
  }

  void rows_deceive() {
    if (target_.empty()) return;
    Recording doubled = recording_;
    Recording renamed = recording_;
    bool found = false;
    for (std::size_t i = 0; i < recording_.exchanges.size(); ++i) {
      const Exchange& exchange = recording_.exchanges[i];
      if (!is_data(exchange) || exchange.epoch > recording_.exchanges[*commit_].epoch) continue;
      Json body = Json::parse(exchange.response_body, nullptr, false);
      if (body.is_discarded()) continue;
      Json* rows = rows_with(body, target_);
      if (rows == nullptr) continue;
      found = true;
      Json other = body;
      rename_in(other, target_, look_alike(target_));
      renamed.exchanges[i].response_body = other.dump();
      const Json row = *std::find_if(rows->begin(), rows->end(),
                                     [&](const Json& each) { return holds_text(each, target_); });
      rows->push_back(row);
      doubled.exchanges[i].response_body = body.dump();
    }
    if (!found) return;
    Mutation& twice = add("the target's row is there twice", {"drift"});
    twice.recording = std::move(doubled);
    twice.nothing_committed = true;
    Mutation& gone = add("the target's row has another name", {"drift"});
    gone.recording = std::move(renamed);
    gone.nothing_committed = true;
  }

  /// A session that ends, or a console that breaks, at the first, a middle and the last request for data.
  void answers_fail() {
    std::vector<std::size_t> data;
    for (std::size_t i = 0; i < recording_.exchanges.size(); ++i) {
      if (is_data(recording_.exchanges[i])) data.push_back(i);
    }
    if (data.empty()) return;
    std::vector<std::size_t> chosen{data.front(), data[data.size() / 2], data.back()};
    chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
    std::vector<std::string> endings = any_failure;
    // What nothing depends on may fail: then the run must have come to exactly what was recorded.
    endings.emplace_back("ok");
    for (const std::size_t index : chosen) {
      for (const int status : {401, 500}) {
        Mutation& mutation = add(
            fmt::format("{} (request {}) is answered {}", asked(recording_.exchanges[index]), index, status),
            endings);
        answer(mutation.recording.exchanges[index], status, status == 401 ? "unauthorized" : "internal",
               "No.");
      }
    }
  }

  void everything_is_slow() {
    std::vector<std::string> endings{recording_.ending.kind};
    Mutation& mutation = add("answers that change something, and the first list, come late", endings);
    bool listed = false;
    for (std::size_t i = 0; i < recording_.exchanges.size(); ++i) {
      const Exchange& exchange = recording_.exchanges[i];
      if (exchange.mutation || (!listed && is_data(exchange))) mutation.delays[i] = slow;
      listed = listed || is_data(exchange);
    }
  }

  const Recording& recording_;
  const Scenario& scenario_;
  std::optional<std::size_t> commit_;
  std::string target_;
  std::vector<Mutation> made_;
};

bool any_done(const Json& commits) {
  return std::any_of(commits.begin(), commits.end(),
                     [](const Json& commit) { return text_of(commit, "outcome") == "done"; });
}

}  // namespace

std::vector<Mutation> mutations_of(const Recording& recording, const Scenario& scenario) {
  return Maker(recording, scenario).make();
}

Verdict play_mutated(browser::Browser& browser, recording::Traffic& traffic, const Mutation& mutation,
                     const Scenario& scenario, const Until& until) {
  script::Observer nobody;
  Log quiet = Log::none();
  Rehearsal rehearsal(browser, traffic, mutation.recording, scenario);
  rehearsal.delays = mutation.delays;
  rehearsal.page_script = mutation.page_script;
  Verdict verdict = rehearsal.run(nobody, quiet, until);
  verdict.faults.clear();
  verdict.notes.clear();
  const recording::Ending& now = verdict.ending;
  if (std::find(mutation.endings.begin(), mutation.endings.end(), now.kind) == mutation.endings.end()) {
    verdict.faults.push_back(fmt::format("must end as {}, and ends as {}{}{}", join(mutation.endings, " or "),
                                         now.kind, now.message.empty() ? "" : ": ",
                                         printable(now.message, 600)));
  }
  if (mutation.nothing_committed && any_done(now.commits))
    verdict.faults.emplace_back("something was committed, and nothing may be");
  if (now.kind != "ok") return verdict;
  const Json& truth = mutation.truth.is_null() ? mutation.recording.ending.variables : mutation.truth;
  const std::string wrong = first_difference(truth, now.variables);
  if (!wrong.empty())
    verdict.faults.push_back("it ends well, and what it read is not what was there: " + wrong);
  const std::string commits = first_difference(mutation.recording.ending.commits, now.commits);
  if (!commits.empty()) verdict.faults.push_back("it ends well, and what it committed is not so: " + commits);
  return verdict;
}

}  // namespace offstage::rehearsal
