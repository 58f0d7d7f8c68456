import jsonata from 'jsonata';
import { cloneHelper, padHelper } from './bounded-helpers.js';
import { boundSteps, ENGINE_LIMITS, limitMet } from './engine-limits.js';
import { MappingFailed } from './mapping.js';
import { numberHelper, parseIntegerHelper } from './number-helpers.js';
import { plain } from './plain.js';
import type { Node } from './quick/nodes.js';
import { notQuick } from './quick/not-quick.js';
import type { Helpers } from './quick/nodes.js';
import { quickExpression } from './quick/quick-expression.js';
import { stepsOf } from './quick/steps.js';
import { isObject } from '../model/is-object.js';
import { RegexEngine } from './regex/regex-engine.js';
import { tooMuch } from './too-much.js';

const NOT_QUICK = Symbol('not quick');

export interface CompiledExpression {
  /** Plain JSON, or undefined. `bindings` are this call's alone. @throws MappingFailed */
  run(input: unknown, bindings: Record<string, unknown>): Promise<unknown>;
}

/** Compiles one expression; `name` is its place in the definition, e.g. `map.visit`. */
export function compileExpression(name: string, source: string, shared: Record<string, unknown>): CompiledExpression {
  // Its types want all of RegExp; it asks for `exec` alone.
  const expression = jsonata(source, { ...ENGINE_LIMITS, RegexEngine: RegexEngine as unknown as RegExpConstructor });
  boundSteps(expression);
  for (const [key, value] of Object.entries(shared)) expression.assign(key, value);
  // With JSONata's own signatures, so that they take what they are called on. What calls them is never quick.
  expression.registerFunction('number', numberHelper, '<(nsb)-:n>');
  expression.registerFunction('parseInteger', parseIntegerHelper, '<s-s:n>');
  expression.registerFunction('pad', padHelper, '<s-ns?:s>');
  expression.registerFunction('clone', cloneHelper, '<(oa)-:o>');
  const quick = quickExpression(expression.ast() as unknown as Node);
  const quickly = (input: unknown, bindings: Helpers): unknown => {
    try {
      return quick && isObject(input) ? plain(quick(input, { ...shared, ...bindings })) : NOT_QUICK;
    } catch {
      // JSONata says what is wrong, and where.
      return NOT_QUICK;
    }
  };
  return {
    run: async (input, bindings) => {
      const result = quickly(input, bindings);
      if (result !== NOT_QUICK) return result;
      try {
        return plain(await expression.evaluate(input, bindings));
      } catch (error) {
        throw failure(name, source, error);
      }
    },
  };
}

/**
 * Compiles one expression that is quick. `run` throws where JSONata would have to judge, where the expression fails, and where it gives more than `most` values.
 * `steps`: how many it takes for each value of a record, at most.
 *
 * @throws notQuick for any other expression
 */
export function compileQuick(source: string, shared: Record<string, unknown>, most: number): CompiledExpression & { steps: number } {
  const ast = jsonata(source).ast() as unknown as Node;
  const quick = quickExpression(ast);
  if (!quick) throw notQuick;
  return {
    steps: stepsOf(ast),
    run: (input, bindings) =>
      isObject(input) ? Promise.resolve(plain(quick(input, { ...shared, ...bindings }), most)) : Promise.reject(notQuick),
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
  const limit = limitMet(error);
  if (limit) return tooMuch(limit, name, message);
  return new MappingFailed({
    code: 'MappingFailed',
    message: `The expression ${name} fails on this record (${code ?? 'error'}${position !== undefined ? `, character ${position}` : ''}${where}).`,
    remedy: 'Correct the record in its source, or make the expression deal with it.',
    expression: name,
    path: name,
    ...(message !== undefined ? { detail: message } : {}),
  });
}
