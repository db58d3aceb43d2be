#pragma once

#include <utility>

#include <catch2/catch.hpp>

#include "base/error.h"

namespace offstage::test {

/// The error that `act` ends with. A test in which it ends without one has failed.
template <class Act>
Error error_of(Act&& act) {
  try {
    std::forward<Act>(act)();
  } catch (const Error& error) {
    return error;
  }
  FAIL("nothing was thrown");
  throw std::logic_error("FAIL does not return");
}

}  // namespace offstage::test
