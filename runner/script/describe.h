#pragma once

#include <string>

#include "browser/query.h"
#include "script/script.h"
#include "script/template.h"

namespace offstage::script {

/// What people call an element, from the best of its selectors: `"Log in"`, `the dialog`, or the selector.
std::string label_of(const browser::Selectors& selectors);

/// One line for people about what a step does: `click "Log in"`, `fill "Email address"`. Values are filled in
/// where they are known; what goes into fields is never shown. Printable, at most some 160 bytes.
std::string describe(const Step& step, const Values& values);

/// A condition in words: `"Remove user" cannot be seen any more`.
std::string describe_condition(const Json& condition, const Values& values);

/// Where a step stands, for people: "/steps/3/parameters/then/0" is "step 4, then 1".
std::string place_of(const std::string& path);

}  // namespace offstage::script
