# What the recording floor needs beyond the floors under it: reading page snapshots without a browser.
find_library(GUMBO_LIBRARY gumbo REQUIRED)
find_package(LibXml2 REQUIRED)
target_link_libraries(offstage_recording PUBLIC ${GUMBO_LIBRARY} LibXml2::LibXml2)

# What pins clock and random numbers in the pages of a replay.
offstage_embed(offstage_recording recording/pins.js)
