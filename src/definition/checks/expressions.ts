import jsonata from 'jsonata';
import { regexProblem } from '../../mapping/regex/regex-engine.js';
import { entityTypesOf, mapOf, type Draft, type DraftEntityType } from '../draft.js';
import type { EntityTypeInput } from '../schema/entity-type.js';
import type { Report } from '../source/report.js';
import { didYouMean, listed } from '../source/suggest.js';
import type { Path } from '../source/path.js';
import { codesNamed } from './codes-named.js';
import { MUST_BE_CALLED, wrongDateCall } from './date-calls.js';
import { partsOf, type Call, type ExpressionParts } from './expression-parts.js';
import { longNumberAt } from './long-numbers.js';

interface Expression {
  text: string;
  at: Path;
  /** Whether it makes a resource, and so may use references. */
  maps: boolean;
}

/** Functions a mapping has beside JSONata's own. */
const helpers = ['code', 'parent', 'ref', 'date', 'dateTime'];

/** What JSONata has that gives something else each time. */
const everChanging = ['now', 'millis', 'random', 'shuffle'];

/** Texts that are expressions only once a record is there: nothing of them could be checked. */
const NOT_CHECKED = 'eval';

/** Every expression compiles, and what it names by a written-out text is there. */
export async function checkExpressions(draft: Draft, report: Report): Promise<void> {
  for (const entityType of entityTypesOf(draft)) {
    if (!entityType.input) continue;
    for (const expression of expressionsOf(entityType.input, entityType.at)) {
      const parts = compiled(expression, report);
      if (!parts) continue;
      for (const regex of parts.regexes) checkRegex(regex, expression, report);
      for (const number of parts.numbers) checkNumber(number, expression, report);
      for (const call of parts.calls)
        if (!parts.bound.has(call.name)) {
          checkHelper(call, expression, entityType, draft, report);
          checkDates(call, expression, report);
        }
      for (const mention of parts.mentions) await checkMention(mention, parts, expression, report);
    }
  }
}

async function checkMention(
  { name, position }: ExpressionParts['mentions'][number],
  { bound, calls }: ExpressionParts,
  expression: Expression,
  report: Report,
): Promise<void> {
  // Also where an expression gives such a name to something of its own: it may do so in one place, and mean JSONata's in another.
  if (everChanging.includes(name)) return reportChanging(name, position, expression, report);
  if (name === NOT_CHECKED) return reportUnchecked(position, expression, report);
  if (bound.has(name) || helpers.includes(name)) return;
  if (!(await isBuiltIn(name))) return reportUnknown(name, position, expression, report);
  if (MUST_BE_CALLED.includes(name) && !calls.some((call) => call.name === name && call.position === position))
    report.add('BadPicture', expression.at, `$${name} must be called where it stands: what it is given is checked there.`, {
      within: position,
    });
}

function checkDates(call: Call, { at }: Expression, report: Report): void {
  const wrong = wrongDateCall(call);
  if (wrong) report.add(wrong.code, at, wrong.message, { within: call.position, allowed: wrong.allowed });
}

function checkNumber(number: ExpressionParts['numbers'][number], { text, at }: Expression, report: Report): void {
  const within = longNumberAt(number, text);
  if (within === undefined) return;
  const message = 'A number has more digits than JSONata keeps: it would be another one.';
  report.add('NumberTooLong', at, message, { within, allowed: 'its digits in quotes, as a text' });
}

function checkRegex({ written, position }: ExpressionParts['regexes'][number], { at }: Expression, report: Report): void {
  const problem = regexProblem(written);
  // JSONata says where it ends.
  const within = Math.max(0, position - String(written).replace(/g$/, '').length);
  if (problem !== undefined)
    report.add('BadExpression', at, `The regular expression is not one of RE2, which cannot hang: ${problem}.`, { within });
}

/** Names of the code tables an entity type uses; `undefined` where an expression works one out, or does not compile. */
export function codesUsed(input: EntityTypeInput): string[] | undefined {
  return codesNamed(expressionsOf(input, []).map(({ text }) => text));
}

/** All expressions of an entity type, and where each stands. */
export function expressionsOf(input: EntityTypeInput, at: Path): Expression[] {
  const found: Expression[] = [];
  const add = (text: string | undefined, path: Path, maps = false): void => {
    if (text !== undefined) found.push({ text, at: path, maps });
  };
  for (const [parent, text] of Object.entries(input.dependsOn ?? {})) add(text, [...at, 'dependsOn', parent]);
  for (const [name, { reference, find }] of Object.entries(input.parents ?? {})) {
    add(reference, [...at, 'parents', name, 'reference']);
    add(find?.value, [...at, 'parents', name, 'find', 'value']);
  }
  add(input.when, [...at, 'when']);
  const { key } = input.to;
  if (key && typeof key['value'] === 'string') add(key['value'], [...at, 'to', 'key', 'value']);
  else for (const [name, each] of Object.entries(key ?? {})) add(each.value, [...at, 'to', 'key', name, 'value']);
  if (typeof input.map === 'string') add(input.map, [...at, 'map'], true);
  else for (const [name, text] of Object.entries(input.map)) add(text, [...at, 'map', name], true);
  return found;
}

function compiled({ text, at }: Expression, report: Report): ReturnType<typeof partsOf> | undefined {
  try {
    return partsOf(jsonata(text).ast());
  } catch (error) {
    const { message, position } = error as { message?: string; position?: number };
    const within = position === undefined ? 0 : Math.max(0, Math.min(position, text.trimEnd().length) - 1);
    report.add('BadExpression', at, `The JSONata expression does not compile: ${(message ?? 'unknown').replace(/\.$/, '')}.`, { within });
    return undefined;
  }
}

function checkHelper(call: Call, expression: Expression, entityType: DraftEntityType, draft: Draft, report: Report): void {
  const [first, second] = call.literals;
  const input = entityType.input;
  const demand = (code: string, name: string | undefined, known: string[], message: string): void => {
    if (name === undefined || known.includes(name)) return;
    report.add(code, expression.at, `${message}${didYouMean(name, known)}`, { within: call.position, allowed: listed(known) });
  };
  if (call.name === 'code' && draft.unknown.codes) return;
  if (call.name === 'code') return demand('UnknownCodeTable', first, [...draft.codes.keys()], `There is no code table "${first}".`);
  if (call.name !== 'ref' && call.name !== 'parent') return;
  if (!expression.maps) {
    report.add('HelperMisplaced', expression.at, `$${call.name} works in "map" only: elsewhere nothing is looked up yet.`, {
      within: call.position,
    });
    return;
  }
  const own = input ? Object.keys(mapOf(input)) : [];
  if (call.name === 'ref') return demand('UnknownResource', first, own, `"map" of ${entityType.name} has no "${first}".`);
  const elsewhere = Object.keys(input?.parents ?? {});
  const parents = [...Object.keys(input?.dependsOn ?? {}), ...elsewhere];
  demand('UnknownParent', first, parents, `"${first}" is not among what ${entityType.name} depends on.`);
  if (first !== undefined && elsewhere.includes(first))
    return demand('UnknownResource', second, [], `The parent ${first} is looked up, and has no resources by name.`);
  const parent = first === undefined ? undefined : draft.processes.get(entityType.process)?.entityTypes.get(first)?.input;
  if (parent) demand('UnknownResource', second, Object.keys(mapOf(parent)), `"map" of ${first} has no "${second}".`);
}

function reportChanging(name: string, position: number, { at }: Expression, report: Report): void {
  const message = `$${name} gives something else each time: the same record would be another one in every pass, and be written again.`;
  report.add('NotRepeatable', at, message, { within: position, allowed: 'what the record itself says, e.g. when it was last changed' });
}

function reportUnchecked(position: number, { at }: Expression, report: Report): void {
  const message =
    '$eval takes a text for an expression: what it would do with a record cannot be checked, nor that it gives the same each time.';
  report.add('NotRepeatable', at, message, { within: position, allowed: 'the expression itself' });
}

function reportUnknown(name: string, position: number, { at }: Expression, report: Report): void {
  const message = `Nothing is called $${name} here.${didYouMean(name, helpers)}`;
  report.add('UnknownFunction', at, message, {
    within: position,
    allowed: `JSONata’s own functions, $${helpers.join(', $')}, and what the expression itself names`,
  });
}

const builtIn = new Map<string, boolean>();
const MAX_REMEMBERED = 10_000;

/** JSONata keeps no list of its functions, but knows each. */
async function isBuiltIn(name: string): Promise<boolean> {
  const known = builtIn.get(name);
  if (known !== undefined) return known;
  const found = (await jsonata(`$${name}`).evaluate(null)) !== undefined;
  if (builtIn.size < MAX_REMEMBERED) builtIn.set(name, found);
  return found;
}
