import type { z } from 'zod';
import { clean } from './clean.js';
import { whyUndecodable } from './undecodable.js';

/** Why a message is not followed, in words for who sent it. */
export interface Refused {
  refused: string;
}

/**
 * What was sent to a workflow, by its schema; or which part of it is wrong, and what is allowed.
 * Nothing is taken for an empty object, as `temporal workflow signal` sends it. `name`: of the
 * message.
 */
export function parseMessage<T>(name: string, schema: z.ZodType<T> & { shape: object }, payload: unknown): T | Refused {
  const why = whyUndecodable(name, payload);
  if (why !== undefined) return { refused: why };
  const parsed = schema.safeParse(payload ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return { refused: issue ? wordsOf(name, issue, schema) : `${name}: it cannot be read` };
}

function wordsOf(name: string, issue: z.core.$ZodIssue, { shape }: { shape: object }): string {
  const takes = Object.keys(shape);
  if (issue.code === 'unrecognized_keys') return `${name} knows no "${clean(issue.keys[0] ?? '', 40)}": it takes ${inWords(takes)}`;
  if (issue.path.length === 0) return `${name} takes {${takes.map((each) => `"${each}"`).join(', ')}}`;
  return `${name}: "${issue.path.map((part) => clean(String(part), 40)).join('.')}" ${issue.message}`;
}

function inWords(names: string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
