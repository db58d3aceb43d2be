// Carries the signed note to the site that asks for the second step.
document.getElementById('handoff').submit();
