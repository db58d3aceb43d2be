#include <catch2/catch.hpp>

#include "recording/exchange.h"

namespace offstage::recording_epochs_test {

using namespace recording;

namespace {

Exchange sent(const std::string& method, const std::string& url, const std::string& second, double took,
              int status = 200) {
  Exchange exchange;
  exchange.method = method;
  exchange.url = url;
  exchange.started_at = "2026-01-31T09:30:" + second + "Z";
  exchange.milliseconds = took;
  exchange.status = status;
  return exchange;
}

std::vector<int> epochs_of(std::vector<Exchange> exchanges, const TrafficRules& rules = {}) {
  number_epochs(exchanges, rules);
  std::vector<int> epochs;
  for (const Exchange& exchange : exchanges)
    epochs.push_back(exchange.epoch);
  return epochs;
}

}  // namespace

TEST_CASE("an answered mutation opens the next epoch", "[recording][epochs]") {
  CHECK(epochs_of({sent("GET", "https://a/", "00.000", 10), sent("DELETE", "https://a/1", "01.000", 10),
                   sent("GET", "https://a/", "02.000", 10), sent("PUT", "https://a/2", "03.000", 10),
                   sent("GET", "https://a/", "03.010", 10)}) == std::vector<int>{0, 0, 1, 1, 2});
}

TEST_CASE("what is sent while a mutation is under way belongs to the epoch before", "[recording][epochs]") {
  CHECK(epochs_of({sent("DELETE", "https://a/1", "01.000", 500), sent("GET", "https://a/", "01.499", 10),
                   sent("GET", "https://a/", "01.500", 10)}) == std::vector<int>{0, 0, 1});
}

TEST_CASE("a mutation whose answer was lost opens the next epoch: it may have been made",
          "[recording][epochs]") {
  CHECK(epochs_of({sent("DELETE", "https://a/1", "01.000", 500, 0), sent("GET", "https://a/", "01.400", 10),
                   sent("GET", "https://a/", "02.000", 10)}) == std::vector<int>{0, 0, 1});
}

TEST_CASE("whether an unanswered mutation opened an epoch is told by what was recorded after it",
          "[recording][epochs]") {
  std::vector<Exchange> exchanges{sent("POST", "https://a/1", "01.000", 10, 0),
                                  sent("POST", "https://a/2", "01.001", 10),
                                  sent("GET", "https://a/", "02.000", 10)};
  exchanges[0].mutation = exchanges[1].mutation = true;
  exchanges[2].epoch = 1;
  CHECK(epoch_openings(exchanges) == std::vector<bool>{false, true, false});
  exchanges[2].epoch = 2;
  CHECK(epoch_openings(exchanges) == std::vector<bool>{true, true, false});
}

TEST_CASE("only what can change something is a mutation", "[recording][epochs]") {
  std::vector<Exchange> exchanges;
  for (const char* method : {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
    exchanges.push_back(sent(method, "https://a/", "00.000", 0));
  number_epochs(exchanges, {});
  std::vector<bool> mutations;
  for (const Exchange& exchange : exchanges)
    mutations.push_back(exchange.mutation);
  CHECK(mutations == std::vector<bool>{false, false, false, true, true, true, true});
}

TEST_CASE("what the connector declares a read is no mutation", "[recording][epochs]") {
  TrafficRules rules;
  rules.reads = {"https://a/graphql*"};
  CHECK(epochs_of(
            {sent("POST", "https://a/graphql?q=1", "01.000", 10), sent("GET", "https://a/", "02.000", 10)},
            rules) == std::vector<int>{0, 0});
}

TEST_CASE("moments are read with any offset and any fraction", "[recording][epochs]") {
  CHECK(moment_of("1970-01-01T00:00:01.500Z") == 1500.0);
  CHECK(moment_of("1970-01-01T01:00:00+01:00") == 0.0);
  CHECK(moment_of("1969-12-31T23:00:00.25-01:00") == 250.0);
  CHECK(moment_of("1970-01-01T00:00:00.000001Z").value() == Approx(0.001));
  CHECK(moment_of("2024-02-29T00:00:00Z") == 1709164800000.0);
}

TEST_CASE("what is no moment is none", "[recording][epochs]") {
  for (const char* text : {"", "yesterday", "2023-02-29T00:00:00Z", "2024-01-01", "2024-01-01T24:00:00Z",
                           "2024-01-01T00:00:00", "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00Zx",
                           "2024-13-01T00:00:00Z", "2024-01-01T00:00:00+1", "-024-01-01T00:00:00Z"})
    CHECK_FALSE(moment_of(text).has_value());
}

TEST_CASE("a moment is written in UTC with milliseconds", "[recording][epochs]") {
  CHECK(moment_text(1709164800123.9) == "2024-02-29T00:00:00.123Z");
  CHECK(moment_text(-1) == "1969-12-31T23:59:59.999Z");
  CHECK(moment_text(1e300) == "9999-12-31T23:59:59.999Z");
}

}  // namespace offstage::recording_epochs_test
