#include "faults/moments.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <string_view>

namespace offstage::faults {
namespace {

const std::vector<std::string> message_faults{"kill",     "stop", "delay",  "chrome",
                                              "renderer", "drop", "double", "corrupt"};
const std::vector<std::string> file_faults{"kill", "stop", "full"};
const std::vector<std::string> unsynced_line_faults{"kill", "stop", "full", "torn"};
const std::vector<std::string> exchange_faults{"kill", "stop", "delay"};

bool is_file(const Moment& moment) {
  return moment.text.starts_with("file ");
}

bool is_exchange(const Moment& moment) {
  return moment.text.starts_with("exchange ");
}

bool is_taken(const Moment& moment) {
  return moment.text.starts_with("take ");
}

bool is_of_journal(const Moment& moment) {
  return is_file(moment) && moment.text.ends_with(".jsonl");
}

const std::vector<std::string>& faults_of(const Moment& moment) {
  if (is_exchange(moment)) return exchange_faults;
  if (!is_file(moment)) return message_faults;
  return moment.text.starts_with("file before the fsync of ") && is_of_journal(moment) ? unsynced_line_faults
                                                                                       : file_faults;
}

/// The value of a member of a DevTools message, of which only the head is known; "" when it is not in it.
std::string_view member(std::string_view head, std::string_view name) {
  const std::size_t start = head.find(name);
  if (start == std::string_view::npos) return {};
  head.remove_prefix(start + name.size());
  return head.substr(0, head.find_first_of(",\"}"));
}

/// What a DevTools message is, with the methods of the commands that were sent by their numbers.
std::string kind_of_message(std::string_view text, std::map<std::string, std::string>& sent) {
  const std::string id(member(text, "{\"id\":"));
  const std::string method(member(text, "\"method\":\""));
  if (text.starts_with("send ")) return "send " + (sent[id] = method);
  return id.empty() ? "event " + method : "answer to " + sent[id];
}

/// What happens to a file or at an address, without what no two runs have alike: numbers.
std::string without_numbers(std::string text) {
  std::erase_if(text, [](unsigned char c) { return std::isdigit(c) != 0; });
  // A run's own journal is named after the run, whose name ends in hexadecimal digits.
  const std::size_t run = text.find("TZ-");
  return run == std::string::npos ? text : text.substr(0, run) + "RUN";
}

/// Marks what lies between the announcement of the commit and the look that proves it.
void mark_commit(std::vector<Moment>& moments) {
  // The intent is the journal's fourth line, and each line is three moments in each of its two files.
  constexpr int moments_of_lines_before = 3 * 2 * 3;
  constexpr int moments_until_verified = 3 * 2 * 4;
  int journal = 0;
  for (Moment& moment : moments) {
    if (is_of_journal(moment)) ++journal;
    moment.near_commit =
        journal > moments_of_lines_before && journal <= moments_of_lines_before + moments_until_verified;
  }
}

/// Whether a fault leaves behind what the same fault leaves at the moment before: nothing went out in
/// between, neither to Chrome nor to a file, and a run that ends does not care which message it was taking.
/// Not so around the commit, where the console changes while Offstage only takes.
bool repeats(const std::vector<Moment>& moments, std::size_t i, const std::string& fault) {
  const bool depends_on_message = fault == "drop" || fault == "double" || fault == "delay";
  return i > 0 && is_taken(moments[i]) && is_taken(moments[i - 1]) && !depends_on_message;
}

/// Signing in begins with a run's first page, and the next one that is asked for is the first list.
bool is_sign_in(const Moment& moment) {
  return moment.stage <= 1;
}

std::vector<Disturbance> thinned(const std::vector<Disturbance>& all, std::size_t count) {
  if (all.size() <= count) return all;
  std::vector<Disturbance> some;
  // A step that shares no divisor with the number of faults brings each of them, not one again and again.
  for (std::size_t i = 0; i < count; ++i)
    some.push_back(all[i * all.size() / count + i % (all.size() / count)]);
  return some;
}

/// For each moment, whether it stands for its kind in its stage in this round.
std::vector<bool> representatives(const std::vector<Moment>& moments, std::size_t round) {
  std::map<std::pair<int, std::string>, std::vector<std::size_t>> alike;
  for (std::size_t i = 0; i < moments.size(); ++i)
    alike[{moments[i].stage, moments[i].kind}].push_back(i);
  std::vector<bool> chosen(moments.size(), false);
  for (const auto& [what, all] : alike)
    chosen[all[(round - 1) % all.size()]] = true;
  return chosen;
}

}  // namespace

std::vector<Moment> moments_of(const std::vector<std::string>& told) {
  std::vector<Moment> moments;
  std::map<std::string, std::string> sent;
  int stage = 0;
  for (const std::string& text : told) {
    Moment moment{text, {}, 0, false};
    const bool is_message = !is_file(moment) && !is_exchange(moment);
    moment.kind = is_message ? kind_of_message(text, sent) : without_numbers(text);
    if (moment.kind == "send Page.navigate" || moment.kind.starts_with("file before writing")) ++stage;
    moment.stage = stage;
    moments.push_back(std::move(moment));
  }
  mark_commit(moments);
  return moments;
}

std::vector<Disturbance> disturbances(const std::vector<Moment>& moments, const Choice& choice) {
  std::vector<bool> wanted(moments.size(), true);
  if (choice.round != 0) wanted = representatives(moments, choice.round);
  std::vector<Disturbance> near;
  std::vector<Disturbance> rest;
  std::vector<Disturbance> again;
  for (std::size_t i = 0; i < moments.size(); ++i) {
    const Moment& moment = moments[i];
    if (!wanted[i] || (choice.only_near && !moment.near_commit)) continue;
    if (choice.only_sign_in && !is_sign_in(moment)) continue;
    for (const std::string& fault : faults_of(moment)) {
      const Disturbance one{static_cast<long>(i) + 1, fault, moment.text.substr(0, 60), moment.near_commit};
      if (one.name().find(choice.where) == std::string::npos) continue;
      (moment.near_commit ? near : repeats(moments, i, fault) ? again : rest).push_back(one);
    }
  }
  if (choice.most != 0) {
    near = thinned(near, std::max<std::size_t>(1, choice.most * 2 / 3));
    rest = thinned(rest, choice.most - std::min(choice.most, near.size()));
    again.clear();
  }
  near.insert(near.end(), rest.begin(), rest.end());
  near.insert(near.end(), again.begin(), again.end());
  return near;
}

}  // namespace offstage::faults
