#pragma once

#include <string>
#include <utility>

#include "recording/recording.h"

namespace offstage::test {

/// A recording in which every member holds something, and much of it is awkward.
inline recording::Recording awkward_recording() {
  using namespace recording;
  Recording out;
  out.title = "Remove a member \"quoted\" – ünïcode \u2028";
  out.connector = "example";
  out.origin_note = "practice console";
  out.scripts = {{"sign-in.json", std::string(64, 'a'), "{\"steps\": []}\n", true},
                 {"remove-member.json", std::string(64, 'b'), "", true},
                 {"answer-cookies.json", std::string(64, 'c'), "{}", false}};
  out.arguments = {{"user", "user1@example.test"}, {"z", 1}, {"a", Json::array({1.5, nullptr, true})}};
  out.start_url = "https://console.example.test/";
  out.versions = {{"tool", "0.1.0"}, {"browser", {{"product", "HeadlessChrome/120.0"}}}};
  out.started_at = "2026-01-31T09:30:00.000Z";
  out.time_zone = "Europe/Berlin";
  out.secrets = {{"password", "offstage-secret-password"}, {"password", "offstage-secret-again"}};
  out.codes = {"offstage-code-1", "offstage-code-2"};
  out.placeholders = {{"offstage-cookie-session-1", "cookie", "session", false},
                      {"offstage-secret-password", "secret", "password", false},
                      {"offstage-secret-again", "secret", "password", false},
                      {"offstage-code-1", "code", "", false},
                      {"offstage-code-2", "code", "", false},
                      {"offstage-token-state-1", "token", "state", true}};

  Exchange sign_in;
  sign_in.method = "POST";
  sign_in.url = "https://console.example.test/login?state=offstage-token-state-1&bad=%ff&plus=a+b&empty";
  sign_in.request_headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                             {"Cookie", "a=1; session=offstage-cookie-session-1"},
                             {"x-twice", "one"},
                             {"X-Twice", "two"}};
  sign_in.request_body = "password=offstage-secret-password&again=offstage-secret-again&code=offstage-code-1";
  sign_in.resource_type = "Document";
  sign_in.status = 302;
  sign_in.status_text = "Found";
  sign_in.response_headers = {{"Location", "/members"},
                              {"Set-Cookie", "session=offstage-cookie-session-1; Path=/; HttpOnly; Secure"},
                              {"Set-Cookie", "b=2; Domain=example.test"}};
  sign_in.started_at = "2026-01-31T09:30:01.000Z";
  sign_in.milliseconds = 12.25;
  sign_in.mutation = true;

  Exchange list;
  list.url = "https://console.example.test/members";
  list.resource_type = "Document";
  list.status = 200;
  list.status_text = "OK";
  list.response_headers = {{"Content-Type", "text/html; charset=utf-8"}};
  list.response_body = "<p>one\r\ntwo</p>\n";
  list.started_at = "2026-01-31T09:30:02.000Z";
  list.epoch = 1;
  list.redirected_from = 0;

  Exchange rows;
  rows.url = "https://console.example.test/api/members";
  rows.resource_type = "XHR";
  rows.status = 200;
  rows.response_headers = {{"content-type", "application/vnd.example+json; version=3"}};
  rows.response_body =
      R"([{"email":"user1@example.test","n":1},{"email":"user2@example.test","code":"offstage-code-2"}])";
  rows.started_at = "2026-01-31T09:30:03.000Z";
  rows.epoch = 1;

  Exchange picture;
  picture.url = "https://console.example.test/logo";
  picture.resource_type = "Image";
  picture.status = 200;
  picture.response_headers = {{"Content-Type", "image/png"}};
  picture.response_body = std::string("\x89PNG\r\n\x1a\n\0\xff\xfe", 11);
  picture.started_at = "2026-01-31T09:30:04.000Z";
  picture.epoch = 1;

  Exchange wrong_text = picture;  // says that it is text, and is not
  wrong_text.response_headers = {{"Content-Type", "text/plain"}};
  wrong_text.response_body = "caf\xe9";

  Exchange removal;
  removal.method = "DELETE";
  removal.url = "https://console.example.test/api/members/user1%40example.test";
  removal.request_headers = {{"Content-Type", "application/octet-stream"}};
  removal.request_body = "";  // sent, and empty
  removal.resource_type = "XHR";
  removal.status = 204;
  removal.started_at = "2026-01-31T09:30:05.000Z";
  removal.mutation = true;
  removal.epoch = 1;

  Exchange upload = removal;
  upload.method = "PUT";
  upload.request_body = std::string("\0\1\2\xff", 4);
  upload.epoch = 1;

  Exchange lost;
  lost.url = "https://console.example.test/favicon.ico";
  lost.resource_type = "Other";
  lost.failure = "net::ERR_CONNECTION_REFUSED";
  lost.started_at = "2026-01-31T09:30:06.000Z";
  lost.epoch = 3;
  out.exchanges = {sign_in, list, rows, picture, wrong_text, removal, upload, lost};

  out.websockets = {"wss://live.example.test/socket"};
  out.dialogs = {{"confirm", "Really?\nYes \x1b[31m"}};
  Snapshot target{Snapshot::What::target,
                  "remove-member.json",
                  "/steps/2",
                  list.url,
                  "<p>caf\xe9</p>",
                  {},
                  Json::object(),
                  {}};
  target.within = {{{{"aria/[role=\"row\"]"}, {"tr", "td"}}, {{"td:nth-of-type(2)"}}, "user1@example.test"}};
  target.variables = {{"user", "user1@example.test"}};
  Snapshot extract{
      Snapshot::What::extract, "sign-in.json", "/steps/3", list.url, "<html></html>", {}, Json::object(), {}};
  extract.seen = Json::array({{{"user", "user1@example.test"}, {"role", nullptr}}});
  Snapshot expect{Snapshot::What::expect,
                  "sign-in.json",
                  "/steps/1/parameters/steps/0",
                  list.url,
                  "",
                  {},
                  Json::object(),
                  {}};
  out.snapshots = {expect, extract, target};
  out.ending.kind = "unknown";
  out.ending.message = "the answer was lost";
  out.ending.variables = Json::array(
      {{{"script", "list.json"}, {"set", {{"grants", Json::array({{{"user", "user2@example.test"}}})}}}}});
  out.ending.commits = Json::array({{{"script", "remove-member.json"},
                                     {"step", "/steps/4"},
                                     {"target", "user1@example.test"},
                                     {"outcome", "lost"},
                                     {"method", "DELETE"},
                                     {"url", removal.url},
                                     {"status", 204}}});
  return out;
}

}  // namespace offstage::test
