import type { Context, SourceRecord } from '../connectors/connector.js';
import type { ClassifiedError } from '../model/classified-error.js';
import type { RecordError } from '../errors/record-error.js';
import { maskFor } from '../mapping/mask.js';
import type { RecordRef } from '../model/record-key.js';
import type { Result } from '../model/sheet.js';
import { getOwn } from '../model/keyed.js';
import { dryRun, errorOf, type DryRun } from './dry-run.js';
import { listChildren } from './list-children.js';
import { idsOf, maskedWrite } from './masked-write.js';
import type { EntityTypeParts } from './parts.js';
import type { PlannedWrite } from './planned-writes.js';
import type { Gave } from './watched-mapping.js';

/** Children of a type that are named; of more it is told that there are more. */
const MAX_CHILDREN = 20;

/** What became of a record without writing, for a person. Plain JSON. */
export interface Preview {
  entityType: string;
  id: string;
  version?: string;
  voided?: boolean;
  /** The record itself. */
  body?: unknown;
  gave: Gave[];
  outcome: Result | 'absent';
  /** Why it would fail, or wait; with its whole text where values are shown. */
  error?: PreviewError;
  /** The record that it would wait on. */
  on?: RecordRef & { error?: ClassifiedError };
  /** What would be written for it, and before it for others. */
  writes: PlannedWrite[];
  before: PlannedWrite[];
  parents: RecordRef[];
  children: { entityType: string; ids: string[]; more?: true }[];
}

export type PreviewError = ClassifiedError & Pick<RecordError, 'detail' | 'systemCode'>;

export interface PreviewOptions {
  /** Values of the record are given as they are: for the eyes of who asked, never to be kept. */
  showValues: boolean;
}

/**
 * What a record is, what each expression gives for it, what would be written for it, and which
 * records belong before and after it. Nothing is written. @throws SystemFailure, Cancelled
 */
export async function preview(
  given: string | SourceRecord,
  entityType: string,
  types: Record<string, EntityTypeParts>,
  { showValues }: PreviewOptions,
  c: Context,
): Promise<Preview> {
  const parts = getOwn(types, entityType);
  if (!parts) throw new Error(`No entity type ${entityType}`);
  const run = await dryRun(given, entityType, types, c);
  const id = typeof given === 'string' ? given : given.id;
  const { record, writes } = run;
  const parents = parentsOf(run, parts);
  const children = record && typeof given === 'string' ? await childrenOf(id, parts, c) : [];
  const isOwn = (write: PlannedWrite): boolean => write.entityType === entityType && write.id === id;
  const whole: Preview = {
    ...{ entityType, id, gave: run.gave, outcome: run.outcome.result, parents, children, ...whyOf(run, parts, showValues) },
    ...(record ? { version: record.version, voided: record.voided, body: record.body } : {}),
    writes: writes.filter(isOwn),
    before: writes.filter((write) => !isOwn(write)),
  };
  return showValues ? whole : masked(whole, run, parts);
}

/** Why it fails, or what it waits on. */
function whyOf(run: DryRun, { classify }: EntityTypeParts, showValues: boolean): Pick<Preview, 'error' | 'on'> {
  const { outcome, failures } = run;
  const told = (error: RecordError): PreviewError => {
    const { detail, systemCode } = error;
    const whole = { ...(detail === undefined ? {} : { detail }), ...(systemCode === undefined ? {} : { systemCode }) };
    return { ...classify(error), ...(showValues ? whole : {}) };
  };
  const error = errorOf(run) ?? (outcome.result === 'held' && 'error' in outcome ? outcome.error : undefined);
  if (error) return { error: told(error) };
  if (outcome.result !== 'held' || !('on' in outcome)) return {};
  const { on } = outcome;
  const why = failures.find((each) => each.kind === 'errored' && each.entityType === on.entityType && each.id === on.id);
  return { on: { ...on, ...(why?.kind === 'errored' ? { error: why.error } : {}) } };
}

function parentsOf({ gave }: DryRun, { definition }: EntityTypeParts): RecordRef[] {
  return Object.keys(definition.dependsOn).flatMap((name) => {
    const id = gave.find(({ expression }) => expression === `dependsOn.${name}`)?.value;
    return typeof id === 'string' ? [{ entityType: name, id }] : [];
  });
}

async function childrenOf(id: string, parts: EntityTypeParts, c: Context): Promise<Preview['children']> {
  const found: Preview['children'] = [];
  for (const [entityType, child] of Object.entries(parts.children)) {
    const ids: string[] = [];
    for await (const listed of listChildren(parts.definition.name, [id], child, c)) {
      ids.push(...listed.map(({ record }) => record.id));
      if (ids.length > MAX_CHILDREN) break;
    }
    if (ids.length > 0)
      found.push({ entityType, ids: ids.slice(0, MAX_CHILDREN), ...(ids.length > MAX_CHILDREN ? { more: true as const } : {}) });
  }
  return found;
}

/** Without a value of the record: what it is may pass through a history. */
function masked(preview: Preview, { references }: DryRun, parts: EntityTypeParts): Preview {
  const { id, parents, writes, before } = preview;
  const known = [id, parents, references, idsOf([...writes, ...before], parts)];
  const mask = maskFor(parts.definition, known);
  return {
    ...preview,
    ...('body' in preview ? { body: mask(preview.body) } : {}),
    // Whether it is let through shows in what becomes of it, too.
    gave: preview.gave.map((each) => (each.expression === 'when' ? each : { ...each, value: mask(each.value) })),
    writes: writes.map((write) => maskedWrite(write, mask)),
    before: before.map((write) => {
      const own = parts.types.find(({ definition }) => definition.name === write.entityType);
      return maskedWrite(write, maskFor((own ?? parts).definition, known));
    }),
  };
}
