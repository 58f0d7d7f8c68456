import jsonata from 'jsonata';
import { cloneHelper, padHelper } from './bounded-helpers.js';
import { boundSteps, ENGINE_LIMITS, limitMet } from './engine-limits.js';
import { MappingFailed } from './mapping.js';
import { numberHelper, parseIntegerHelper } from './number-helpers.js';
import { functionsCalled } from './functions-called.js';
import { plain } from './plain.js';
import type { Helpers, Node } from './quick/nodes.js';
import { notQuick } from './quick/not-quick.js';
import { quickExpression } from './quick/quick-expression.js';
import { bodiesOf, quickFunctions } from './quick/quick-functions.js';
import { stepsOf } from './quick/steps.js';
import { isObject } from '../model/is-object.js';
import { RegexEngine } from './regex/regex-engine.js';
import { keepDigits, stringHelper } from './string-helper.js';
import { tooMuch } from './too-much.js';
import { withFunctions, type WithFunctions } from './with-functions.js';

const NOT_QUICK = Symbol('not quick');

export interface CompiledExpression {
  /** Plain JSON, or undefined. `bindings` are this call's alone. @throws MappingFailed */
  run(input: unknown, bindings: Record<string, unknown>): Promise<unknown>;
}

/** What an expression is compiled with. */
export interface ExpressionOptions {
  /** Functions of the definition. */
  functions?: Readonly<Record<string, string>>;
  /** It is evaluated on what `item` is bound to, `$$` being the record. */
  onItem?: boolean;
  /** What it gives is not copied: parts of the record in it are the record's. */
  asItIs?: boolean;
}

/** Compiles one expression; `name` is its place in the definition, e.g. `map.visit`. */
export function compileExpression(
  name: string,
  source: string,
  shared: Record<string, unknown>,
  { functions = {}, onItem = false, asItIs = false }: ExpressionOptions = {},
): CompiledExpression {
  const given = (value: unknown): unknown => (asItIs ? value : plain(value));
  const called = functionsCalled([source], functions);
  const whole = withFunctions(name, source, called, onItem);
  // Its types want all of RegExp; it asks for `exec` alone.
  const expression = jsonata(whole.text, { ...ENGINE_LIMITS, RegexEngine: RegexEngine as unknown as RegExpConstructor });
  boundSteps(expression);
  for (const [key, value] of Object.entries(shared)) expression.assign(key, value);
  // With JSONata's own signatures, so that they take what they are called on. What calls them is
  // never quick.
  expression.registerFunction('number', numberHelper, '<(nsb)-:n>');
  expression.registerFunction('parseInteger', parseIntegerHelper, '<s-s:n>');
  expression.registerFunction('string', stringHelper, '<x-b?:s>');
  keepDigits(expression);
  expression.registerFunction('pad', padHelper, '<s-ns?:s>');
  expression.registerFunction('clone', cloneHelper, '<(oa)-:o>');
  const quick = quickOf(source, called, shared, onItem);
  const quickly = (input: unknown, bindings: Helpers): unknown => {
    try {
      return quick && isObject(input) ? given(quick.run(input, bindings)) : NOT_QUICK;
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
        return given(await expression.evaluate(input, bindings));
      } catch (error) {
        throw failure(name, whole, error);
      }
    },
  };
}

/**
 * Compiles one expression that is quick. `run` throws where JSONata would have to judge, where the
 * expression fails, and where it gives more than `most` values. `steps`: how many it takes for each
 * value of a record, at most.
 *
 * @throws notQuick for any other expression
 */
export function compileQuick(
  source: string,
  shared: Record<string, unknown>,
  most: number,
  { functions = {}, onItem = false, asItIs = false }: ExpressionOptions = {},
): CompiledExpression & { steps: number } {
  const quick = quickOf(source, functionsCalled([source], functions), shared, onItem);
  if (!quick) throw notQuick;
  return {
    steps: quick.steps,
    run: (input, bindings) => {
      if (!isObject(input)) return Promise.reject(notQuick);
      const given = quick.run(input, bindings);
      return Promise.resolve(asItIs ? given : plain(given, most));
    },
  };
}

/**
 * Steps from which an expression is JSONata's, which counts time: functions may call one another
 * very often.
 */
const MAX_STEPS = 1_000_000;

/** An expression as a plain function, where it is quick with all functions that it calls. */
function quickOf(
  source: string,
  called: Readonly<Record<string, string>>,
  shared: Helpers,
  onItem: boolean,
): { steps: number; run: (input: object, bindings: Helpers) => unknown } | undefined {
  const ast = jsonata(source).ast() as unknown as Node;
  const quick = quickExpression(ast);
  if (!quick) return undefined;
  const bodies = bodiesOf(called);
  const steps = stepsOf(ast, bodies);
  const bind = quickFunctions(bodies);
  if (!bind || (bodies.size > 0 && steps > MAX_STEPS)) return undefined;
  return {
    steps,
    run: (input, bindings) => quick(onItem ? bindings['item'] : input, bind(input, { ...shared, ...bindings })),
  };
}

/**
 * JSONata's messages quote values: only its code, the place and the words of the expression itself
 * are kept.
 */
function failure(name: string, whole: WithFunctions, error: unknown): MappingFailed {
  if (error instanceof MappingFailed) return new MappingFailed({ ...error.error, expression: name, path: name });
  const { code, position, token, message } = (typeof error === 'object' && error !== null ? error : {}) as {
    code?: string;
    position?: number;
    token?: unknown;
    message?: string;
  };
  const place = position === undefined ? undefined : whole.placeOf(position);
  const where = typeof token === 'string' && (place?.source ?? whole.text).includes(token) ? ` at “${token}”` : '';
  const within = place && place.part !== name ? ` of ${place.part}` : '';
  const limit = limitMet(error);
  if (limit) return tooMuch(limit, name, message);
  return new MappingFailed({
    code: 'MappingFailed',
    message: `The expression ${name} fails on this record (${code ?? 'error'}${place ? `, character ${place.position}${within}` : ''}${where}).`,
    remedy: 'Correct the record in its source, or make the expression deal with it.',
    expression: name,
    path: name,
    ...(message !== undefined ? { detail: message } : {}),
  });
}
