import { MappingFailed } from './mapping.js';

/** A parent's record id from what `dependsOn` gave: nothing, an empty text and null name no parent. @throws MappingFailed */
export function parentId(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw new MappingFailed({
    code: 'ParentIdInvalid',
    message: `${name} gives neither text nor a number.`,
    remedy: 'Make the expression give the id of one record.',
    expression: name,
    path: name,
  });
}
