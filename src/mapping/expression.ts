import { MappingFailed } from './mapping.js';
import { plain } from './plain.js';
import { parseLimited, ranTooLong } from './run-limits.js';

export interface CompiledExpression {
  /** Plain JSON, or undefined. `bindings` are this call's alone. @throws MappingFailed */
  run(input: unknown, bindings: Record<string, unknown>): Promise<unknown>;
}

/** Compiles one expression; `name` is its place in the definition, e.g. `map.visit`. */
export function compileExpression(name: string, source: string, shared: Record<string, unknown>): CompiledExpression {
  const expression = parseLimited(source);
  for (const [key, value] of Object.entries(shared)) expression.assign(key, value);
  return {
    run: async (input, bindings) => {
      try {
        return plain(await expression.evaluate(input, bindings));
      } catch (error) {
        throw failure(name, source, error);
      }
    },
  };
}

/** JSONata's messages quote values: only its code, the place and the words of the expression itself are kept. */
function failure(name: string, source: string, error: unknown): MappingFailed {
  if (error instanceof MappingFailed) return new MappingFailed({ ...error.error, expression: name, path: name });
  const { code, position, token, message } = (typeof error === 'object' && error !== null ? error : {}) as {
    code?: string;
    position?: number;
    token?: unknown;
    message?: string;
  };
  const where = typeof token === 'string' && source.includes(token) ? ` at “${token}”` : '';
  const tooLong = ranTooLong(error);
  return new MappingFailed({
    code: tooLong ? 'MappingTooLong' : 'MappingFailed',
    message: tooLong
      ? `The expression ${name} does not end on this record, or takes far too many steps.`
      : `The expression ${name} fails on this record (${code ?? 'error'}${position !== undefined ? `, character ${position}` : ''}${where}).`,
    remedy: 'Correct the record in its source, or make the expression deal with it.',
    expression: name,
    path: name,
    ...(message !== undefined ? { detail: message } : {}),
  });
}
