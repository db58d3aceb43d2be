# What the rehearsal floor needs beyond the floors under it.
target_compile_definitions(offstage_rehearsal PRIVATE OFFSTAGE_VERSION="${PROJECT_VERSION}")
# What a page of a console on a bad day runs.
offstage_embed(offstage_rehearsal rehearsal/another_person.js)
