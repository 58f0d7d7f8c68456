import type { ConnectorTypes } from '../connectors/registry.js';
import { buildDefinition } from './build-definition.js';
import { claimsOf, type Claim } from './checks/claims.js';
import { checkChildren } from './checks/children.js';
import { checkErrorTypes } from './checks/error-types.js';
import { checkExpressions } from './checks/expressions.js';
import { checkLooksForGone } from './checks/looks-for-gone.js';
import { checkMarks } from './checks/marks.js';
import { checkNames } from './checks/names.js';
import { checkNotBuilt } from './checks/not-built.js';
import { checkOwners } from './checks/owners.js';
import { checkParents } from './checks/parents.js';
import { checkKeyMissing } from './checks/key-missing.js';
import { checkSeveral } from './checks/several.js';
import { checkSince } from './checks/since.js';
import { checkSizes } from './checks/sizes.js';
import { checkSetUpNames, type KnownNames } from './checks/set-up-names.js';
import { checkWrittenParts } from './checks/written.js';
import { checkVariables } from './checks/variables.js';
import type { Definition, Problem } from './definition.js';
import { draftOf, functionsOf } from './draft.js';
import type { Environment } from './parts/environment.js';
import { readCodes } from './read-codes.js';
import { withIncluded } from './read-included.js';
import { readEndpoints } from './read-endpoints.js';
import { readParents } from './read-parents.js';
import { readSystems } from './read-systems.js';
import { definitionSchema } from './schema/definition.js';
import { DefinitionSources } from './source/definition-sources.js';
import { Report } from './source/report.js';
import { parseReported } from './source/schema-problems.js';
import { YamlSource } from './source/yaml-source.js';

export interface ReadDefinition {
  /** Absent where anything is wrong. */
  definition?: Definition;
  /** What it calls itself, also where something is wrong; with the place of that. */
  integration?: { name: string; line: number; column: number };
  /** Whether it uses any `${VARIABLE}`. */
  withVariables: boolean;
  /** Files that it includes, as far as they could be read. */
  included: string[];
  problems: Problem[];
  /** What its entity types read and write: to be compared with those of other files. */
  claims: Claim[];
  /** What may be right as it is. */
  warnings: Problem[];
}

/**
 * Reads one definition file's text and checks all of it, whatever is found on the way. `known`:
 * what an organisation has set up, where its names are to be checked too.
 */
export async function readDefinition(
  file: string,
  text: string,
  types: ConnectorTypes,
  env: Environment,
  known?: KnownNames,
): Promise<ReadDefinition> {
  const source = new YamlSource(text);
  const sources = new DefinitionSources({ file, source });
  const report = new Report(sources);
  const value = source.broken ? undefined : await withIncluded(sources, report);
  const whole = { included: sources.included, withVariables: JSON.stringify(value ?? text).includes('${') };
  if (value === undefined) return { ...whole, problems: report.inOrder(), claims: [], warnings: [] };
  if (!checkSizes(value, report)) return { ...whole, problems: report.inOrder(), claims: [], warnings: [] };
  parseReported(definitionSchema, value, report, { at: [] });
  const draft = draftOf(value);
  const systems = readSystems(draft, types, { integration: draft.integration, env }, report);
  const codes = await readCodes(draft, file, report);
  const endpoints = readEndpoints(draft, systems, report);
  const parents = readParents(draft, endpoints, report);
  checkVariables(value, report);
  checkNotBuilt(value, report);
  checkNames(draft, report);
  checkParents(draft, report);
  checkChildren(draft, endpoints, report);
  checkMarks(draft, endpoints, report);
  checkLooksForGone(draft, endpoints, report);
  const claims = claimsOf(endpoints, functionsOf(draft), sources);
  checkOwners(claims, report);
  checkErrorTypes(draft, report);
  checkSeveral(draft, endpoints, report);
  checkKeyMissing(draft, endpoints, report);
  checkSince(draft, Date.now(), report);
  await checkExpressions(draft, report);
  checkWrittenParts(draft, endpoints, report);
  if (known) await checkSetUpNames(endpoints, { draft, codes, known, report });
  const problems = report.inOrder();
  const integration = { name: draft.integration, ...source.position(['integration']) };
  const warnings = report.warningsInOrder();
  if (problems.length > 0) return { ...whole, integration, problems, claims, warnings };
  const definition = buildDefinition({ file, included: sources.included, value, draft, systems, codes, endpoints, parents });
  return { ...whole, integration, problems, claims, warnings, definition };
}
