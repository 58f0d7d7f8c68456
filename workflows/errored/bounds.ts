import type { ClassifiedError } from '../../src/errors/classified-error.js';
import { type RowMessage } from './row.js';
import { MAX_WAITING, type WaitingChild } from '../../src/model/waiting-child.js';

/**
 * The most characters of each text in a message to a row. Temporal ends a workflow whose search
 * attribute has more than 2,048 bytes, or whose memo is too large: its record would be lost from
 * sight. What the engine sends stays well within.
 */
const LONGEST = {
  /** Of error types and entity types, as a definition allows them. */
  name: 60,
  id: 2_000,
  version: 500,
  digest: 200,
  code: 400,
  text: 4_000,
  kept: 1_000,
  link: 4_000,
} as const;

/**
 * Children in one message; what was carried over may be more than a row lists, since some came
 * meanwhile.
 */
const MOST_CHILDREN = { waiting: MAX_WAITING, released: 2 * MAX_WAITING } as const;
const MOST_KEPT = 100;

/** Longest address of a record that a row takes. */
export const LONGEST_LINK = LONGEST.link;
/** Longest id of a child that a row takes. */
export const LONGEST_ID = LONGEST.id;
/** Most children that one message may tell to be carried over. */
export const MOST_RELEASED = MOST_CHILDREN.released;

/**
 * Why a message of the right shape is too large for a row, or has a status that is none; undefined
 * where it is well.
 */
export function whyOutOfBounds(message: RowMessage): string | undefined {
  const wrong = wrongPart(message);
  return wrong === undefined ? undefined : `${message.kind}: ${wrong} is not as the engine sends it`;
}

function wrongPart(message: RowMessage): string | undefined {
  switch (message.kind) {
    case 'failed':
      return (
        stateProblem(message) ??
        (message.digest.length > LONGEST.digest ? 'digest' : undefined) ??
        errorProblem(message.error) ??
        linkProblem(message.link)
      );
    case 'synced':
      return stateProblem(message) ?? childrenProblem('released', message.released);
    case 'gone':
      return childrenProblem('released', message.released);
    case 'waiting':
      return childrenProblem('waiting', message.children);
    default:
      // Cut as they are read.
      return undefined;
  }
}

function stateProblem({ version }: { version: string }): string | undefined {
  return version.length > LONGEST.version ? 'version' : undefined;
}

function linkProblem(link: string | undefined): string | undefined {
  return (link?.length ?? 0) > LONGEST.link ? 'link' : undefined;
}

function errorProblem({
  errorType,
  then,
  code,
  message,
  remedy,
  status,
  path,
  expression,
  kept = {},
}: ClassifiedError): string | undefined {
  const tooLong = (
    [
      ['errorType', errorType, LONGEST.name],
      ['then', then, LONGEST.name],
      ['code', code, LONGEST.code],
      ['message', message, LONGEST.text],
      ['remedy', remedy, LONGEST.text],
      ['path', path, LONGEST.text],
      ['expression', expression, LONGEST.text],
    ] as const
  ).find(([, text, longest]) => (text?.length ?? 0) > longest);
  if (tooLong) return tooLong[0];
  if (status !== undefined && !(Number.isInteger(status) && status >= 0 && status < 1_000)) return 'status';
  const parts = Object.entries(kept);
  return parts.length > MOST_KEPT || parts.flat().some((text) => text.length > LONGEST.kept) ? 'kept' : undefined;
}

function childrenProblem(name: keyof typeof MOST_CHILDREN, children: WaitingChild[] | 'all' | undefined): string | undefined {
  if (children === undefined || children === 'all') return undefined;
  if (children.length > MOST_CHILDREN[name]) return `the number of children (${children.length})`;
  const isLong = ({ entityType, id, version }: WaitingChild): boolean =>
    entityType.length > LONGEST.name || id.length > LONGEST.id || version.length > LONGEST.version;
  return children.some(isLong) ? 'a child' : undefined;
}
