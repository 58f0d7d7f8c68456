import type { Context, SourceRecord } from '../connectors/connector.js';
import { Batch, type Surroundings } from './batch.js';
import { processOwed } from './children.js';
import type { RecordFailure } from './failures.js';
import type { Outcome } from './outcome.js';
import { collectSteps } from './parents.js';
import type { EntityTypeParts } from './parts.js';
import type { InStep } from './rows.js';
import { processStep } from './step.js';

/**
 * What came of a batch: one outcome per record given, in order, and what came of others for their
 * sake.
 */
export interface Report {
  outcomes: Outcome[];
  /** Parents that were brought over first, and children that followed. */
  brought: number;
  /** Those of others that failed or are held. */
  failures: RecordFailure[];
  /** Those of others that are in step now. */
  inStep: InStep[];
}

/**
 * Takes records through filter, parents, mapping and writing: the one way any record goes. A batch
 * is worked root to leaf: parents that are missing are collected upwards, then every type is mapped
 * and written in order, then children that are owed are worked behind it. Two records of one id
 * must not be given together.
 *
 * @throws SystemFailure, Cancelled; Unbalanced for a defect.
 */
export async function processRecords(records: SourceRecord[], parts: EntityTypeParts, around: Surroundings, c: Context): Promise<Report> {
  const batch = new Batch(around, records, parts);
  const outcomes = await processSteps(records, parts, batch, c);
  await processOwed(batch, processSteps, c);
  const { brought, failures, inStep } = batch;
  return { outcomes, brought, inStep, failures: around.budget?.recordable(failures) ?? failures };
}

async function processSteps(records: SourceRecord[], parts: EntityTypeParts, batch: Batch, c: Context): Promise<Outcome[]> {
  let outcomes: Outcome[] = [];
  for (const step of await collectSteps(records, parts, batch, c)) {
    const results = await processStep(step, batch, c);
    if (step.parts === parts) outcomes = results;
  }
  return outcomes;
}
