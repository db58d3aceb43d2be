offstage_embed(offstage_offboarding offboarding/report.html offboarding/report.css
  ${PROJECT_SOURCE_DIR}/connectors/schema/plan.json ${PROJECT_SOURCE_DIR}/connectors/schema/policy.json
  ${PROJECT_SOURCE_DIR}/connectors/schema/job.json)
